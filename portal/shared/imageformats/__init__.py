"""What a picture file says about itself, read within bounds before any decoder sees it."""
