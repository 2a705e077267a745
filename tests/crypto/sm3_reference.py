"""SM3 written out from GB/T 32905-2016, slow and simple: a second opinion beside OpenSSL's."""

_START = (0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E)
_BLOCK_BYTES = 64
_MASK = 0xFFFFFFFF


def sm3(data: bytes) -> bytes:
    """Return the 32-byte hash."""
    padding = b"\x80" + bytes((55 - len(data)) % _BLOCK_BYTES) + (8 * len(data)).to_bytes(8, "big")
    message, state = data + padding, _START
    for start in range(0, len(message), _BLOCK_BYTES):
        state = _compressed(state, message[start : start + _BLOCK_BYTES])
    return b"".join(word.to_bytes(4, "big") for word in state)


def hmac_sm3(*, key: bytes, data: bytes) -> bytes:
    """Return HMAC (RFC 2104) with SM3."""
    block = (sm3(key) if len(key) > _BLOCK_BYTES else key).ljust(_BLOCK_BYTES, b"\0")
    inner = sm3(bytes(byte ^ 0x36 for byte in block) + data)
    return sm3(bytes(byte ^ 0x5C for byte in block) + inner)


def _compressed(state: tuple[int, ...], block: bytes) -> tuple[int, ...]:
    words, (a, b, c, d, e, f, g, h) = _expanded(block), state
    for j in range(64):
        constant = 0x79CC4519 if j < 16 else 0x7A879D8A
        ss1 = _rotated((_rotated(a, 12) + e + _rotated(constant, j)) & _MASK, 7)
        tt1 = (_majority(a, b, c, j) + d + (ss1 ^ _rotated(a, 12)) + (words[j] ^ words[j + 4])) & _MASK
        tt2 = (_choice(e, f, g, j) + h + ss1 + words[j]) & _MASK
        a, b, c, d = tt1, a, _rotated(b, 9), c
        e, f, g, h = _mixed(tt2, 9, 17), e, _rotated(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))


def _expanded(block: bytes) -> list[int]:
    words = [int.from_bytes(block[start : start + 4], "big") for start in range(0, _BLOCK_BYTES, 4)]
    for j in range(16, 68):
        mixed = _mixed(words[j - 16] ^ words[j - 9] ^ _rotated(words[j - 3], 15), 15, 23)
        words.append(mixed ^ _rotated(words[j - 13], 7) ^ words[j - 6])
    return words


def _majority(x: int, y: int, z: int, j: int) -> int:
    return x ^ y ^ z if j < 16 else (x & y) | (x & z) | (y & z)


def _choice(x: int, y: int, z: int, j: int) -> int:
    return x ^ y ^ z if j < 16 else (x & y) | (~x & _MASK & z)


def _mixed(word: int, first: int, second: int) -> int:
    return word ^ _rotated(word, first) ^ _rotated(word, second)


def _rotated(word: int, bits: int) -> int:
    bits %= 32
    return ((word << bits) | (word >> (32 - bits))) & _MASK if bits else word
