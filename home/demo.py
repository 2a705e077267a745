"""Sample content for a demonstration: bureau, home page, outreach texts and their pictures."""

import tomllib
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from django.core.files.base import ContentFile
from django.db import transaction
from wagtail.models import Site

from home.models import BureauSettings, ContentPage, HomePage, OutreachIndexPage, SitePicture
from home.services.site import ensure_site

DATA = Path(__file__).resolve().parent / "data"
Facts = dict[str, Any]


@transaction.atomic
def load_sample_content(*, today: date) -> int:
    """Fill the public pages and return how many texts were added; what is already there stays as it is."""
    home = ensure_site()
    index = OutreachIndexPage.objects.first()
    if home is None or index is None:
        raise RuntimeError("the page tree has no root: run migrate first")
    facts, english = _read("demo"), _read("demo_en")
    _fill_bureau(facts["bureau"] | english["bureau"])
    _fill_home(home, facts["home"], english["home"])
    _fill_index(index, facts["outreach"] | english["outreach"])
    known = set(ContentPage.objects.child_of(index).values_list("slug", flat=True))
    wanted = [page for page in facts["pages"] if page["slug"] not in known]
    pictures = _pictures(facts["pictures"]) if wanted else {}
    for page in wanted:
        _add_text(index, page, english["pages"].get(page["slug"], {}), pictures=pictures, today=today)
    return len(wanted)


def _read(name: str) -> Facts:
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


def _fill_bureau(facts: Facts) -> None:
    """Name the bureau, unless somebody did."""
    bureau = BureauSettings.for_site(Site.objects.get(is_default_site=True))
    if not bureau.footer_text:
        for name, text in facts.items():
            setattr(bureau, name, text)
        bureau.save()


def _fill_home(home: HomePage, facts: Facts, english: Facts) -> None:
    if home.who_rows:
        return
    home.reward_text_en, home.who_text_en = english["reward_text_en"], english["who_text_en"]
    home.reward_amount, home.reward_text = facts["reward_amount"], facts["reward_text"]
    home.who_text = facts["who_text"]
    home.who_rows = [
        (
            "row",
            {
                "is_ours": False,
                **row,
                **dict(zip(("matter_en", "authority_en"), english["who"][row["matter"]], strict=True)),
            },
        )
        for row in facts["who"]
    ]
    home.save_revision().publish()


def _fill_index(index: OutreachIndexPage, facts: Facts) -> None:
    if not index.lead:
        index.lead, index.lead_en = facts["lead"], facts["lead_en"]
        index.save_revision().publish()


def _pictures(titles: dict[str, str]) -> dict[str, SitePicture]:
    return {name: _picture(name, title) for name, title in titles.items()}


def picture_of(name: str) -> SitePicture:
    """Return one of the drawn pictures by its name, stored when it is not yet."""
    return _picture(name, _read("demo")["pictures"][name])


def _picture(name: str, title: str) -> SitePicture:
    known: SitePicture | None = SitePicture.objects.filter(title=title).first()
    if known is not None:
        return known
    data = (DATA / "pictures" / f"{name}.png").read_bytes()
    fresh: SitePicture = SitePicture.objects.create(title=title, file=ContentFile(data, name=f"{name}.png"))
    return fresh


def _add_text(
    index: OutreachIndexPage, facts: Facts, english: Facts, *, pictures: dict[str, SitePicture], today: date
) -> None:
    page = ContentPage(
        title=facts["title"],
        slug=facts["slug"],
        topic=facts["topic"],
        lead=facts["lead"],
        source=facts.get("source", ""),
        published_on=today - timedelta(days=facts["days_ago"]),
        picture=pictures.get(facts.get("picture", "")),
        picture_alt=facts.get("picture_alt", ""),
        picture_caption=facts.get("picture_caption", ""),
        body=_stream(facts, pictures),
        body_en=_stream(english, pictures),
        **{name: text for name, text in english.items() if name != "body"},
    )
    index.add_child(instance=page)
    page.save_revision().publish()


def _stream(facts: Facts, pictures: dict[str, SitePicture]) -> list[tuple[str, Any]]:
    return [(block["type"], _value(block, pictures)) for block in facts.get("body", ())]


def _value(block: Facts, pictures: dict[str, SitePicture]) -> Any:
    """Return the value of one block as Wagtail's streams take it."""
    kind = block["type"]
    if kind in {"heading", "paragraph"}:
        return block["text"]
    if kind == "table":
        return _table(block)
    value = {name: part for name, part in block.items() if name != "type"}
    if kind == "picture":
        value["picture"] = pictures[block["picture"]]
    return value


def _table(block: Facts) -> Facts:
    columns = [
        {"type": kind, "heading": heading}
        for kind, heading in zip(block["kinds"], block["columns"], strict=True)
    ]
    return {
        "columns": columns,
        "rows": [{"values": row} for row in block["rows"]],
        "caption": block["caption"],
    }
