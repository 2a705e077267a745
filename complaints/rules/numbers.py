"""Public numbers of tips: the year and six random characters, so that no number counts anything."""

import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_number(*, year: int) -> str:
    """Return a fresh public number such as `AS-2026-7K4MQ2` (30 random bits; the caller retries on a clash)."""
    return f"AS-{year}-" + "".join(secrets.choice(ALPHABET) for _ in range(6))
