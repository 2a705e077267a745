"""Tests of the duty to report cases."""
