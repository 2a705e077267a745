"""Prints the scores of Lighthouse reports and ends with 1 when one of them lies below what the portal promises."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

LEAST = 95


def main(paths: Sequence[str]) -> int:
    """Print a line for each report, with what costs points below it; return the exit code."""
    reports = [json.loads(Path(path).read_text(encoding="utf-8")) for path in paths]
    for report in reports:
        found = "  ".join(f"{name} {score}" for name, score in scores(report).items())
        print(f"{report['finalDisplayedUrl']}\n  {found}")
    broken = [line for report in reports for line in faults(report)]
    print("\n".join(f"✗ {line}" for line in broken) or f"✓ all scores at least {LEAST}")
    return 1 if broken else 0


def scores(report: Mapping[str, Any]) -> dict[str, int]:
    """Return the scores of a report from 0 to 100; what could not be measured counts as 0."""
    return {name: round((part["score"] or 0) * 100) for name, part in report["categories"].items()}


def faults(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield the scores that are too low, and what Lighthouse says about them."""
    for name, score in scores(report).items():
        if score < LEAST:
            yield f"{report['finalDisplayedUrl']}: {name} {score}, at least {LEAST}"
            for part in report["categories"][name]["auditRefs"]:
                audit = report["audits"][part["id"]]
                if audit["score"] is not None and audit["score"] < 1:
                    yield f"    {audit['title']}"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
