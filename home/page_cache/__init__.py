"""Whole public pages kept in memory until what they show changes (docs/adr/0038)."""
