"""A column that holds several codes of one set, and its checkboxes."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CodesField(models.JSONField):
    """A list of codes without doubles, in the order of their set; in the database plain JSON."""

    def __init__(self, *args: Any, codes: type[TextChoices] | None = None, **kwargs: Any) -> None:
        kwargs.setdefault("default", list)
        super().__init__(*args, **kwargs)
        self.codes = codes

    def deconstruct(self) -> Any:
        """Name the plain column in migrations; the codes are no part of it."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def formfield(self, **kwargs: Any) -> Any:
        """Return checkboxes."""
        plain = {
            "label": self.verbose_name,
            "help_text": self.help_text,
            "required": not self.blank,
            "choices": self._pairs(),
            "widget": forms.CheckboxSelectMultiple,
        }
        return forms.MultipleChoiceField(**(plain | kwargs))

    def clean(self, value: Any, model_instance: models.Model | None) -> list[str]:
        """Return the codes in their order; an unknown one is refused."""
        found = super().clean(value or [], model_instance)
        known = [code for code, _label in self._pairs()]
        if not isinstance(found, list) or not set(map(str, found)) <= set(known):
            raise ValidationError(_("This choice does not exist. Please choose again."), code="unknown")
        return [code for code in known if code in found]

    def _pairs(self) -> list[tuple[Any, Any]]:
        return list(self.codes.choices) if self.codes is not None else []


def labels(*, codes: Iterable[str], of: type[TextChoices]) -> list[str]:
    """Return what people read instead of these codes; unknown ones are left out."""
    names = dict(of.choices)
    return [str(names[code]) for code in codes if code in names]
