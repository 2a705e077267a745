"""Tests of the project package and its shared layer."""
