"""What is printed of Lighthouse reports, and when a score is too low."""

import json
from pathlib import Path
from typing import Any

import pytest

from scripts.lighthouse_scores import main


def report(folder: Path, *, seo: float | None) -> str:
    """Write a report with these scores and return its path."""
    found: dict[str, Any] = {
        "finalDisplayedUrl": "http://127.0.0.1:8000/cases/",
        "categories": {
            "performance": {"score": 0.99, "auditRefs": []},
            "seo": {"score": seo, "auditRefs": [{"id": "title"}, {"id": "lang"}, {"id": "none"}]},
        },
        "audits": {
            "title": {"score": 0, "title": "Document has no title"},
            "lang": {"score": 1, "title": "Has a language"},
            "none": {"score": None, "title": "Not applicable"},
        },
    }
    path = folder / f"{seo}.json"
    path.write_text(json.dumps(found), encoding="utf-8")
    return str(path)


def test_scores_are_printed_with_their_page(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = main([report(tmp_path, seo=0.95)])

    printed = capsys.readouterr().out
    assert code == 0
    assert "http://127.0.0.1:8000/cases/\n  performance 99  seo 95" in printed
    assert "Document has no title" not in printed


@pytest.mark.parametrize(("seo", "shown"), [(0.94, "seo 94"), (0.0, "seo 0"), (None, "seo 0")])
def test_a_low_or_missing_score_is_a_fault_with_its_reasons(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], seo: float | None, shown: str
) -> None:
    code = main([report(tmp_path, seo=0.95), report(tmp_path, seo=seo)])

    printed = capsys.readouterr().out
    assert code == 1
    assert f"✗ http://127.0.0.1:8000/cases/: {shown}, at least 95" in printed
    assert "Document has no title" in printed
    assert "Has a language" not in printed
    assert "Not applicable" not in printed
