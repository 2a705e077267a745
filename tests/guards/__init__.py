"""Scanners over the repository itself; each carries a planted violation that it must find."""
