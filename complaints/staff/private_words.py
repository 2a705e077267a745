"""A last look at words for a reporter: numbers and names of persons that may stand in them by mistake, as chips."""

from django.utils.translation import gettext as _

from complaints.models import Tip
from complaints.rules.private_details import Detail, names_in, private_details
from complaints.selectors.staff_names import staff_names

from .labels import Chip


def private_chips(text: str, *, tip: Tip) -> list[Chip]:
    """Return a chip for each number or name the words seem to hold, those who work on the tip included.

    One query where there are words at all.
    """
    if not text.strip():
        return []
    words = {
        Detail.MOBILE: _("Mobile number: %(text)s"),
        Detail.IDENTITY: _("Identity number: %(text)s"),
        Detail.PLATE: _("Number plate: %(text)s"),
        Detail.NAME: _("Somebody is named: %(text)s"),
    }
    found = private_details(text)
    chips = [Chip(tone="wait", word=words[finding.kind] % {"text": finding.text}) for finding in found]
    named = names_in(text, names=staff_names(tip=tip))
    ours = [
        Chip(tone="wait", word=_("Somebody who handles the tip is named: %(name)s") % {"name": name})
        for name in named
    ]
    return [*chips, *ours]
