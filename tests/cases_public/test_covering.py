"""What is covered in a picture is gone: from the file, from its renditions, from the disk."""

import io
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image, ImageStat
from pytest_django import DjangoCaptureOnCommitCallbacks
from wagtail.models import Collection, ModelLogEntry

from complaints.enums import Role
from home.models import SitePicture
from home.services.covering import cover
from portal.shared.covering import MOST_BOXES, Box, covered
from tests.cases_public.chain_steps import case, desk, people, picture, publish
from tests.home.conftest import media_root
from tests.home.factories import camera_jpeg
from tests.signin import staff

__all__ = ["media_root"]
BOX = Box(left=43, top=21, right=118, bottom=97)


def noisy(kind: str, *, mode: str = "RGB", size: tuple[int, int] = (317, 211)) -> bytes:
    """Return a picture in which no two places are alike."""
    bands = [Image.effect_noise(size, 120) for _band in mode]
    out = io.BytesIO()
    Image.merge(mode, bands).save(out, kind)
    return out.getvalue()


@pytest.mark.parametrize(("kind", "mode"), [("JPEG", "RGB"), ("PNG", "RGB"), ("PNG", "RGBA")])
def test_nothing_varies_under_a_box(kind: str, mode: str) -> None:
    data, written = covered(data=noisy(kind, mode=mode), boxes=[BOX])

    with Image.open(io.BytesIO(data)) as image:
        under = image.convert("RGB").crop((BOX.left, BOX.top, BOX.right, BOX.bottom))
        beside = image.convert("RGB").crop((200, 120, 300, 200))
    assert written == kind
    assert ImageStat.Stat(under).var == [0, 0, 0]
    assert min(ImageStat.Stat(beside).var) > 100


def test_box_at_the_border_is_cut() -> None:
    data, _kind = covered(data=noisy("JPEG"), boxes=[Box(left=300, top=200, right=9_000, bottom=9_000)])

    with Image.open(io.BytesIO(data)) as image:
        assert image.size == (317, 211)
        assert ImageStat.Stat(image.crop((300, 200, 317, 211))).var == [0, 0, 0]


@pytest.mark.parametrize(
    "boxes",
    [
        [],
        [Box(left=400, top=0, right=500, bottom=50)],
        [Box(left=50, top=50, right=40, bottom=60)],
        [BOX] * (MOST_BOXES + 1),
    ],
)
def test_no_box_or_too_many_are_refused(boxes: list[Box]) -> None:
    with pytest.raises(ValueError, match="boxes"):
        covered(data=noisy("JPEG"), boxes=boxes)


@pytest.mark.django_db
def test_former_file_and_renditions_leave_the_disk(
    media_root: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    stored = picture()
    stored.get_rendition("width-100")
    stored.get_renditions("fill-64x64", "format-webp|width-64", "format-avif|width-64")
    before = {path for path in media_root.rglob("*") if path.is_file()}
    hash_before = stored.get_file_hash()

    with django_capture_on_commit_callbacks(execute=True):
        fresh = cover(picture_id=stored.pk, boxes=[BOX])

    after = {path for path in media_root.rglob("*") if path.is_file()}
    assert len(before) == 5
    assert len(after) == 1
    assert not before & after
    assert fresh.get_file_hash() != hash_before
    assert fresh.file_size == next(iter(after)).stat().st_size
    with Image.open(next(iter(after))) as image:
        assert ImageStat.Stat(image.crop((BOX.left, BOX.top, BOX.right, BOX.bottom))).var == [0, 0, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.EDITOR, Role.SECRECY_REVIEWER])
def test_box_tool_works_without_a_script(role: Role) -> None:
    stored = picture()
    browser = desk(staff(role))
    address = f"/admin/pictures/{stored.pk}/cover/"
    assert 'name="form-0-left"' in browser.get(address).content.decode()
    form = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0}
    form |= {"form-0-left": 40, "form-0-top": 16, "form-0-right": 120, "form-0-bottom": 96}

    answer = browser.post(address, form)

    assert answer.status_code == 302
    with SitePicture.objects.get().file.open("rb") as file, Image.open(file) as image:
        assert ImageStat.Stat(image.convert("RGB").crop((40, 16, 120, 96))).var == [0, 0, 0]


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.LEGAL_REVIEWER, Role.OFFICER, Role.SYSTEM_ADMINISTRATOR])
def test_others_cover_nothing(role: Role) -> None:
    stored = picture()

    assert desk(staff(role)).get(f"/admin/pictures/{stored.pk}/cover/").status_code in {302, 403}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values", [{}, {"left": 10}, {"left": -5, "top": 0, "right": 9, "bottom": 9}, {"left": "x"}]
)
def test_half_a_box_is_told_and_kept(values: dict[str, object]) -> None:
    stored = picture()
    name = stored.file.name
    form: dict[str, object] = {"form-TOTAL_FORMS": 1, "form-INITIAL_FORMS": 0}
    form |= {f"form-0-{side}": value for side, value in values.items()}

    answer = desk(staff(Role.EDITOR)).post(f"/admin/pictures/{stored.pk}/cover/", form)

    assert answer.status_code == 200
    assert SitePicture.objects.get().file.name == name


@pytest.mark.django_db
@pytest.mark.parametrize("mode", ["CMYK", "animated", "large"])
def test_odd_pictures_are_taken_clean_or_refused_in_words(mode: str) -> None:
    browser = desk(staff(Role.EDITOR))
    out = io.BytesIO()
    if mode == "CMYK":
        Image.new("CMYK", (60, 40), (10, 200, 30, 5)).save(out, "JPEG")
    elif mode == "animated":
        frames = [Image.new("RGB", (60, 40), (shade, 0, 0)) for shade in (0, 90, 180)]
        frames[0].save(out, "WEBP", save_all=True, append_images=frames[1:], lossless=True)
    else:
        out.write(noisy("JPEG") + b"\x00" * 30 * 2**20)
    name = {"CMYK": "a.jpg", "animated": "a.webp", "large": "a.jpg"}[mode]
    root = SitePicture._meta.get_field("collection").default()

    answer = browser.post(
        "/admin/images/add/",
        {"title": "图", "file": ContentFile(out.getvalue(), name=name), "collection": root},
    )

    if answer.status_code == 302:
        with SitePicture.objects.get().file.open("rb") as file, Image.open(file) as image:
            assert image.mode in {"RGB", "RGBA"}
            assert getattr(image, "n_frames", 1) == 1
    else:
        assert answer.context["form"].errors["file"]
        assert not SitePicture.objects.exists()
    assert (answer.status_code == 302) == (mode == "CMYK")


@pytest.mark.django_db
def test_tool_loads_no_inline_script() -> None:
    html = desk(staff(Role.EDITOR)).get(f"/admin/pictures/{picture().pk}/cover/").content.decode()

    assert "desk/cover.js" in html
    assert " style=" not in html.split("as-cover", 1)[1]


def other_file(user: User, shown: SitePicture) -> Any:
    """Give a picture another file, as the form of pictures does."""
    file = SimpleUploadedFile("b.jpg", camera_jpeg(), content_type="image/jpeg")
    form = {"title": "图", "file": file, "collection": Collection.get_first_root_node().pk}
    return desk(user).post(f"/admin/images/{shown.pk}/", form)


@pytest.mark.django_db
def test_picture_of_a_published_case_keeps_its_file() -> None:
    who, shown = people(), picture()
    publish(case(who.editor, picture=shown, picture_alt="设备"), who)

    answer = other_file(who.editor, shown)

    assert answer.status_code == 200
    assert "已发布的案例正在使用这张图片" in answer.content.decode()
    assert SitePicture.objects.get(pk=shown.pk).file.name == shown.file.name


@pytest.mark.django_db
def test_picture_of_a_draft_takes_another_file() -> None:
    who, shown = people(), picture()
    case(who.editor, picture=shown, picture_alt="设备")

    assert other_file(who.editor, shown).status_code == 302
    assert SitePicture.objects.get(pk=shown.pk).file.name != shown.file.name


@pytest.mark.django_db
def test_who_covered_a_picture_stands_in_its_history() -> None:
    user, stored = staff(Role.SECRECY_REVIEWER), picture()

    cover(picture_id=stored.pk, boxes=[BOX], user=user)

    assert ModelLogEntry.objects.get(object_id=str(stored.pk), action="wagtail.edit").user == user
