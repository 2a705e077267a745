"""Bulletins of closed periods: what they say, what they show, and whether each number is one of the public figures."""
