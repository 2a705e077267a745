"""Bulletins drafted from closed periods: who may, what they hold, the chain with its check, corrections, the list."""

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from pytest_django import DjangoAssertNumQueries

from cases_public.enums import WithdrawalReason
from cases_public.models import Withdrawal
from cases_public.models.barriers import ApprovalRefused, open_finds
from cases_public.services.withdrawal import ask_withdrawal, withdraw
from complaints.enums import Role
from complaints.rules.spans import span_of
from complaints.services.freezing import freeze
from home.models import BulletinPage
from home.services.bulletins import bulletin_asked, bulletins, draft_bulletin, tasks_of_editors
from tests.cases_public.chain_steps import People
from tests.complaints.stats.rows import tips
from tests.factories import noon
from tests.fixtures import LIANHU, YANTA, City, city, vault
from tests.signin import staff

from .bulletin_steps import (
    AT,
    TODAY,
    act,
    change,
    close,
    first_sentence,
    newest,
    people_of,
    published,
    sheets,
    work,
)

__all__ = ["city", "vault"]
pytestmark = pytest.mark.django_db
CODE = "2026Q1"


@pytest.fixture
def quarter(city: City) -> City:
    """Return a city with two closed quarters, a year apart."""
    work(city, year=2025)
    work(city, year=2026, more=8)
    close("2025Q1", CODE)
    return city


@pytest.fixture
def who(quarter: City) -> People:
    """Return five people of the city's unit."""
    return people_of(quarter)


def draft(who: People, code: str = CODE) -> BulletinPage:
    return draft_bulletin(period=code, user=who.editor, today=TODAY)


def read(client: Client, page: BulletinPage, **query: str) -> str:
    response = client.get(page.url, query)
    assert response.status_code == 200
    return response.content.decode()


# --- drafting ----------------------------------------------------------------------------------------------------


def test_a_draft_is_bound_and_not_public(who: People, client: Client) -> None:
    page = draft(who)

    assert (page.title, page.kind, page.slug) == ("2026 年第一季度安全生产举报分析", "quarter", "2026q1")
    assert (page.period, page.version, page.year_period, page.year_version) == (CODE, 1, "2025Q1", 1)
    assert (page.previous_period, page.previous_version, page.handling_unit) == ("", 0, "市应急管理局")
    assert not page.live
    assert client.get(f"/figures/bulletins/{page.slug}/").status_code == 404


def test_its_sentences_say_what_was_found_in_both_languages(who: People) -> None:
    page = draft(who)

    said = {block.value["rule"]: block.value for block in page.body if block.block_type == "sentence"}
    assert said["received"]["text"] == "2026 年第一季度共收到举报 213 件。"
    assert said["since_year"]["text"] == "收到举报比上年同期（189 件）增加 12.7%。"
    assert said["operations"]["text"] == "查实的举报中，有限空间和粉尘涉爆最集中（75 件、75 件）。"
    assert said["received"]["text_en"] == "First quarter of 2026: 213 tips were received."
    assert list(said["received"]["about"]) == ["received"]


def test_what_it_says_passes_both_checks(who: People) -> None:
    page = draft(who)

    assert page.foreign_numbers() == []
    assert open_finds(page=page) == []
    assert page.reasons_to_wait() == []


@pytest.mark.parametrize(
    ("code", "kind", "title"),
    [
        ("2026-02", "month", "2026 年 2 月安全生产举报月统计表"),
        ("2026H1", "half", "2026 年上半年安全生产举报情况通报"),
        ("2025", "year", "2025 年全年安全生产举报工作评估"),
    ],
)
def test_every_kind_of_period_has_its_bulletin(who: People, code: str, kind: str, title: str) -> None:
    if code != "2026-02":
        freeze(span=span_of(code), at=AT.replace(year=2026, month=8))

    page = draft(who, code)

    assert (page.kind, page.title) == (kind, title)
    assert page.foreign_numbers() == []


def test_drafting_twice_makes_one(who: People) -> None:
    assert draft(who).pk == draft(who).pk
    assert BulletinPage.objects.count() == 1


@pytest.mark.parametrize("code", ["2026-04", "2026Q9", "", "\x00", "2199"])
def test_a_period_that_is_not_closed_has_none(who: People, code: str) -> None:
    with pytest.raises(ApprovalRefused):
        draft(who, code)


@pytest.mark.parametrize(
    ("role", "place", "may"),
    [
        (Role.EDITOR, "yanta", True), (Role.LEADER, "city", True), (Role.LEADER, "yanta", False),
        (Role.OFFICER, "city", False), (Role.PUBLISHER, "city", False), (Role.AUDITOR, "city", False),
        (Role.SYSTEM_ADMINISTRATOR, "city", False),
    ],
)  # fmt: skip
def test_who_drafts(quarter: City, role: Role, place: str, may: bool) -> None:
    person = staff(role, office=getattr(quarter, place))

    if may:
        assert draft_bulletin(period=CODE, user=person, today=TODAY).owner == person
        return
    with pytest.raises(ApprovalRefused):
        draft_bulletin(period=CODE, user=person, today=TODAY)


def test_a_superuser_without_a_role_drafts_none(quarter: City, admin_user: Any) -> None:
    with pytest.raises(ApprovalRefused):
        draft_bulletin(period=CODE, user=admin_user, today=TODAY)


def test_an_empty_month_says_so_and_breaks_nothing(city: City, client: Client) -> None:
    tips(1, unit=city.yanta, day=date(2026, 1, 9), district_id=YANTA)
    close("2026-02")
    who = people_of(city)

    page = published("2026-02", who)

    text = read(client, page)
    assert "收到举报的件数不公布（少于 5）" in text
    assert "None" not in text.partition("<main")[2].partition("</main>")[0]
    assert client.get(page.url, {"format": "pdf"}).content.startswith(b"%PDF")


# --- the chain and its check -------------------------------------------------------------------------------------


def test_through_the_chain_it_is_public(who: People, client: Client) -> None:
    page = published(CODE, who)

    assert page.live
    assert page.revisions.count() == 1
    text = read(client, page)
    assert "2026 年第一季度共收到举报 213 件。" in text
    assert "数据取自报表 2026Q1-1，2026 年 4 月 10 日定稿。" in text
    assert "数据已更正" not in text


@pytest.mark.parametrize(
    "text", ["本季度共收到举报 217 件。", "临潼区只有 3 件。", "只有三件。", "按期办结率 99.9%。"]
)
def test_a_foreign_number_stands_in_the_way_of_every_step(who: People, text: str) -> None:
    page = draft(who)
    page = change(page, who.editor, place=first_sentence(page), text=text)
    page.get_workflow().start(page, who.editor)

    with pytest.raises(ApprovalRefused, match="不是本通报的统计数据"):
        act(page, who.leader)
    act(page, who.leader, "reject", comment="数字要核对")

    page = change(page, who.editor, place=first_sentence(page), text="本季度共收到举报 213 件。")
    page.get_workflow().start(page, who.editor)
    assert act(page, who.leader).current_workflow_task.step == "legal"


def test_another_title_is_checked_as_well(who: People) -> None:
    page = draft(who)
    page.title = "收到举报 999 件"
    page.save_revision(user=who.editor)

    assert [one.number for one in newest(page).foreign_numbers()] == ["999 件"]


def test_a_number_with_its_source_is_shown_with_it(who: People, client: Client) -> None:
    page = draft(who)
    page.body = [("paragraph", {"text": "<p>同期检查企业 125 家。</p>", "text_en": ""}), *_blocks(page)]
    page.sources = [("source", {"number": "125 家", "source": "执法科台账"})]
    page.save_revision(user=who.editor)
    assert newest(page).foreign_numbers() == []

    page = published(CODE, who)

    text = read(client, page)
    assert "同期检查企业 125 家。" in text
    assert "执法科台账" in text


def _blocks(page: BulletinPage) -> list[tuple[str, Any]]:
    return [(block.block_type, block.value) for block in page.body]


@pytest.mark.parametrize("step", range(3))
def test_nobody_publishes_past_the_chain(who: People, step: int) -> None:
    page = draft(who)
    page.get_workflow().start(page, who.editor)
    for reviewer in who.reviewers[:step]:
        act(page, reviewer)

    assert not any(
        newest(page).permissions_for_user(person).can_publish() for person in (who.editor, *who.reviewers)
    )
    assert not BulletinPage.objects.get().live


def test_the_leader_who_drafted_does_not_confirm(who: People) -> None:
    page = draft_bulletin(period=CODE, user=who.leader, today=TODAY)
    page.get_workflow().start(page, who.editor)

    with pytest.raises(ApprovalRefused):
        act(page, who.leader)


def test_a_leader_of_a_district_does_not_confirm(quarter: City, who: People) -> None:
    page = draft(who)
    page.get_workflow().start(page, who.editor)

    with pytest.raises(ApprovalRefused):
        act(page, staff(Role.LEADER, office=quarter.yanta))


def test_a_withdrawn_bulletin_says_so(who: People, client: Client) -> None:
    page = published(CODE, who)
    noted = ask_withdrawal(
        page=page, reason=WithdrawalReason.ERROR, notice="", since=TODAY, user=who.editor, at=noon(TODAY)
    )

    withdraw(withdrawal=noted, user=who.publisher, at=noon(TODAY))

    answer = client.get(page.url)
    assert answer.status_code == client.get(page.url, {"format": "pdf"}).status_code == 410
    assert "本通报内容有误，已撤回。" in answer.content.decode()
    assert "213" not in answer.content.decode().partition("<main")[2]
    assert Withdrawal.objects.get().page_id == page.pk


# --- corrections -------------------------------------------------------------------------------------------------


def correct(city: City, *, many: int = 5, reason: str = "补录信访转来的举报") -> None:
    tips(many, unit=city.yanta, day=date(2026, 3, 30), district_id=YANTA)
    freeze(span=span_of(CODE), at=AT, reason=reason)


def test_a_correction_marks_the_bulletin_at_once(quarter: City, who: People, client: Client) -> None:
    page = published(CODE, who)
    for _time in range(3):
        read(client, page)

    correct(quarter)

    text = read(client, page)
    assert "数据已更正。" in text
    assert "第 2 版，原因：补录信访转来的举报" in text
    assert 'href="/figures/?period=2026Q1"' in text
    assert "2026 年第一季度共收到举报 213 件。" in text
    assert [one.period.code for one in tasks_of_editors()] == [CODE]


def test_it_is_drafted_again_with_the_reason_and_what_was_written_by_hand(
    quarter: City, who: People, client: Client
) -> None:
    page = published(CODE, who)
    draft_of_editor = newest(page)
    own = ("paragraph", {"text": "<p>下一步加强粉尘整治。</p>", "text_en": ""})
    draft_of_editor.body = [*_blocks(draft_of_editor), own]
    draft_of_editor.save_revision(user=who.editor)
    correct(quarter)

    again = draft(who)

    assert (again.pk, again.version, BulletinPage.objects.get().version) == (page.pk, 2, 1)
    assert (again.correction_note, again.correction_date) == ("补录信访转来的举报", TODAY)
    assert again.body[first_sentence(again)].value["text"] == "2026 年第一季度共收到举报 218 件。"
    assert "下一步加强粉尘整治" in str(again.body[len(again.body) - 1].value["text"])
    assert tasks_of_editors() == []
    published(CODE, who)
    text = read(client, page)
    assert "2026 年第一季度共收到举报 218 件。" in text
    assert "数据已更正" not in text


def test_in_review_it_is_not_drafted_again(quarter: City, who: People) -> None:
    page = draft(who)
    page.get_workflow().start(page, who.editor)
    correct(quarter)

    with pytest.raises(ApprovalRefused, match="先退回"):
        draft(who)
    with pytest.raises(ApprovalRefused, match="重新起草"):
        act(page, who.leader)


def test_what_a_correction_hides_the_old_bulletin_does_not_tell(
    quarter: City, who: People, client: Client
) -> None:
    """Lianhu falls under five: its old number would tell, beside the corrected total, what was taken away."""
    from complaints.models import Tip

    page = published(CODE, who)
    assert "莲湖区" in read(client, page)
    keep = list(
        Tip.objects.filter(district_id=LIANHU, received_date__year=2026).values_list("pk", flat=True)[:3]
    )
    Tip.objects.filter(district_id=LIANHU, received_date__year=2026).exclude(pk__in=keep).delete()
    before = next(c for c in page.read_bound().report.rows["district"] if c.code == LIANHU)  # type: ignore[union-attr]
    assert before.value == 93

    freeze(span=span_of(CODE), at=AT, reason="更正归属")

    after = next(c for c in page.read_bound().report.rows["district"] if c.code == LIANHU)  # type: ignore[union-attr]
    assert (after.value, after.hidden) == (None, "apart")
    assert '<td class="n">93</td>' not in read(client, page)
    assert ",93\r" not in client.get(page.url, {"format": "csv"}).content.decode()


def test_a_sentence_whose_number_is_no_longer_public_is_left_out(who: People, client: Client) -> None:
    page = published(CODE, who)
    blocks = _blocks(page)
    blocks[first_sentence(page)] = (
        "sentence",
        {"text": "只有 777 件。", "text_en": "", "about": [], "rule": ""},
    )
    page.body = blocks
    page.save()

    text = read(client, page)

    assert "777" not in text
    assert "有的句子含有不再公布的数字，已不显示。" in text


# --- states, list, feed ------------------------------------------------------------------------------------------


def test_how_far_a_bulletin_is(quarter: City, who: People) -> None:
    def words() -> str:
        return bulletin_asked(period=CODE, user=who.editor).words

    assert words() == "还没有通报。"
    page = draft(who)
    assert words() == "已起草，未提交。"
    page.get_workflow().start(page, who.editor)
    assert words() == "审核中：承办机构核"
    for reviewer in who.reviewers:
        act(page, reviewer)
    assert words() == "已发布。"
    correct(quarter)
    assert words() == "数据已更正，待重新起草。"


def test_the_button_is_there_for_those_who_draft(quarter: City, who: People) -> None:
    officer = staff(Role.OFFICER, office=quarter.city)

    assert bulletin_asked(period=CODE, user=who.leader).draft_url == "/admin/bulletins/draft/"
    assert bulletin_asked(period=CODE, user=officer).draft_url == ""
    assert bulletin_asked(period="2026-07", user=who.leader).draft_url == ""


def test_states_cost_the_same_for_one_and_for_many(
    who: People, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    draft(who)
    with django_assert_max_num_queries(6) as asked:
        bulletins()
    few = len(asked)
    for code in ("2026-01", "2026-02", "2026-03"):
        page = draft(who, code)
        page.get_workflow().start(page, who.editor)

    with django_assert_max_num_queries(few):
        assert len(bulletins()) == 8


def test_the_list_by_kind_and_the_feed(who: People, client: Client) -> None:
    quarterly, monthly = published(CODE, who), published("2026-02", who)

    every = client.get("/figures/bulletins/").content.decode()
    months = client.get("/figures/bulletins/", {"kind": "month"}).content.decode()
    feed = client.get("/figures/bulletins/feed.xml").content.decode()

    assert every.index(monthly.title) < every.index(quarterly.title)
    assert monthly.title in months
    assert quarterly.title not in months
    assert all(title in feed for title in (quarterly.title, monthly.title))
    assert client.get("/figures/bulletins/", {"kind": "week"}).status_code == 404


@pytest.mark.parametrize("slug", ["2026q4", "2026-02", "x"])
def test_a_bulletin_that_is_not_there_leads_to_those_that_are(who: People, client: Client, slug: str) -> None:
    """Of a period that is not closed, that is still being written, or of none."""
    page = published(CODE, who)
    draft(who, "2026-02")

    answer = client.get(f"/figures/bulletins/{slug}/")
    text = answer.content.decode()

    assert answer.status_code == 404
    assert "这个地址没有发布通报" in text
    assert f'href="{page.url}"' in text
    assert "noindex" in text
    assert client.get(f"/figures/bulletins/{slug}/more/").status_code == 404
    assert client.get("/figures/bulletins/").status_code == 200


def test_the_table_of_changes_tells_no_share_that_gives_a_small_number_away(
    who: People, client: Client
) -> None:
    """Nobody was late and nothing partly true: both are fewer than five, and each share would say so."""
    page = published(CODE, who)

    book = sheets(client.get(page.url, {"format": "xlsx"}).content)
    rows = {row[0]: row for row in book["变化情况"]}

    assert "变化（%，比例按百分点）" in rows["指标"]
    for name in ("按期办结率", "查实率"):
        assert rows[name][2:] == ["不单列", "不单列", "—"]
    assert rows["收到"][2:4] == ["213", "189"]
    assert Decimal(rows["收到"][4]) == Decimal("12.7")


def test_figures_and_bulletin_lead_to_each_other(who: People, client: Client) -> None:
    page = published(CODE, who)

    figures = client.get("/figures/", {"period": CODE}).content.decode()
    assert f'href="{page.url}"' in figures
    assert 'href="/figures/bulletins/"' in figures
    assert 'href="/figures/bulletins/"' in read(client, page)
    assert page.url in client.get("/sitemap.xml").content.decode()


def test_before_anything_is_published(client: Client, city: City) -> None:
    assert "还没有发布通报。" in client.get("/figures/bulletins/").content.decode()
    assert client.get("/figures/bulletins/feed.xml").status_code == 200


def test_in_english(who: People, client: Client) -> None:
    page = published(CODE, who)
    client.cookies["django_language"] = "en"
    client.cookies["lang"] = "en"

    with translation.override("en"):
        text = client.get(page.url, headers={"Accept-Language": "en"}).content.decode()

    assert "213 tips were received." in text
    assert "Quarterly analysis" in text


def test_the_print_view(who: People, client: Client) -> None:
    page = published(CODE, who)

    text = read(client, page, print="1")

    assert "css/print" in text
    assert "noindex" in text
    assert "?format=pdf" not in text


def test_definitions_stand_as_footnotes_and_tooltips(who: People, client: Client) -> None:
    text = read(client, published(CODE, who))

    assert 'href="#def-1" title="收到: 本期内收到' in text
    assert '<li id="def-1"><b>收到</b> 本期内收到' in text
