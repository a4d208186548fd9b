"""Builds the deployable site from mkdocs.yml and docs/."""

from .build import build, this_month

__all__ = ["build", "this_month"]
