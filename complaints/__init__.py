"""Tips, from intake to reward."""
