"""A file of fifty thousand enterprises, a hundred of them wrong: checked, refused, stored."""

import csv
import io
import json
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from benchmarks import server

ROWS, WRONG = 50_000, 100
MOST_SECONDS = 60.0


def measure(*, folder: Path) -> dict[str, float]:
    """Run the import in a process and a database of its own and return what it counted and took."""
    here = folder / "register"
    here.mkdir()
    server.prepare(data_dir=here)
    found: dict[str, float] = json.loads(server.run_module("benchmarks.register", data_dir=here))
    return found


def report(found: Mapping[str, float]) -> list[str]:
    """Print the table of the import and return what is not kept, in words."""
    print(f"\nregister: {ROWS:,} rows, {WRONG} wrong")
    print(f"{'dry run s':>12}{'store s':>10}{'together':>10}{'faults':>8}{'stored':>9}{'peak MiB':>10}")
    print(
        f"{found['check']:12.1f}{found['store']:10.1f}{found['check'] + found['store']:10.1f}"
        f"{found['faults']:8.0f}{found['stored']:9.0f}{found['peak']:10.0f}"
    )
    return faults(found)


def faults(found: Mapping[str, float]) -> list[str]:
    """Return the budgets that are not kept: a minute, every wrong row named, nothing in the dry run, exact counts."""
    wrong, seconds = [], found["check"] + found["store"]
    # Asked this way round, what is no number at all is not within a minute either.
    if not 0 <= seconds <= MOST_SECONDS:
        wrong.append(f"register: {seconds:.1f} s, at most {MOST_SECONDS:.0f}")
    for name, wanted in (("faults", WRONG), ("dry", 0), ("refused", 1), ("stored", ROWS - WRONG)):
        if found[name] != wanted:
            wrong.append(f"register: {name} is {found[name]:.0f}, not {wanted}")
    return wrong


def big_file() -> bytes:
    """Return the file: every 500th row has a wrong check digit."""
    from stdnum.cn import uscc

    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(["名称", "统一社会信用代码", "行业", "区县", "镇街", "地址", "风险等级"])
    for number in range(ROWS):
        body = f"91610112MA{number:07d}"
        digit = uscc.calc_check_digit(body)
        if number % (ROWS // WRONG) == 0:
            digit = "0" if digit != "0" else "1"
        name = f"西安第{number}机械制造有限公司"
        writer.writerow([name, body + digit, "机械", "未央区", "", f"工业路{number}号", "一般"])
    return text.getvalue().encode("utf-8-sig")


def main() -> None:
    """Measure here and print the figures as JSON."""
    import resource

    import django

    django.setup()
    from django.contrib.auth.models import User
    from django.utils import timezone

    from complaints.enterprise_errors import RegisterRowsRefused
    from complaints.models import Enterprise
    from complaints.services.register_import import check_file, store_checked

    actor, data = User.objects.get(username="zhaomin"), big_file()
    started = time.perf_counter()
    checked = check_file(data=data, actor=actor)
    checked_at = time.perf_counter()
    dry, refused = Enterprise.objects.count(), 0
    try:
        store_checked(token=checked.token, leave_out=False, actor=actor, at=timezone.now())
    except RegisterRowsRefused:
        refused = 1
    began = time.perf_counter()
    done = store_checked(token=checked.token, leave_out=True, actor=actor, at=timezone.now())
    ended = time.perf_counter()
    figures = {
        "check": checked_at - started,
        "store": ended - began,
        "faults": len(checked.faults),
        "dry": dry,
        "refused": refused,
        "stored": Enterprise.objects.count() if done.new == Enterprise.objects.count() else -1,
        "peak": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }
    sys.stdout.write(json.dumps(figures))


if __name__ == "__main__":
    main()
