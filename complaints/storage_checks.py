"""What an operator should know of a store: whether it answers, and that nobody else can read it."""

from typing import Any

from django.core.checks import CheckMessage, Error, Tags, register
from django.core.checks import Warning as Caution
from django.core.files.storage import storages

from portal.shared.buckets import PrivateBucket


def _buckets() -> list[PrivateBucket]:
    found = (storages[alias] for alias in ("default", "evidence"))
    return [one for one in found if isinstance(one, PrivateBucket)]


@register("readiness")
def buckets_answer(**_kwargs: Any) -> list[CheckMessage]:
    """All nodes ask one store: without it tips without photos pass, so it is told in words and stays 200."""
    away = [one.bucket_name for one in _buckets() if not one.answers()]
    return (
        [Caution(f"The store does not answer for: {', '.join(away)}.", id="complaints.W012")] if away else []
    )


@register(Tags.security, deploy=True)
def buckets_are_private(**_kwargs: Any) -> list[CheckMessage]:
    """A bucket strangers can list or read must never go into service; the server itself refuses it as well."""
    found: list[CheckMessage] = []
    for bucket in _buckets():
        try:
            is_open = bucket.is_open_to_strangers()
        except OSError:
            found.append(
                Caution(f"The store does not answer for: {bucket.bucket_name}.", id="complaints.W012")
            )
            continue
        if is_open:
            hint = "Take away every public rule of the bucket."
            text = f"The bucket {bucket.bucket_name} can be read by strangers."
            found.append(Error(text, hint=hint, id="complaints.E005"))
    return found
