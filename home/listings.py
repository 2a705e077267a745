"""How texts are listed: the newest of every topic, all of one topic, further ones beside a text."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.core.paginator import Page as ListPage
from django.core.paginator import Paginator
from django.db.models import Count, QuerySet

from home.enums import Topic

if TYPE_CHECKING:
    from home.models import ContentPage

PER_TOPIC = 4
PER_PAGE = 20
FURTHER = 3


@dataclass(frozen=True, kw_only=True)
class TopicGroup:
    """The newest texts of one topic, and how many there are in all."""

    topic: Topic
    texts: "list[ContentPage]"
    total: int


@dataclass(frozen=True, kw_only=True)
class TopicList:
    """One page of all texts of a topic."""

    topic: Topic
    page: "ListPage[ContentPage]"


def newest_first(texts: "QuerySet[ContentPage]") -> "QuerySet[ContentPage]":
    """Return texts by day, latest first, with what a list shows of their pictures."""
    return (
        texts.order_by("-published_on", "-pk")
        .select_related("picture")
        .prefetch_related("picture__renditions")
    )


def overview(*, texts: "QuerySet[ContentPage]") -> list[TopicGroup]:
    """Return the newest few texts of every topic that has any; the number of queries does not grow."""
    totals = dict(texts.order_by().values_list("topic").annotate(Count("pk")))
    return [
        TopicGroup(
            topic=topic,
            texts=list(newest_first(texts.filter(topic=topic))[:PER_TOPIC]),
            total=totals[topic.value],
        )
        for topic in Topic
        if totals.get(topic.value)
    ]


def topic_list(*, texts: "QuerySet[ContentPage]", topic: Topic, number: str) -> TopicList:
    """Return one page of a topic; a number that makes no sense gives the nearest page."""
    found = newest_first(texts.filter(topic=topic))
    return TopicList(topic=topic, page=Paginator(found, PER_PAGE).get_page(number))


def further(*, texts: "QuerySet[ContentPage]", topic: str) -> "list[ContentPage]":
    """Return a few other texts of a topic, newest first."""
    return list(texts.filter(topic=topic).order_by("-published_on", "-pk")[:FURTHER])
