"""Sealing, encryption at rest and receipt codes: bytes in, bytes out, no Django."""
