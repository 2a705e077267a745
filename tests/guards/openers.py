"""What opens a sealed name or photo: all the keys on the way from the vault's seed to the clear text, and trying bytes.

Which 32 bytes open an envelope? It is HPKE (X-Wing, HKDF-SHA-256, AES-256-GCM), so the way is

    seed → 96 bytes: ML-KEM seed (d, z), X25519 scalar → shared secret → content key → clear text,

and for a photo one key more, that of its file. `way_of` and `file_key_of` compute every station. Other bytes that open
would be a second preimage of SHAKE-256, a second scalar or secret for a ciphertext, or a second key for an AES-GCM tag:
2^-100 and less. So looking for these very bytes, in every spelling, is the same as trying every window of everything as
each of these keys; no window has to be left out, and nothing has to be sampled.

`seeds_in` does try every window, without knowing the seed: it would find a seed that we did not plant. Of the public
key it compares the 32 bytes rho, which FIPS 203 (algorithm 13) computes as SHA3-512(d ‖ 3)[:32]: two hashes instead of
a lattice and a curve, and equal for the right seed alone.
"""

import hashlib
import hmac
import re
from base64 import urlsafe_b64decode

from cryptography.hazmat.primitives.asymmetric.mlkem import MLKEM768PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from complaints.crypto import envelope as cipher

SEED_BYTES = 32
_MLKEM_CIPHERTEXT, _MLKEM_PUBLIC, _ENC = 1088, 1184, 1120
_RHO = slice(_MLKEM_PUBLIC - 32, _MLKEM_PUBLIC)
_XWING_LABEL = b"\\.//^\\"
# KEM X-Wing, KDF HKDF-SHA-256, AEAD AES-256-GCM (IANA, HPKE).
_SUITE = b"HPKE" + b"\x64\x7a" + b"\x00\x01" + b"\x00\x02"
_BASE64_TOKEN = re.compile(rb"[A-Za-z0-9+/_-]{43,}")
_RUN = re.compile(rb"(.)\1{32,}", re.DOTALL)
_HEX_TOKEN = re.compile(rb"[0-9A-Fa-f]{64,}")


def keys_of(seed: bytes) -> dict[str, bytes]:
    """Return what the seed becomes, and its halves, of which no part may lie about either."""
    expanded = hashlib.shake_256(seed).digest(96)
    return {
        "seed": seed,
        "first half of the seed": seed[:16],
        "second half of the seed": seed[16:],
        "ML-KEM seed d": expanded[:32],
        "ML-KEM seed z": expanded[32:64],
        "X25519 key": expanded[64:],
    }


def way_of(*, seed: bytes, sealed: bytes, info: bytes) -> dict[str, bytes]:
    """Return shared secret and content key of one envelope; the content key is proven by opening with it."""
    secret = _shared_secret(seed, sealed[:_ENC])
    key, nonce = _schedule(secret, info)
    AESGCM(key).decrypt(nonce, sealed[_ENC:], b"")
    return {"shared secret": secret, "content key": key}


def file_key_of(*, seed: bytes, wrapped: bytes, info: bytes) -> bytes:
    """Return the key of one sealed file."""
    return cipher.open_sealed(seed=seed, sealed=wrapped, info=info)


def _shared_secret(seed: bytes, enc: bytes) -> bytes:
    """Return what X-Wing decapsulates (draft-connolly-cfrg-xwing-kem, 5.4)."""
    expanded = hashlib.shake_256(seed).digest(96)
    lattice, curve = (
        MLKEM768PrivateKey.from_seed_bytes(expanded[:64]),
        X25519PrivateKey.from_private_bytes(expanded[64:]),
    )
    other = enc[_MLKEM_CIPHERTEXT:]
    halves = lattice.decapsulate(enc[:_MLKEM_CIPHERTEXT]) + curve.exchange(
        X25519PublicKey.from_public_bytes(other)
    )
    return hashlib.sha3_256(halves + other + curve.public_key().public_bytes_raw() + _XWING_LABEL).digest()


def _schedule(secret: bytes, info: bytes) -> tuple[bytes, bytes]:
    """Return key and nonce of the first message (RFC 9180, 5.1, base mode)."""
    context = b"\x00" + _extract(b"", b"psk_id_hash", b"") + _extract(b"", b"info_hash", info)
    prk = _extract(secret, b"secret", b"")
    return _expand(prk, b"key", context, 32), _expand(prk, b"base_nonce", context, 12)


def _extract(salt: bytes, label: bytes, material: bytes) -> bytes:
    return hmac.digest(salt or bytes(32), b"HPKE-v1" + _SUITE + label + material, "sha256")


def _expand(prk: bytes, label: bytes, context: bytes, length: int) -> bytes:
    """Return up to 32 bytes."""
    return hmac.digest(
        prk, length.to_bytes(2, "big") + b"HPKE-v1" + _SUITE + label + context + b"\x01", "sha256"
    )[:length]


def seeds_in(content: bytes, *, public_key: bytes) -> set[bytes]:
    """Return every window of 32 bytes, of the bytes and of what their long tokens decode to, that is the key's seed."""
    rho, found = public_key[_RHO], set()
    shake, sha3 = hashlib.shake_256, hashlib.sha3_512
    for piece in map(_shortened, (content, *_decoded(content))):
        for start in range(len(piece) - SEED_BYTES + 1):
            window = piece[start : start + SEED_BYTES]
            if sha3(shake(window).digest(32) + b"\x03").digest()[:32] == rho:
                found.add(window)
    return found


def _shortened(piece: bytes) -> bytes:
    """Return the bytes with long runs of one byte cut to 32: the windows stay the same."""
    return _RUN.sub(lambda run: run[0][:SEED_BYTES], piece)


def _decoded(content: bytes) -> list[bytes]:
    """Return what base64 and hexadecimal tokens hold, from each place a byte may begin at."""
    pieces = []
    for token in _BASE64_TOKEN.findall(content):
        even = token.translate(bytes.maketrans(b"+/", b"-_"))
        pieces += [
            urlsafe_b64decode(one + b"A" * (-len(one) % 4)) for one in (even[shift:] for shift in range(4))
        ]
    for token in _HEX_TOKEN.findall(content):
        pieces += [bytes.fromhex(one[: len(one) // 2 * 2].decode()) for one in (token, token[1:])]
    return pieces
