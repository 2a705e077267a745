"""Ed25519 signatures: the vectors of RFC 8032, and that nothing else passes."""

import pytest

from complaints.crypto.signature import is_signed, public_key, sign

# RFC 8032 §7.1: private seed, public key, message, signature.
VECTORS = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b",
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00",
    ),
]


@pytest.mark.parametrize(("seed", "public", "message", "signature"), VECTORS)
def test_vectors_of_the_standard(seed: str, public: str, message: str, signature: str) -> None:
    data = bytes.fromhex(message)

    assert public_key(seed=bytes.fromhex(seed)).hex() == public
    assert sign(seed=bytes.fromhex(seed), data=data).hex() == signature
    assert is_signed(public=bytes.fromhex(public), data=data, signature=bytes.fromhex(signature))


@pytest.mark.parametrize("change", ["data", "signature", "key", "short key", "short signature"])
def test_anything_else_is_no_signature(change: str) -> None:
    seed, data = b"\1" * 32, b"the end of the log"
    public, signature = public_key(seed=seed), sign(seed=seed, data=data)
    values = {"public": public, "data": data, "signature": signature}
    values |= {
        "data": {"data": data + b"."},
        "signature": {"signature": bytes([signature[0] ^ 1]) + signature[1:]},
        "key": {"public": public_key(seed=b"\2" * 32)},
        "short key": {"public": public[:-1]},
        "short signature": {"signature": b""},
    }[change]

    assert not is_signed(**values)


@pytest.mark.parametrize("length", [0, 31, 33])
def test_a_private_key_has_32_bytes(length: int) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        sign(seed=b"\1" * length, data=b"")
