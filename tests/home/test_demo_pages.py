"""The sample content: complete, invented, sourced, and the same after a second loading."""

import re
from datetime import date
from pathlib import Path

import pytest
from django.core.management import call_command
from django.test import Client
from wagtail.models import Page, Revision

from home.demo import DATA, load_sample_content
from home.enums import Topic
from home.models import BureauSettings, ContentPage, HomePage, SitePicture

pytestmark = pytest.mark.django_db
DAY = date(2026, 3, 10)


@pytest.fixture(autouse=True)
def loaded(media_root: Path) -> int:
    """Load the sample content."""
    return load_sample_content(today=DAY)


def test_every_topic_has_texts(loaded: int) -> None:
    counts = {topic: ContentPage.objects.live().filter(topic=topic).count() for topic in Topic}

    assert loaded == ContentPage.objects.count() == 15
    assert counts == {Topic.QUESTION: 5, Topic.GUIDE: 4, Topic.ACTIVITY: 3, Topic.NOTICE: 3}


def test_second_loading_changes_nothing() -> None:
    before = list(Page.objects.order_by("pk").values()), Revision.objects.count(), SitePicture.objects.count()

    again = load_sample_content(today=date(2026, 4, 20))

    assert again == 0
    assert before == (
        list(Page.objects.order_by("pk").values()),
        Revision.objects.count(),
        SitePicture.objects.count(),
    )


def test_edited_content_stays() -> None:
    HomePage.objects.update(who_text="我们自己的话")
    BureauSettings.objects.update(bureau_name="某市应急管理局")

    load_sample_content(today=DAY)

    assert HomePage.objects.get().who_text == "我们自己的话"
    assert BureauSettings.objects.get().bureau_name == "某市应急管理局"


def test_removed_text_comes_back_alone() -> None:
    ContentPage.objects.get(slug="dust").delete()

    assert load_sample_content(today=DAY) == 1


def test_every_page_is_valid_and_answers(client: Client) -> None:
    for page in ContentPage.objects.all():
        page.full_clean()

        assert client.get(page.url).status_code == 200


def test_answers_name_their_law() -> None:
    sources = ContentPage.objects.filter(topic=Topic.QUESTION).values_list("source", flat=True)

    assert [source for source in sources if not re.search(r"第.+条", source)] == []


def test_texts_are_not_from_the_future() -> None:
    assert not ContentPage.objects.filter(published_on__gt=DAY).exists()


def test_home_page_is_complete(client: Client) -> None:
    html = client.get("/").content.decode()

    assert "西安市应急管理局" in html
    assert html.count('<th scope="row">') == 5
    assert "演示网站" in html


def test_pictures_are_small_and_drawn() -> None:
    sizes = {path.name: path.stat().st_size for path in (DATA / "pictures").iterdir()}

    assert all(size < 16_000 for size in sizes.values()), sizes
    assert SitePicture.objects.count() == 4


def test_command_says_how_many(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_pages")

    assert capsys.readouterr().out == "示例页面：新增 0 篇\n"


def test_command_can_be_silent(capsys: pytest.CaptureFixture[str]) -> None:
    call_command("demo_pages", verbosity=0)

    assert capsys.readouterr().out == ""
