"""Every write: atomic, checked, logged, announced after commit."""
