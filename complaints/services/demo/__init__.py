"""Demo data: an invented city office with people, tips and pictures. Refused next to a real vault."""
