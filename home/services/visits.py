"""Signing a visit in: the visit, how many took part in which post, and its photos; one transaction, no names."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from home.enums import Post
from home.models import HelpVisit, LiaisonPoint, SitePicture, VisitPicture, VisitSign
from home.models.pictures import CleanFile

MOST_PHOTOS = 6


@dataclass(frozen=True, kw_only=True)
class SignedIn:
    """What was entered of a visit.

    `day` is not after today; `people` says how many signed in by post, >= 0 and at least one in all; `photos` are
    cleaned pictures, `photo_words` say what they show and are needed with them.
    """

    point: LiaisonPoint
    day: date
    topic: str
    outcome: str
    officers: int
    people: Mapping[Post, int]
    photos: Sequence[CleanFile] = ()
    photo_words: str = ""


@transaction.atomic
def record_visit(*, entered: SignedIn, entered_by: User | None) -> HelpVisit:
    """Store a visit, not shown to the public until an editor says so.

    Raises:
        ValidationError: nobody took part, a day to come, photos without words.
    """
    if not any(entered.people.values()):
        raise ValidationError(_("Nobody signed in: write how many took part."))
    if entered.photos and not entered.photo_words.strip():
        raise ValidationError({"photo_words": _("Say in words what the photos show.")})
    visit = HelpVisit(
        point=entered.point,
        day=entered.day,
        topic=entered.topic,
        outcome=entered.outcome,
        officers=entered.officers,
        entered_by=entered_by,
    )
    visit.full_clean()
    visit.save()
    VisitSign.objects.bulk_create(
        VisitSign(visit=visit, post=post.value, count=number)
        for post, number in entered.people.items()
        if number
    )
    _keep_photos(visit, entered)
    return visit


def _keep_photos(visit: HelpVisit, entered: SignedIn) -> None:
    title = f"{entered.point.enterprise} {entered.day:%Y-%m-%d}"
    for photo in entered.photos:
        picture = SitePicture.objects.create(title=title, file=photo)
        VisitPicture.objects.create(visit=visit, picture=picture, alt=entered.photo_words.strip())
