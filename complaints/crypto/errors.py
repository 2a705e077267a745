"""What can go wrong here. No message ever carries a key, a passphrase, a receipt or plain text."""


class CryptoError(Exception):
    """Base of everything this package raises on purpose."""


class DecryptionError(CryptoError):
    """The bytes do not open: wrong key, wrong place, or altered."""


class KeyRingError(CryptoError):
    """The `KEY_RING` setting is missing or malformed; nothing may start with it."""


class EnvelopeError(CryptoError):
    """An envelope, a public key or the fields to seal are not what they must be."""


class KeyFileError(CryptoError):
    """A custodian's key file is malformed or asks for absurd resources."""


class WrongPassphrase(KeyFileError):
    """The passphrase does not open the key file, or the file was altered."""


class ReceiptError(CryptoError):
    """The text is no receipt: wrong length, wrong character or wrong checksum."""


class SheetError(CryptoError):
    """The sheets of words do not recover a key: mistyped, too few, or of different sets."""
