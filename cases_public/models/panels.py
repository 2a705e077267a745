"""The editor of a case: its fields in the order in which a case is written."""

from typing import Any

from django import forms
from django.utils.choices import CallableChoiceIterator
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from complaints.disclosure import public_districts, unit_names
from portal.shared.bilingual_pages import english_panel
from portal.shared.picture_chooser import PictureChooser


def district_choices() -> list[tuple[str, str]]:
    """Return the districts as they are when a form is shown."""
    return [("", "—"), *public_districts().items()]


class DistrictSelect(forms.Select):
    """A list of the districts of the city."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, choices=CallableChoiceIterator(district_choices))


class UnitInput(forms.TextInput):
    """A line for the name of a unit, which offers those in use while somebody types."""

    list_id = "units-in-use"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the line and the list it offers."""
        line = super().render(name, value, {**(attrs or {}), "list": self.list_id}, renderer)
        offered = format_html_join("", '<option value="{}"></option>', ((one,) for one in unit_names()))
        return format_html('{}<datalist id="{}">{}</datalist>', line, self.list_id, offered)


def case_panels() -> list[Any]:
    """Return the panels of a case."""
    return [
        *Page.content_panels,
        _group(_("Head"), "lead", "kind", "disclosure", "industry", "operations", "values"),
        MultiFieldPanel(
            [
                FieldPanel("district", widget=DistrictSelect),
                FieldPanel("handling_unit", widget=UnitInput),
                FieldPanel("decided_month"),
                FieldPanel("collections", widget=forms.CheckboxSelectMultiple),
            ],
            heading=_("Where and when"),
        ),
        _group(_("Names"), "entity_name", "name_policy", "legal_basis", "publish_until"),
        MultiFieldPanel(
            [
                FieldPanel("picture", widget=PictureChooser),
                FieldPanel("picture_alt"),
                FieldPanel("picture_caption"),
            ],
            heading=_("Picture"),
        ),
        FieldPanel("facts"),
        FieldPanel("violations"),
        _group(_("Penalty of the unit"), "unit_penalty_amount", "unit_penalty_text", "unit_penalty_basis"),
        _group(
            _("Penalty of persons"), "person_penalty_amount", "person_penalty_text", "person_penalty_basis"
        ),
        FieldPanel("outcome"),
        _group(_("Major accident hazard"), "major_hazard_text", "major_hazard_source"),
        FieldPanel("timeline"),
        FieldPanel("pictures"),
        _group(pgettext_lazy("part of a case", "Lesson"), "lesson", "warnings"),
        FieldPanel("rules"),
        _group(_("Correction"), "correction_note", "correction_date"),
        english_panel("lead_en"),
    ]


def _group(heading: Any, *names: str) -> MultiFieldPanel:
    return MultiFieldPanel([FieldPanel(name) for name in names], heading=heading)
