"""Builds the deployable site from mkdocs.yml and docs/."""

from .build import build

__all__ = ["build"]
