"""A tip's whole way in a real browser, from the whistle to the review; and a case that goes to the police."""

import io
import re
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from complaints.enums import Action, Measure, Result, Role, TipStatus, UnitPart
from complaints.models import AuditRow, Disposal, Objection, Referral, Tip
from tests.factories import FOUND
from tests.fixtures import YANTA, City
from tests.journeys.desk_steps import desk_of, new_tip, open_tip, person, take
from tests.journeys.public_steps import add_photos, begin, open_progress, photo, send

pytestmark = pytest.mark.journey
OpenPhone = Callable[..., BrowserContext]
NUMBER = "（雁）应急罚〔2026〕7 号"
OBJECTION = "防护罩是摆拍的，第二天又拆了。"
OUTCOMES = {
    Action.UPHOLD: ("复查过现场照片和处罚卷宗，原答复成立。", "已复查，维持原答复。"),
    Action.REOPEN: ("复查发现防护罩确已拆除，重新核查。", "正在核查。"),
}


@dataclass(frozen=True, kw_only=True)
class People:
    """Everybody who has a part in it, each in front of a screen of their own."""

    reporter: Page
    town: Page
    officer: Page
    leader: Page
    city: Page


@pytest.fixture
def people(city: City, open_phone: OpenPhone) -> People:
    """Return the reporter with a phone, and four people of three units at their desks."""
    return People(
        reporter=open_phone().new_page(),
        town=desk_of(open_phone, person(city.town, Role.OFFICER, username="sunzhen", first_name="孙震")),
        officer=desk_of(open_phone, person(city.yanta, Role.OFFICER)),
        leader=desk_of(open_phone, person(city.yanta, Role.LEADER, username="zhouwen", first_name="周文")),
        city=desk_of(open_phone, person(city.city, Role.LEADER, username="gaoyuan", first_name="高远")),
    )


def reports(page: Page, city: City) -> str:
    """Send a tip with a photo from a place in the town; return the receipt."""
    begin(page)
    add_photos(page, photo())
    page.click("[data-change]")
    page.select_option("#district", YANTA)
    page.select_option("#town", city.town_code)
    return send(page)


def whistles_and_is_answered(people: People, city: City, number: str) -> None:
    """The district hands the tip to the town, the town whistles, the district comes and leads from then on."""
    open_tip(people.officer, number)
    take(people.officer, Action.DISPATCH, office=city.town.name, memo="请先到现场看一看。")
    open_tip(people.town, number)
    take(people.town, Action.WHISTLE, memo="冲床要停机，街道没有执法权。")
    open_tip(people.officer, number)
    take(people.officer, Action.ANSWER_WHISTLE)
    take(people.officer, Action.ACCEPT, note="我们已受理。")
    take(people.officer, Action.ARRIVE, memo="两人到场，与街道商定先停机。")


def is_concluded_and_fined(people: People, number: str) -> None:
    """The district inspects and proposes a result, then a penalty; its leader signs both."""
    take(
        people.officer, Action.INSPECT, inspectors="赵敏、陈立", findings=FOUND["findings"],
        orders="责令立即停机。", photos=photo(name="machine.jpg"),
    )  # fmt: skip
    take(people.officer, Action.CONCLUDE, result=Result.TRUE, **FOUND)
    open_tip(people.leader, number)
    take(people.leader, Action.APPROVE_RESULT)
    people.officer.reload()
    take(
        people.officer, Action.PROPOSE_MEASURE, measure=Measure.PENALTY, words="未设置安全防护装置。",
        decision_number=NUMBER, fine_amount="20,000",
    )  # fmt: skip
    people.leader.reload()
    take(people.leader, Action.DISPOSE)
    people.officer.reload()


def is_answered(page: Page) -> None:
    """The officer sends the reply as it was drafted from the record."""
    page.click(".as-act >> text=写答复 >> visible=true >> nth=0")
    drafted = re.compile(r"我们于 .* 日到现场核查，" + FOUND["findings"].removeprefix("现场核查"))
    expect(page.locator("#item-findings")).to_have_value(drafted)
    page.click("text=检查后发出")
    page.click("#confirm [type=submit]")
    expect(page.locator(".as-chip").first).to_have_text("已答复")


def objects(page: Page, receipt: str) -> None:
    """The reporter reads the answer with its penalty and does not agree."""
    open_progress(page, receipt)
    expect(page.locator("dl.reply dt")).to_have_count(4)
    expect(page.locator("dl.reply")).to_contain_text(FOUND["findings"].removeprefix("现场核查"))
    expect(page.locator("dl.reply")).to_contain_text(f"罚款 20,000.00 元。决定书文号：{NUMBER}")
    page.fill("#objection-text", OBJECTION)
    page.click("#objection [type=submit]")
    page.wait_for_selector("[data-sent]")


@pytest.mark.parametrize("review", OUTCOMES)
def test_town_whistles_district_fines_reporter_objects_city_reviews(
    city: City, people: People, review: Action
) -> None:
    words, headline = OUTCOMES[review]
    receipt = reports(people.reporter, city)
    number = Tip.objects.get().number

    whistles_and_is_answered(people, city, number)
    led = Tip.objects.get()
    is_concluded_and_fined(people, number)
    is_answered(people.officer)
    objects(people.reporter, receipt)
    open_tip(people.city, number)
    expect(people.city.locator(".as-card--first")).to_contain_text(OBJECTION)
    take(people.city, review, note=words)
    open_progress(people.reporter, receipt)

    expect(people.reporter.locator("h1")).to_have_text(headline)
    expect(people.reporter.locator("main")).to_contain_text(words)
    expect(people.reporter.locator("#objection")).to_have_count(0)
    expect(people.reporter.locator("h2", has_text="复查结果")).to_have_count(int(review == Action.UPHOLD))
    assert (led.handling_unit, led.inspecting_unit) == (city.yanta, city.town)
    assert led.units.get(ended_date=None).part == UnitPart.INSPECTING
    check_record(review)
    expect_no_names(people.reporter)


def check_record(review: Action) -> None:
    """The file holds the visit with its photo, the fine, who signed, and how the review ended."""
    tip, fine, objection = Tip.objects.get(), Disposal.objects.get(), Objection.objects.get()
    is_upheld = review == Action.UPHOLD
    assert tip.status == (TipStatus.REPLIED if is_upheld else TipStatus.VERIFYING)
    assert tip.inspections.get().photos.count() == 1
    assert tip.conclusions.get().decided_by.username == "zhouwen"
    assert (fine.recorded_by.username, fine.decided_by.username) == ("zhaomin", "zhouwen")
    assert (fine.decision_number, fine.fine_amount) == (NUMBER, 20_000)
    assert (objection.words, objection.is_upheld, objection.reviewed_by.username) == (
        OBJECTION,
        is_upheld,
        "gaoyuan",
    )


def expect_no_names(page: Page) -> None:
    """Whoever reported reads of units, never of people."""
    for name in ("孙震", "赵敏", "周文", "高远"):
        expect(page.locator("body")).not_to_contain_text(name)


@pytest.mark.parametrize("review", OUTCOMES)
def test_review_works_without_javascript(city: City, open_phone: OpenPhone, review: Action) -> None:
    words, headline = OUTCOMES[review]
    boss = person(city.city, Role.LEADER)
    tip = new_tip(city, review=True)
    desk = desk_of(open_phone, boss, java_script_enabled=False)
    reporter = open_phone(java_script_enabled=False).new_page()

    open_tip(desk, tip.number)
    take(desk, review, note=words)
    open_progress(reporter, tip.acknowledgement.receipt)

    expect(reporter.locator("h1")).to_have_text(headline)
    expect(reporter.locator("main")).to_contain_text(words)
    assert Objection.objects.get().is_upheld == (review == Action.UPHOLD)


def test_case_goes_to_the_police_is_refused_and_asked_for_again(city: City, open_phone: OpenPhone) -> None:
    officer = person(city.yanta, Role.OFFICER)
    person(city.yanta, Role.OFFICER, username="chenli", first_name="陈立")
    boss = person(city.yanta, Role.LEADER, username="zhouwen", first_name="周文")
    tip = new_tip(city, verified=True, officer=officer, leader=boss)
    page, second = desk_of(open_phone, officer), desk_of(open_phone, boss)

    open_tip(page, tip.number)
    take(
        page, Action.REFER, officers="赵敏 陈立", offence="危险作业罪（刑法第一百三十四条之一）",
        facts="多次责令停机后仍然开机。", goods="冲床一台\n钥匙两把",
    )  # fmt: skip
    open_tip(second, tip.number)
    take(second, Action.DECIDE_REFERRAL)
    page.reload()
    take(page, Action.HAND_TO_POLICE, police_name="公安雁塔分局", police_receipt="雁公收〔2026〕3 号")
    take(page, Action.POLICE_REFUSES, memo="认为情节显著轻微。")
    take(page, Action.RECONSIDER, memo="两次拒不停机，已有伤者。")

    row = Referral.objects.get()
    assert sorted(row.officers.values_list("first_name", flat=True)) == ["赵敏", "陈立"]
    assert (row.proposed_by, row.decided_by, row.police_name) == (officer, boss, "公安雁塔分局")
    assert row.is_filed is None
    assert row.reconsidered_date is not None
    expect(page.locator(".as-card--warn", has_text="移交公安")).to_contain_text("公安雁塔分局应于")
    check_bundle(taken_out(page), photos=2)
    assert AuditRow.objects.filter(action="tip.referral_bundle", actor=officer).count() == 1


def taken_out(page: Page) -> bytes:
    """Download the papers of the referral from its card."""
    with page.expect_download() as download:
        page.click(".as-card a[href$='/bundle/']")
    return download.value.path().read_bytes()


def check_bundle(data: bytes, *, photos: int) -> None:
    """Five papers, the photos, and a list of sums in which each of them is right."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    sums = files.pop("SHA256SUMS.txt").decode().splitlines()
    papers = [name for name in files if name.endswith(".pdf")]
    assert len(papers) == 5
    assert all(files[name].startswith(b"%PDF-") for name in papers)
    assert len(files) == 5 + photos
    assert sums == [f"{sha256(content).hexdigest()}  {name}" for name, content in files.items()]
