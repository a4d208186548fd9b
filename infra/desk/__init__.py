"""The service desk's command line."""
