"""The upload forms of editors: pictures are cleaned before any other decoder looks, published files stay."""

from typing import Any

from django.core.exceptions import ValidationError
from django.forms.fields import FileField
from django.utils.translation import gettext_lazy as _
from wagtail.documents.forms import BaseDocumentForm
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from cases_public.models import DocumentCheck, PictureCheck
from home.models.pictures import REFUSED, cleaned
from portal.shared.images import PhotoError

IN_A_CASE = _(
    "A published case shows this picture: its file stays. Upload the other one as a picture of its own; "
    "it goes through the reviews with the case."
)


DOCUMENT_IN_A_CASE = _(
    "A published case links to this document: its file stays. Upload the other one as a document of its own; "
    "it goes through the reviews with the case."
)


class PictureFileField(WagtailImageField):
    """Takes a picture as a phone wrote it and hands on a fresh one; a damaged file is refused in words."""

    def to_python(self, data: Any) -> Any:
        """Return the clean copy, having passed Wagtail's own checks as well."""
        upload = FileField.to_python(self, data)
        if upload is None:
            return None
        self.check_image_file_size(upload)
        try:
            fresh = cleaned(upload)
        except PhotoError as error:
            raise ValidationError(REFUSED, code="refused") from error
        return super().to_python(fresh)


class PictureForm(BaseImageForm):
    """The form behind every upload: one picture, several, the chooser, replacing a file."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        stock = self.fields.get("file")
        if stock is not None:
            # Wagtail makes this field by its name; ours differs in the one method above.
            stock.__class__ = PictureFileField

    def clean(self) -> Any:
        """Refuse another file for a picture of a published case: nobody would have looked at it (docs/adr/0031)."""
        data = super().clean()
        is_other_file = self.instance.pk and "file" in self.changed_data
        if is_other_file and PictureCheck.is_public(picture_id=self.instance.pk):
            self.add_error("file", IN_A_CASE)
        return data


class DocumentForm(BaseDocumentForm):
    """The form behind every document: a new one, several, the chooser, replacing a file."""

    def clean(self) -> Any:
        """Refuse another file for a document of a published case: nobody would have read it (docs/adr/0031)."""
        data = super().clean()
        is_other_file = self.instance.pk and "file" in self.changed_data
        if is_other_file and DocumentCheck.is_public(document_id=self.instance.pk):
            self.add_error("file", DOCUMENT_IN_A_CASE)
        return data
