"""Looks at database and store of a city after faults, in a process of its own: what there is, and whether whole."""

import json
import sys

import django


def main() -> None:
    """Print what was found as JSON."""
    django.setup()
    from complaints.models import Tip
    from complaints.services.audit_check import first_fault
    from complaints.services.evidence_sweep import sweep_orphans
    from tests.journeys.crash_report import broken

    tips = list(Tip.objects.all())
    found = {
        "tips": {tip.idempotency_key: tip.number for tip in tips},
        "receipts": sum(tip.receipts.count() for tip in tips),
        "broken": {tip.number: faults for tip in tips if (faults := broken(tip))},
        "audit": first_fault(),
        "swept": [sweep_orphans(), sweep_orphans()],
    }
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
