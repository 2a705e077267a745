"""The few writes of the shared layer: what sign-in must remember."""
