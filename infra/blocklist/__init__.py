"""Builds and judges the list behind the password policy; nothing here is deployed."""
