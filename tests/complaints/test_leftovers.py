"""What killed processes leave: older originals, half-written photos, copies of the database; all of it is cleared."""

from pathlib import Path

import pytest
from pytest_django import Settings

from complaints.enums import TipStatus
from complaints.models import Evidence, Tip
from complaints.services import retention
from complaints.services.backups import scratch
from complaints.services.daily import run_daily
from tests.factories import TODAY, TipFactory, noon
from tests.fixtures import YANTA, City

pytestmark = pytest.mark.django_db
LATE = TODAY.replace(year=TODAY.year + 40)


@pytest.fixture
def data_dir(settings: Settings, tmp_path: Path) -> Path:
    """Give the test a data folder in which a backup was killed."""
    settings.DATA_DIR = tmp_path / "data"
    left = settings.DATA_DIR / f"{scratch.BACKUP}left"
    left.mkdir(parents=True)
    (left / "db.sqlite3").write_bytes(b"rows that were destroyed since")
    return tmp_path / "data"


def files(root: Path) -> list[str]:
    return sorted(path.name for path in root.rglob("*") if path.is_file() and path.name != ".lock")


def closed_with_remains(evidence_root: Path) -> Evidence:
    """Return the photo of a closed tip beside which killed re-seals and a killed rotation left files."""
    tip = TipFactory(district=YANTA, declined=True, photos=1)
    Tip.objects.get(pk=tip.pk).set_status(TipStatus.CLOSED)
    tip.steps.create(action="close", target=TipStatus.CLOSED, taken_date=TODAY)
    photo: Evidence = tip.photos.get()
    folder = (evidence_root / photo.path_of("original")).parent
    for ending in (".original1", ".original2", ".original3"):
        (folder / f"{photo.public_id.hex}{ending}").write_bytes(b"sealed")
    (folder / f".{'0' * 16}.part").write_bytes(b"half")
    Evidence.objects.update(reseals=2)
    return Evidence.objects.get()


def test_a_purge_takes_every_generation_of_an_original_and_half_written_files(
    city: City, evidence_root: Path, data_dir: Path
) -> None:
    closed_with_remains(evidence_root)

    done = retention.purge(as_of=LATE, at=noon(LATE))

    assert (done.tips, done.files, files(evidence_root)) == (1, 7, [])
    assert list(data_dir.glob(".backup-*")) == []


def test_the_daily_task_takes_what_belongs_to_no_row(city: City, evidence_root: Path, data_dir: Path) -> None:
    photo = closed_with_remains(evidence_root)

    counts = [run_daily(today=TODAY, now=noon(TODAY)).counts["sweep"] for _ in range(2)]

    assert counts == [4, 0]
    assert list(data_dir.glob(".backup-*")) == []
    assert files(evidence_root) == sorted(
        Path(photo.path_of(part)).name for part in ("shown", "thumb", "original")
    )


def test_the_folder_of_a_backup_under_way_stays(city: City, data_dir: Path) -> None:
    with scratch.scratch_folder(scratch.BACKUP) as own:
        cleared = scratch.clear_dead()

        assert (cleared, own.is_dir()) == (0, True)
