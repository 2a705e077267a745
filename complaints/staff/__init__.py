"""The officers' desk inside the Wagtail back office."""
