"""A city in miniature: every part of a production on this machine, each killed once while tips arrive."""
