"""Editors' pictures: cleaned like tip photos when they enter, because stock renditions keep GPS."""

from secrets import token_hex
from typing import Any, cast

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.db import models
from django.utils.translation import gettext_lazy as _
from wagtail.images.models import (
    AbstractImage,
    AbstractRendition,
    Image,
    WagtailImageField,
    WagtailImageFieldFile,
    get_upload_to,
)
from wagtail.models import UploadedFile

from portal.shared.decoders import places
from portal.shared.images import PhotoError, decode_bytes, judged, sanitise_image

PICTURE_MAX_SIDE = 2400
# An editor waits behind the photos of reporters at most so long.
PATIENCE_SECONDS = 60
STOCK_FIELD = AbstractImage._meta.get_field("file")
REFUSED = _("This picture cannot be taken: it is damaged or of another kind.")
EXTENSIONS = {"JPEG": "jpg", "PNG": "png"}


class CleanFile(ContentFile):  # type: ignore[type-arg]  # generic in the stubs only
    """A picture that was decoded and written afresh; its name tells nothing either."""


def cleaned(content: "File[bytes]") -> CleanFile:
    """Return a fresh, upright copy of a picture without metadata; raises PhotoError, or TimeoutError in a crowd."""
    content.seek(0)
    data = content.read()
    header = judged(data)
    with places().place(weight=decode_bytes(header), patience=PATIENCE_SECONDS):
        picture = sanitise_image(data, max_side=PICTURE_MAX_SIDE, header=header)
    return CleanFile(picture.data, name=f"{token_hex(8)}.{EXTENSIONS[picture.format]}")


class CleanPictureFile(WagtailImageFieldFile):
    """The last door: nothing is stored but what `cleaned` returned, whoever stores it."""

    def save(self, name: str, content: "File[bytes]", save: bool = True) -> None:
        """Store a clean copy under a name without meaning; raises PhotoError."""
        fresh = content if isinstance(content, CleanFile) else cleaned(content)
        super().save(cast(str, fresh.name), fresh, save)


class CleanPictureField(WagtailImageField):
    """A picture column; forms get their refusal as a message beside the field."""

    attr_class = CleanPictureFile

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The place of the field it stands for: the file is stored before width and height, which storing changes.
        self.creation_counter = STOCK_FIELD.creation_counter

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Return the value with a fresh upload replaced by its clean copy."""
        picture = super().clean(value, model_instance)
        if not picture or picture._committed or isinstance(picture.file, CleanFile):
            return picture
        try:
            return cleaned(picture.file)
        except PhotoError as error:
            raise ValidationError(
                _("This picture cannot be taken: it is damaged or of another kind.")
            ) from error

    def deconstruct(self) -> Any:
        """Name Wagtail's own field in migrations: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "wagtail.images.models.WagtailImageField", args, kwargs


class SitePicture(AbstractImage):
    """A picture of the public site."""

    file = CleanPictureField(
        verbose_name=_("file"), upload_to=get_upload_to, width_field="width", height_field="height"
    )

    admin_form_fields = Image.admin_form_fields

    class Meta(AbstractImage.Meta):
        verbose_name = _("picture")
        verbose_name_plural = _("pictures")


class SiteRendition(AbstractRendition):
    """One size of a picture."""

    image = models.ForeignKey(SitePicture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        unique_together = (("image", "filter_spec", "focal_point_key"),)


def clean_waiting_upload(instance: UploadedFile, **_kwargs: Any) -> None:
    """Clean a picture that Wagtail parks until the rest of its form is right; a receiver of pre_save."""
    parks_picture = instance.for_content_type.model_class() is SitePicture
    if parks_picture and not instance.file._committed:
        instance.file = cleaned(instance.file.file)
