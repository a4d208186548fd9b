"""The canary: asks for a link like a customer, once an hour."""
