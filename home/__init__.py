"""Home page, legal outreach, public lists."""
