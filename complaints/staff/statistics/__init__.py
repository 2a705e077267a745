"""The page of figures at the desk: counted within one's units, as page, table to take along and bulletin."""
