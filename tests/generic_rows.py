"""Rows of any model without naming its columns: what a later model adds is filled in by the same rules."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib.auth.models import User
from django.db import models
from django.db.models import Model
from django.db.models.fields import NOT_PROVIDED

from complaints.models import Division, Office, Tip, Vault
from complaints.models.sealed import sealed_fields
from tests.factories import TODAY, noon

MARKER = "标记文字七七四九"
Known = dict[type[Model], Model]


def known_rows(tip: Tip, *, user: User, vault: Vault) -> Known:
    """Return the rows that foreign keys may point at."""
    return {
        Tip: tip,
        User: user,
        Vault: vault,
        Office: tip.handling_unit,
        Division: Division.objects.all()[0],
    }


def make_row(model: type[Model], known: Known) -> Model:
    """Store one row of a model, with all its encrypted texts; rows it needs are made first and kept in `known`."""
    if model in known:
        return known[model]
    values = {
        field.attname if field.is_relation else field.name: _value(field, known) for field in _wanted(model)
    }
    row = model(**values)
    for text in sealed_fields(model):
        setattr(row, text.name, f"{MARKER} {text.name}")
    row.save(force_insert=True)
    known[model] = row
    return row


def _wanted(model: type[Model]) -> list[models.Field[Any, Any]]:
    return [field for field in model._meta.concrete_fields if _is_wanted(field)]


def _is_wanted(field: "models.Field[Any, Any]") -> bool:
    if isinstance(field, models.AutoField) or field.name.endswith("_sealed"):
        return False
    if field.is_relation and field.null and field.related_model is User:
        return False  # two people of one row are two: only whoever must be there is named
    if field.is_relation:
        return field.related_model is not field.model
    return field.default is NOT_PROVIDED and not field.null


def _value(field: "models.Field[Any, Any]", known: Known) -> Any:
    if field.is_relation:
        return make_row(field.related_model, known).pk
    if field.choices:
        return field.choices[0][0]
    return next((value for kind, value in _PLAIN.items() if isinstance(field, kind)), "x")


_PLAIN: Mapping[type["models.Field[Any, Any]"], Any] = {
    models.UUIDField: UUID(int=7),
    models.DateTimeField: noon(TODAY),
    models.DateField: TODAY,
    models.BooleanField: False,
    models.BinaryField: b"\x01" * 8,
    models.IntegerField: 3,
    models.DecimalField: 1,
    models.CharField: "x",
    models.TextField: "x",
}
