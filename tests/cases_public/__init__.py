"""Tests of the typical cases."""
