"""Writes of the public pages."""
