"""Tests of the tips: services, selectors, policies, faces."""
