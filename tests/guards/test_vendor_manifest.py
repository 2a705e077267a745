"""The committed bundles are the ones that were built: hashes, sources, licences, sizes; needs no Node."""

import gzip
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENDOR = ROOT / "static" / "vendor"
MANIFEST: dict[str, Any] = json.loads((VENDOR / "manifest.json").read_text())
LOCK: dict[str, Any] = json.loads((ROOT / "package-lock.json").read_text())
BUNDLES = pytest.mark.parametrize("name", MANIFEST["bundles"])
GZIP_BUDGET_BYTES = {"seal.min.js": 19_000, "custody.min.js": 35_000, "altcha-solver.min.js": 1_500}


def sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


@BUNDLES
def test_bundle_is_the_one_that_was_built(name: str) -> None:
    entry = MANIFEST["bundles"][name]

    assert sha256(VENDOR / name) == entry["sha256"]
    assert (VENDOR / name).stat().st_size == entry["bytes"]


@pytest.mark.parametrize("path", MANIFEST["sources"])
def test_nothing_changed_since_the_build(path: str) -> None:
    assert sha256(ROOT / path) == MANIFEST["sources"][path], "run: make frontend"


def test_every_source_of_a_bundle_is_hashed() -> None:
    sources = {str(path.relative_to(ROOT)) for path in (ROOT / "frontend").rglob("*.js")}

    assert sources <= set(MANIFEST["sources"])


def test_nothing_lies_in_the_folder_unlisted() -> None:
    licences = {entry["licence"]["file"] for entry in MANIFEST["bundles"].values() if "licence" in entry}
    listed = {"manifest.json", *MANIFEST["bundles"], *licences}

    assert {path.name for path in VENDOR.iterdir()} == listed


@BUNDLES
def test_third_party_code_has_its_licence_beside_it(name: str) -> None:
    entry = MANIFEST["bundles"][name]
    if not entry["packages"]:
        assert "licence" not in entry
        return

    text = (VENDOR / entry["licence"]["file"]).read_text()

    assert sha256(VENDOR / entry["licence"]["file"]) == entry["licence"]["sha256"]
    assert text.count("Permission is hereby granted") == len(entry["packages"])
    assert all(f"{package} {version}" in text for package, version in entry["packages"].items())


def test_the_code_that_packages_carry_on_is_credited() -> None:
    text = (VENDOR / "seal.min.js.LICENSE.txt").read_text()

    assert all(name in text for name in ("noble-curves", "noble-hashes", "crystals-kyber-javascript"))


@BUNDLES
def test_bundled_versions_are_the_locked_ones(name: str) -> None:
    for package, version in MANIFEST["bundles"][name]["packages"].items():
        assert LOCK["packages"][f"node_modules/{package}"]["version"] == version


@BUNDLES
def test_bundle_names_its_versions_in_the_first_line(name: str) -> None:
    with (VENDOR / name).open() as bundle:
        first_line = bundle.readline()

    packages = MANIFEST["bundles"][name]["packages"]
    assert all(f"{package} {version}" in first_line for package, version in packages.items())


@BUNDLES
def test_bundle_stays_small(name: str) -> None:
    assert len(gzip.compress((VENDOR / name).read_bytes(), 9, mtime=0)) <= GZIP_BUDGET_BYTES[name]


@BUNDLES
def test_bundle_runs_under_a_strict_policy_and_asks_nobody(name: str) -> None:
    code = (VENDOR / name).read_text()

    assert not re.search(
        r"\beval\(|new Function|WebAssembly|https?://|sourceMappingURL|XMLHttpRequest|fetch\(", code
    )


def test_lock_file_has_hashes_and_no_addresses() -> None:
    packages = {path: entry for path, entry in LOCK["packages"].items() if path}

    assert all("integrity" in entry for entry in packages.values())
    assert "resolved" not in (ROOT / "package-lock.json").read_text()
    assert "://" not in (ROOT / ".npmrc").read_text()


def test_direct_dependencies_are_pinned() -> None:
    package = json.loads((ROOT / "package.json").read_text())

    versions = [*package["dependencies"].values(), *package["devDependencies"].values()]
    assert all(re.fullmatch(r"\d+\.\d+\.\d+", version) for version in versions)
