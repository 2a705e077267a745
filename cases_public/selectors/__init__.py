"""Every read of the list of cases: filters, counts, search, related cases."""
