"""Tests of the ciphers: published vectors, properties, and hostile bytes; no database."""
