"""Tests of the scripts that start, prepare and serve the portal."""
