"""Everything that runs the product but is not in it."""
