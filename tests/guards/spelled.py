"""Every common spelling of a text or a key in bytes, and whether one lies in what a machine holds."""

import base64
import html
import json
import quopri
import urllib.parse
from collections.abc import Iterable, Iterator, Mapping

# Shorter spellings would be found by chance.
LEAST_BYTES = 6
_BASE64 = (base64.b64encode, base64.urlsafe_b64encode)
# Lines of mail and of PEM, fingerprints with colons, numbers in groups: gone before the second look.
_BETWEEN = b" \t\r\n:"
_BETWEEN_DIGITS = _BETWEEN + b"-.,"


class Search:
    """Looks for many secrets at once: one pass over the bytes, however many spellings there are."""

    def __init__(self, *, texts: Iterable[str] = (), keys: Mapping[str, bytes] | None = None) -> None:
        """Take texts, found under themselves, and keys, found under their names."""
        self.named: dict[bytes, dict[bytes, str]] = {}
        for text in texts:
            self._add(text, forms(text))
        for name, key in (keys or {}).items():
            self._add(name, key_forms(key))

    def _add(self, name: str, spellings: Iterable[bytes]) -> None:
        for form in spellings:
            self.named.setdefault(form[:LEAST_BYTES], {})[form] = name

    def found_in(self, content: bytes) -> set[str]:
        """Return the names of what lies in these bytes, in any spelling."""
        return {name for look in _looks(content) for name in self._hits(look)}

    def _hits(self, look: bytes) -> Iterator[str]:
        named, size = self.named, LEAST_BYTES
        for start in range(len(look) - size + 1):
            if (head := look[start : start + size]) in named:
                yield from (name for form, name in named[head].items() if look.startswith(form, start))


def _looks(content: bytes) -> set[bytes]:
    """Return the bytes as they are, and with what stands between lines, pairs and groups left out."""
    joined = content.replace(b"=\r\n", b"").replace(b"=\n", b"")
    return {content, joined, content.translate(None, _BETWEEN), content.translate(None, _BETWEEN_DIGITS)}


def forms(secret: str) -> set[bytes]:
    """Return a text in the four character sets it may have been written in, plain, escaped and encoded."""
    raw = {secret.encode(code) for code in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")}
    found = {form for one in raw for form in _encoded(one)} | {_soft(one) for one in raw}
    found |= {urllib.parse.quote_from_bytes(one).encode() for one in raw}
    found |= {urllib.parse.quote_from_bytes(one).lower().encode() for one in raw}
    found |= {one.encode() for one in _escaped(secret)}
    found |= _as_number(secret)
    return {one for one in found if len(one) >= LEAST_BYTES}


def key_forms(key: bytes) -> set[bytes]:
    """Return a key as bytes in either order, as digits, as a list of numbers and encoded."""
    found = _encoded(key) | _encoded(key[::-1])
    for between in (",", ", ", " "):
        found.add(between.join(str(byte) for byte in key).encode())
    for order in (key, key[::-1]):
        found.add(str(int.from_bytes(order, "big")).encode())
        found.add("".join(f"\\x{byte:02x}" for byte in order).encode())
    return {one for one in found if len(one) >= LEAST_BYTES}


def _encoded(one: bytes) -> set[bytes]:
    """Return bytes, their hexadecimal digits, base64 in each of its three and base32 in each of its five places."""
    found = {one, one.hex().encode(), one.hex().upper().encode()}
    found |= {encode(bytes(shift) + one)[4 if shift else 0 : -4] for shift in range(3) for encode in _BASE64}
    found |= {base64.b32encode(bytes(shift) + one)[8 if shift else 0 : -8] for shift in range(5)}
    return found | {_base64_whole(one, encode) for encode in _BASE64}


def _base64_whole(one: bytes, encode) -> bytes:  # type: ignore[no-untyped-def]  # one of the two above
    """Return base64 of it alone, without padding: the last characters too, where nothing comes after it."""
    return bytes(encode(one)).rstrip(b"=")


def _soft(one: bytes) -> bytes:
    return quopri.encodestring(one).replace(b"=\n", b"")


def _escaped(secret: str) -> set[str]:
    """Return a text as JSON, Python and HTML spell what is no ASCII."""
    points = [ord(sign) for sign in secret]
    found = {json.dumps(secret)[1:-1], ascii(secret)[1:-1], html.escape(secret)}
    found |= {"".join(f"\\u{point:04X}" for point in points)}
    found |= {"".join(f"&#{point};" for point in points), "".join(f"&#x{point:x};" for point in points)}
    return found | {"".join(f"&#x{point:X};" for point in points)}


def _as_number(secret: str) -> set[bytes]:
    """Return a number as a database keeps an integer: six or eight bytes, either end first."""
    if not secret.isdecimal() or secret.startswith("0"):
        return set()
    number = int(secret)
    sizes = [size for size in (6, 8) if number < 256**size]
    return {number.to_bytes(size, order) for size in sizes for order in ("big", "little")}  # type: ignore[arg-type]
