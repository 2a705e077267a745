"""Every read a face uses, scoped by policy."""
