"""Checks a text before it is published: names, numbers and places that lead to a person or an enterprise."""

from .checker import Finding, findings, replaced

__all__ = ["Finding", "findings", "replaced"]
