"""Every figure about the handling of tips, counted once for staff and public."""
