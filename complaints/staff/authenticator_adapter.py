"""How allauth keeps the secrets of authenticator apps: sealed under the key ring."""

from complaints.services import authenticators
from portal.shared.accounts import StaffMFAAdapter


class RingMFAAdapter(StaffMFAAdapter):
    """Seals and opens by the key ring, so that a change of SECRET_KEY locks nobody out."""

    def encrypt(self, text: str) -> str:
        return authenticators.seal(text)

    def decrypt(self, encrypted_text: str) -> str:
        return authenticators.read_secret(encrypted_text)
