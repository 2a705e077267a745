"""What a case must say before anybody is asked to review it; a draft may be stored without."""

from typing import Any

from django.utils.translation import gettext

from cases_public.duty.contents import contents_of
from cases_public.enums import DutyContent
from cases_public.redaction.parts import parts_of

# How the sentences begin that a draft from a tip leaves to its editor, in both languages of the desk.
TO_WRITE = ("待写：", "待写:", "To be written:")


def missing_of(*, page: Any) -> list[str]:
    """Return in words what is missing; none where the case is whole enough to be read.

    Legal basis: 92号 and DOMAIN 6 (基本案情, 违反条款 or 处罚依据). What else a case needs is judged when it is scored.
    """
    texts = contents_of(page=page)
    found = []
    if not texts[DutyContent.FACTS]:
        found.append(gettext("Not sent on: the facts of the case are empty. Write what was found."))
    if not (texts[DutyContent.ARTICLES] or texts[DutyContent.BASIS]):
        found.append(
            gettext(
                "Not sent on: there is no legal basis. Enter the article broken or the basis of the penalty."
            )
        )
    words = gettext("Not sent on: “%(field)s” is still to be written.")
    left = dict.fromkeys(
        part.label for part in parts_of(page=page) if part.text.lstrip().startswith(TO_WRITE)
    )
    return [*found, *(words % {"field": label} for label in left)]
