"""The bottom layer: what every app may use. No tables."""
