"""The anonymous web, through Django's client."""
