"""The chain of reviews as tests walk it: five people of one unit, a draft, approvals, and the editor's form."""

import io
from dataclasses import dataclass
from itertools import count
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import User
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from PIL import Image
from wagtail.fields import StreamField
from wagtail.test.utils.form_data import querydict_from_html, rich_text

from cases_public.models import CaseIndexPage, CasePage
from cases_public.models.barriers import unseen_pictures
from cases_public.services.answers import confirm_picture
from complaints.enums import Role
from home.models import SitePicture
from tests.factories import OfficeFactory
from tests.signin import enter, give_app, staff

_numbers = count(1)


@dataclass(frozen=True, kw_only=True)
class People:
    """One person for each step."""

    editor: User
    leader: User
    legal: User
    secrecy: User
    publisher: User

    @property
    def reviewers(self) -> tuple[User, ...]:
        """The four who follow the editor, in their order."""
        return (self.leader, self.legal, self.secrecy, self.publisher)


def people() -> People:
    """Return five people of one unit, each with one role."""
    unit = OfficeFactory()
    named = {
        "editor": Role.EDITOR,
        "leader": Role.LEADER,
        "legal": Role.LEGAL_REVIEWER,
        "secrecy": Role.SECRECY_REVIEWER,
        "publisher": Role.PUBLISHER,
    }
    return People(**{name: staff(role, office=unit) for name, role in named.items()})


def desk(user: User) -> Client:
    """Return a browser of this person, signed in with both factors."""
    if not Authenticator.objects.filter(user=user).exists():
        give_app(user)
    return enter(Client(), user)


def case(user: User, **values: Any) -> CasePage:
    """Return a draft of this person, without anything to find."""
    number = next(_numbers)
    plain = {
        "title": f"某金属制品公司未落实动火审批案 {number}",
        "slug": f"case-{number}",
        "lead": "未经审批动火作业。",
        "facts": [("paragraph", "<p>执法人员检查发现，动火作业未办理审批。</p>")],
        "unit_penalty_basis": "《安全生产法》第一百零一条第三项",
    }
    page: CasePage = CaseIndexPage.objects.get().add_child(
        instance=CasePage(live=False, owner=user, **(plain | values))
    )
    page.save_revision(user=user)
    return newest(page)


def newest(page: CasePage) -> CasePage:
    """Return the latest draft of a page, read anew."""
    found: CasePage = CasePage.objects.get(pk=page.pk).get_latest_revision_as_object()
    return found


def send_in(page: CasePage, user: User) -> CasePage:
    """Begin the chain."""
    page.get_workflow().start(page, user)
    return newest(page)


def act(page: CasePage, user: User, action: str = "approve", **data: Any) -> CasePage:
    """Take the step that is due, as the door of the back office does."""
    page = newest(page)
    page.current_workflow_task.on_action(page.current_workflow_task_state, user, action, **data)
    return newest(page)


def publish(page: CasePage, who: People) -> CasePage:
    """Take a draft through the whole chain; its pictures are confirmed on the way."""
    page = send_in(page, who.editor)
    for reviewer in who.reviewers:
        if reviewer == who.secrecy:
            for use in unseen_pictures(page=page):
                confirm_picture(page=page, picture_id=use.picture.pk, user=reviewer, at=timezone.now())
        page = act(page, reviewer)
    return CasePage.objects.get(pk=page.pk)


def edit_form(browser: Client, page: CasePage) -> Any:
    """Return what the editor's form sends when nothing is touched."""
    answer = browser.get(f"/admin/pages/{page.pk}/edit/")
    assert answer.status_code == 200, answer.headers.get("Location")
    form = querydict_from_html(answer.content.decode(), form_id="page-edit-form")
    for field in CasePage._meta.concrete_fields:
        if isinstance(field, StreamField):
            form.update(_stream(field.name, getattr(newest(page), field.name)))
    return form


def _stream(name: str, value: Any) -> dict[str, str]:
    """Return a stream of paragraphs and points as the editor's scripts send it."""
    sent = {f"{name}-count": str(len(value))}
    for place, child in enumerate(value):
        is_rich = child.block_type == "paragraph"
        told = {"deleted": "", "order": str(place), "type": child.block_type, "id": child.id}
        told["value"] = rich_text(child.value.source) if is_rich else str(child.value)
        sent |= {f"{name}-{place}-{key}": text for key, text in told.items()}
    return sent


def picture(*, noise: bool = True) -> SitePicture:
    """Return a stored picture full of noise, so that a covered place stands out."""
    image = (
        Image.effect_noise((320, 240), 90).convert("RGB")
        if noise
        else Image.new("RGB", (320, 240), (9, 99, 9))
    )
    out = io.BytesIO()
    image.save(out, "PNG")
    stored: SitePicture = SitePicture.objects.create(
        title="图", file=ContentFile(out.getvalue(), name="a.png")
    )
    return stored
