"""Every change of entries, and what the calendar asks for."""
