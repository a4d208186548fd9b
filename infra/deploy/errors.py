"""What stops a deploy, in words for the person who runs it."""


class DeployError(Exception):
    """The deploy stopped; the text says why and what to do."""
