"""Tests of what `make bench` measures with."""
