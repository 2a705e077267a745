"""The law as pure functions: no ORM, no clock, no settings."""
