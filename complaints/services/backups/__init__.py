"""Backups: made while the portal runs, sealed to the vault, put back only where nothing is."""
