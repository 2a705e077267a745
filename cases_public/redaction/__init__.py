"""What a page says, cut into parts, and what in them must not be published."""
