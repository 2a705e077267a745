"""Videos of the site: a file of our own with poster, captions and its words; cleaned like pictures when they enter."""

from collections.abc import Iterable
from contextlib import suppress
from functools import partial
from pathlib import PurePath
from secrets import token_hex
from typing import Any

from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from django.db import models, transaction
from django.db.models.fields.files import FieldFile
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from complaints.errors import StorageFull
from home.captions import CAPTIONS_MAX_BYTES, CaptionsError, captions
from home.films import FilmError, cleaned_film
from portal.shared.bilingual import in_language

from .pictures import SitePicture

VIDEO_FOLDER, CAPTIONS_FOLDER = "videos", "captions"
VIDEO_MAX_BYTES = 20 * 1024 * 1024
REFUSED = {
    "type": _("Only MP4 is taken, which every phone plays."),
    "damaged": _("This file is damaged: the video cannot be read."),
    "track": _(
        "Beside picture and sound this file holds something else, which may tell a place. Export the video once more."
    ),
    "large": _("This video is larger than 20 MB. Make it shorter, or export it with less quality."),
}
REFUSED_CAPTIONS = {
    "type": _("Captions are a WebVTT file in UTF-8: it begins with WEBVTT."),
    "times": _("A caption has a time that cannot be read, or ends before it begins."),
    "empty": _("There is no caption in this file."),
}


class CleanFilm(ContentFile):  # type: ignore[type-arg]  # generic in the stubs only
    """A film without metadata; its name tells nothing either."""


def clean_film(content: "File[bytes]") -> CleanFilm:
    """Return a film without what a phone writes beside the picture; raises ValidationError."""
    if content.size > VIDEO_MAX_BYTES:
        raise ValidationError(REFUSED["large"], code="large")
    content.seek(0)
    try:
        return CleanFilm(cleaned_film(content.read()), name=f"{token_hex(8)}.mp4")
    except FilmError as error:
        raise ValidationError(REFUSED[error.code], code=error.code) from error


def clean_captions(content: "File[bytes]") -> CleanFilm:
    """Return captions that a player can read; raises ValidationError."""
    content.seek(0)
    data = content.read(CAPTIONS_MAX_BYTES + 1)
    try:
        captions(data)
    except CaptionsError as error:
        raise ValidationError(REFUSED_CAPTIONS[error.code], code=error.code) from error
    return CleanFilm(data, name=f"{token_hex(8)}.vtt")


class _CleanFile(FieldFile):
    """The last door: nothing is stored but what was cleaned, whoever stores it."""

    def save(self, name: str, content: "File[bytes]", save: bool = True) -> None:
        """Store a clean copy under a name without meaning.

        Raises:
            ValidationError: it is not what this column takes.
            StorageFull: the disk took it in part or not at all; the part is gone again.
        """
        make = self.field.make  # type: ignore[attr-defined]  # ours, see below
        fresh = content if isinstance(content, CleanFilm) else make(content)
        try:
            super().save(str(fresh.name), fresh, save)
        except OSError as error:
            # The name is random: whatever lies under it is what was just begun.
            drop_now(storage=self.storage, name=self.field.generate_filename(self.instance, str(fresh.name)))
            raise StorageFull from error


class FilmField(models.FileField):
    """A film column; forms get their refusal as a message beside the field."""

    attr_class = _CleanFile
    make = staticmethod(clean_film)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        """Return the value with a fresh upload replaced by its clean copy."""
        file = super().clean(value, model_instance)
        if not file or file._committed or isinstance(file.file, CleanFilm):
            return file
        return type(self).make(file.file)

    def deconstruct(self) -> Any:
        """Name Django's own field in migrations: the column is the same."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.FileField", args, kwargs


class CaptionsField(FilmField):
    """A captions column."""

    make = staticmethod(clean_captions)


class SiteVideo(models.Model):
    """A video with everything that people need who cannot see or hear it."""

    title = models.CharField(_("title"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=240, blank=True)
    file = FilmField(
        _("video file"),
        upload_to=VIDEO_FOLDER,
        help_text=_("MP4, at most 20 MB. Place, maker and time are taken out."),
    )
    poster = models.ForeignKey(
        SitePicture,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("poster"),
        help_text=_("Shown before the video runs."),
    )
    captions = CaptionsField(
        _("captions"),
        upload_to=CAPTIONS_FOLDER,
        help_text=_("WebVTT, Chinese, in UTF-8: for people who cannot hear it."),
    )
    transcript = models.TextField(
        _("its words"), help_text=_("All that is said and what is seen, for people who cannot watch it.")
    )
    seconds = models.PositiveSmallIntegerField(_("length in seconds"))

    class Meta:
        ordering = ("title",)
        verbose_name = _("video")
        verbose_name_plural = _("videos")

    def __str__(self) -> str:
        return self.title

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Store the video; a file that was replaced goes with the commit, so that no address leads to it.

        Raises:
            StorageFull: there is no room for one of the files; neither row nor file is stored.
        """
        before = SiteVideo.objects.filter(pk=self.pk).first() if self.pk else None
        fresh = [file for file in (self.file, self.captions) if file and not file._committed]  # type: ignore[attr-defined]  # Django's own flag
        try:
            with transaction.atomic():
                super().save(*args, **kwargs)
        except Exception:
            # Whatever went wrong, the film must not stay behind without its row.
            for file in fresh:
                if file._committed:  # type: ignore[attr-defined]  # as above
                    drop_now(storage=file.storage, name=str(file.name))
            raise
        if before is not None:
            kept = {self.file.name, self.captions.name}
            drop_files(file for file in (before.file, before.captions) if file.name not in kept)

    @property
    def shown_title(self) -> str:
        """The title in the language of the page."""
        return in_language(chinese=self.title, english=self.title_en)

    @property
    def length(self) -> str:
        """How long it takes, as minutes and seconds."""
        return f"{self.seconds // 60}:{self.seconds % 60:02}"

    @property
    def url(self) -> str:
        """Where the video is sent from."""
        return reverse("video", args=[PurePath(str(self.file.name)).stem])

    @property
    def captions_url(self) -> str:
        """Where its captions are sent from."""
        return reverse("captions", args=[PurePath(str(self.captions.name)).stem])


def drop_now(*, storage: Storage, name: str) -> None:
    """Delete a file that no row leads to; a disk that fails at this as well is not worth a second error."""
    with suppress(OSError):
        storage.delete(name)


def drop_files(files: Iterable[FieldFile]) -> None:
    """Delete files as soon as the change that left them behind is stored."""
    for file in files:
        if file.name:
            transaction.on_commit(partial(file.storage.delete, file.name))


def video_deleted(instance: SiteVideo, **_kwargs: Any) -> None:
    """The files of a video go with it; a receiver of post_delete."""
    drop_files((instance.file, instance.captions))
