"""Public numbers of tips and rewards: the year and six random characters, so that no number counts anything."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number(*, year: int, prefix: str = "AS") -> str:
    """Return a fresh public number such as `AS-2026-7K4MQ2` (30 random bits; the caller retries on a clash)."""
    return f"{prefix}-{year}-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
