"""Typical cases: pages, the list with its filters and search, feeds, and the way into and out of the public eye."""
