"""Every registered address for every role, against the written matrix."""
