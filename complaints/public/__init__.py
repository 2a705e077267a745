"""Anonymous web: the form, the receipt, the progress page."""
