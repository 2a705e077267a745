"""Settings: base and security hold everything, dev, test and production only what differs."""
