"""Tests of figures and closed periods."""
