"""Commands of the typical cases."""
