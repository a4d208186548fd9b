"""The deploy program."""
