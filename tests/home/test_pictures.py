"""Editors' pictures hold pixels and nothing else, whichever door they came in by."""

import io
import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image
from wagtail.images.models import Image as StockImage
from wagtail.models import Collection, UploadedFile

from home.models import SitePicture
from home.models.pictures import PICTURE_MAX_SIDE
from portal.shared.images import PhotoError
from tests.home.factories import CAMERA, camera_jpeg, plain_png

pytestmark = pytest.mark.django_db
UPRIGHT = (320, 640)


def sideways(name: str = "IMG_20260310_093112.jpg") -> SimpleUploadedFile:
    """Return a photo as a phone writes it: on its side, with place and maker."""
    return SimpleUploadedFile(name, camera_jpeg(), content_type="image/jpeg")


def assert_clean(picture: SitePicture, media_root: Path) -> None:
    """The stored file and its renditions are upright and tell nothing but the picture."""
    picture.get_rendition("width-200")
    picture.get_rendition("fill-480x300")
    picture.get_renditions("format-webp|width-200", "format-avif|width-200")
    files = [path for path in media_root.rglob("*") if path.is_file()]
    assert len(files) >= 5
    assert {".jpg", ".webp", ".avif"} <= {path.suffix for path in files}
    for path in files:
        data = path.read_bytes()
        assert CAMERA.encode() not in data
        image = Image.open(io.BytesIO(data))
        assert dict(image.getexif()) == {}
        assert not {"exif", "xmp", "XML:com.adobe.xmp", "comment"} & {
            key for key, kept in image.info.items() if kept
        }
    with picture.file.open("rb") as file:
        stored = Image.open(file).convert("RGB")
    assert stored.size == UPRIGHT == (picture.width, picture.height)
    assert stored.getpixel((160, 20))[0] > 180  # the red half lies on top once the photo stands upright
    assert stored.getpixel((160, 620))[2] > 180


# --- doors ---------------------------------------------------------------------------------------------------


def by_upload_form(client: Client) -> SitePicture:
    form = {"title": "车间", "file": sideways(), "collection": Collection.get_first_root_node().pk}
    assert client.post("/admin/images/add/", form).status_code == 302
    return SitePicture.objects.get()


def by_multiple_upload(client: Client) -> SitePicture:
    answer = client.post("/admin/images/multiple/add/", {"title": "车间", "files[]": sideways()})
    assert json.loads(answer.content)["success"] is True
    return SitePicture.objects.get()


def by_chooser(client: Client) -> SitePicture:
    form = {"image-chooser-upload-title": "车间", "image-chooser-upload-file": sideways()}
    form["image-chooser-upload-collection"] = Collection.get_first_root_node().pk
    answer = client.post("/admin/images/chooser/create/", form)
    assert json.loads(answer.content)["step"] == "chosen"
    return SitePicture.objects.get()


def by_replacing(client: Client) -> SitePicture:
    picture = SitePicture.objects.create(title="旧", file=ContentFile(plain_png(), name="old.png"))
    form = {"title": "新", "file": sideways(), "collection": Collection.get_first_root_node().pk}
    assert client.post(f"/admin/images/{picture.pk}/", form).status_code == 302
    return SitePicture.objects.get()


def by_model(client: Client) -> SitePicture:
    stored: SitePicture = SitePicture.objects.create(
        title="车间", file=ContentFile(camera_jpeg(), name="a.jpg")
    )
    return stored


def by_file_field(client: Client) -> SitePicture:
    picture = SitePicture(title="车间")
    picture.file.save("a.jpg", ContentFile(camera_jpeg()), save=False)
    picture.save()
    return picture


@pytest.mark.parametrize(
    "door", [by_upload_form, by_multiple_upload, by_chooser, by_replacing, by_model, by_file_field]
)
def test_every_door_leads_through_the_sanitiser(
    editor: Client, media_root: Path, door: Callable[[Client], SitePicture]
) -> None:
    picture = door(editor)

    assert_clean(SitePicture.objects.get(pk=picture.pk), media_root)


def test_stock_images_would_keep_the_place(media_root: Path) -> None:
    """The guard of this file: without our field the marker is found."""
    stock = StockImage(title="x", width=1, height=1)

    stock.file.save("a.jpg", ContentFile(camera_jpeg()), save=False)

    assert CAMERA.encode() in next(path for path in media_root.rglob("*.jpg")).read_bytes()


def test_parked_upload_is_clean(editor: Client, media_root: Path) -> None:
    answer = editor.post(
        "/admin/images/multiple/add/", {"title": "x" * 300, "collection": "", "files[]": sideways()}
    )

    parked = UploadedFile.objects.get()
    assert "uploaded_file_id" in json.loads(answer.content)
    assert CAMERA.encode() not in parked.file.read()
    assert "IMG" not in parked.file.name


def test_parked_upload_becomes_a_clean_picture(editor: Client, media_root: Path) -> None:
    editor.post("/admin/images/multiple/add/", {"title": "x" * 300, "collection": "", "files[]": sideways()})
    parked = UploadedFile.objects.get()
    form = {
        f"uploaded-image-{parked.pk}-title": "车间",
        f"uploaded-image-{parked.pk}-collection": Collection.get_first_root_node().pk,
    }

    editor.post(f"/admin/images/multiple/create_from_uploaded_image/{parked.pk}/", form)

    assert not UploadedFile.objects.exists()
    assert_clean(SitePicture.objects.get(), media_root)


# --- what is stored ------------------------------------------------------------------------------------------


def test_name_of_the_file_tells_nothing(editor: Client) -> None:
    assert re.fullmatch(r"original_images/[0-9a-f]{16}\.jpg", by_upload_form(editor).file.name)


def test_size_and_hash_are_those_of_the_stored_file(editor: Client) -> None:
    picture = by_upload_form(editor)

    with picture.file.open("rb") as file:
        data = file.read()

    assert picture.file_size == len(data)
    assert len(picture.file_hash) == 40
    assert picture.file_hash == SitePicture.objects.get().get_file_hash()


def test_large_pictures_are_reduced() -> None:
    out = io.BytesIO()
    Image.new("RGB", (3000, 1500), (90, 90, 90)).save(out, "JPEG")

    picture = SitePicture.objects.create(title="大", file=ContentFile(out.getvalue(), name="a.jpg"))

    assert (picture.width, picture.height) == (PICTURE_MAX_SIDE, PICTURE_MAX_SIDE // 2)


def test_transparent_png_stays_one() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (40, 40), (200, 0, 0, 90)).save(out, "PNG")

    picture = SitePicture.objects.create(title="标", file=ContentFile(out.getvalue(), name="a.png"))

    assert picture.file.name.endswith(".png")
    assert Image.open(picture.file.path).mode == "RGBA"


def test_saving_the_title_leaves_the_file_alone() -> None:
    picture = SitePicture.objects.create(title="一", file=ContentFile(plain_png(), name="a.png"))
    before = picture.file.name

    picture.title = "二"
    picture.full_clean()
    picture.save()

    assert SitePicture.objects.get().file.name == before


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.jpg", b"<html>not a picture</html>"),
        ("a.jpg", camera_jpeg()[:600]),
        ("a.png", b""),
        ("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("a.gif", b"GIF89a"),
    ],
)
def test_other_files_are_refused_in_words(editor: Client, media_root: Path, name: str, data: bytes) -> None:
    form = {"title": "x", "file": SimpleUploadedFile(name, data, content_type="image/jpeg")}
    form["collection"] = Collection.get_first_root_node().pk

    answer = editor.post("/admin/images/add/", form)

    assert answer.status_code == 200
    assert answer.context["form"].errors["file"]
    assert not SitePicture.objects.exists()
    assert [path for path in media_root.rglob("*") if path.is_file()] == []


def test_model_refuses_other_kinds_in_words() -> None:
    out = io.BytesIO()
    Image.new("RGB", (8, 8)).save(out, "TIFF")
    picture = SitePicture(title="x", file=ContentFile(out.getvalue(), name="a.jpg"))

    with pytest.raises(ValidationError) as refused:
        picture.full_clean()

    assert set(refused.value.message_dict) == {"file"}


def test_no_door_stores_what_is_no_picture(media_root: Path) -> None:
    picture = SitePicture(title="x")

    with pytest.raises(PhotoError):
        picture.file.save("a.jpg", ContentFile(b"nothing"), save=False)

    assert [path for path in media_root.rglob("*") if path.is_file()] == []
