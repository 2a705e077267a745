"""Covers places of an editor's picture: the file is replaced, and nothing of the old one stays."""

from collections.abc import Iterable
from functools import partial
from secrets import token_hex

from django.contrib.auth.models import User
from django.db import transaction
from wagtail.log_actions import log

from home.models import SitePicture
from home.models.pictures import EXTENSIONS, CleanFile
from portal.shared.covering import Box, covered


@transaction.atomic
def cover(*, picture_id: int, boxes: Iterable[Box], user: User | None = None) -> SitePicture:
    """Replace the file of a picture by one with these places covered; every page that shows it shows the new one.

    The old file and all renditions are deleted as soon as the change is stored, so that no address leads to them. Who
    did it stands in the history of the picture.

    Raises:
        SitePicture.DoesNotExist: there is no such picture.
        ValueError: no box lies in it, or there are too many.
    """
    picture: SitePicture = SitePicture.objects.select_for_update().get(pk=picture_id)
    with picture.file.open("rb") as file:
        data, kind = covered(data=file.read(), boxes=boxes)
    old, storage = picture.file.name, picture.file.storage
    picture.file.save("", CleanFile(data, name=f"{token_hex(8)}.{EXTENSIONS[kind]}"), save=False)
    picture._set_image_file_metadata()
    picture.save()
    # One by one: Wagtail deletes the file of each and forgets its cached address.
    for rendition in picture.renditions.all():
        rendition.delete()
    log(instance=picture, action="wagtail.edit", user=user)
    transaction.on_commit(partial(storage.delete, old))
    return picture
