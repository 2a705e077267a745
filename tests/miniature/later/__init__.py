"""What the next version brings: a table and an index, for the rolling upgrade."""
