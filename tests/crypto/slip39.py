"""The official vectors of SLIP-39: name, sheets, secret in hex or empty when they must be refused, and more."""

import json
from pathlib import Path
from typing import Any

# From the specification, as the npm package slip39 0.1.9 (MIT) carries them; the passphrase is TREZOR.
VECTORS: list[list[Any]] = json.loads(Path(__file__).with_name("slip39_vectors.json").read_text())
