"""Hashed names reach into our modules, and nowhere else."""

import re
import shutil
from pathlib import Path

import pytest

from portal.shared.staticfiles import ModuleStorage
from tests.guards.sources import ROOT

IMPORTED = re.compile(r"""(?:from|import)\s*\(?["'](\.[^"']+)["']""")


@pytest.fixture
def collected(tmp_path: Path) -> Path:
    """Return a folder with our static files as production serves them."""
    for name in ("js", "vendor"):
        shutil.copytree(ROOT / "static" / name, tmp_path / name)
    storage = ModuleStorage(location=str(tmp_path), base_url="/static/")
    names = [str(path.relative_to(tmp_path)) for path in tmp_path.rglob("*") if path.is_file()]
    for _name, _hashed, fault in storage.post_process({name: (storage, name) for name in names}):
        assert not isinstance(fault, Exception)
    return tmp_path


def test_imports_lead_to_hashed_files(collected: Path) -> None:
    modules = [path for path in collected.glob("js/*.js") if re.search(r"\.[0-9a-f]{12}\.js$", path.name)]

    imports = {
        (module, name) for module in modules for name in IMPORTED.findall(module.read_text(encoding="utf-8"))
    }

    assert len(imports) > 10
    assert [name for module, name in imports if not (module.parent / name).resolve().is_file()] == []
    assert [name for _module, name in imports if not re.search(r"\.[0-9a-f]{12}\.js$", name)] == []


def test_other_peoples_bundles_stay_byte_for_byte(collected: Path) -> None:
    for original in (ROOT / "static" / "vendor").glob("*.min.js"):
        (hashed,) = collected.glob(f"vendor/{original.stem}.*.js")

        assert hashed.read_bytes() == original.read_bytes()
