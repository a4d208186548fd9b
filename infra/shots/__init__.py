"""Takes the article's pictures from the running product, with a facts file beside each one."""
