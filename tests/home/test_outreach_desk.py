"""The back office of outreach: who may do what, forms that open without inline scripts, visits signed in on a phone."""

import re
from datetime import date

import pytest
from django.contrib.auth.models import User
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from complaints.enums import Role
from complaints.models import AuditRow, Office
from home.models import (
    EnforcementPlanPage,
    HelpVisit,
    LiaisonPoint,
    NoPenaltyMatter,
    OutreachIndexPage,
    PlanUpdate,
    SitePicture,
    SiteVideo,
)
from home.services.visit_finds import open_finds
from tests.factories import OfficeFactory
from tests.home.factories import CAMERA, camera_jpeg, plain_png
from tests.home.outreach_parts import (
    VTT,
    add_liaison_page,
    add_list,
    add_matter,
    add_plan,
    add_point,
    add_quiz,
    add_rule,
    add_video,
    add_visit,
    film,
)
from tests.home.test_editor import inline_scripts
from tests.home.test_no_penalty import ROW, csv_of
from tests.signin import enter, staff

pytestmark = pytest.mark.django_db
VISIT, POINT = "wagtailsnippets_home_helpvisit", "wagtailsnippets_home_liaisonpoint"
MATTER, VIDEO = "wagtailsnippets_home_nopenaltymatter", "wagtailsnippets_home_sitevideo"


@pytest.fixture
def office() -> Office:
    """Return a city unit."""
    unit: Office = OfficeFactory(city=True, name="市应急管理局")
    return unit


@pytest.fixture
def officer(office: Office) -> User:
    """Return an officer."""
    return staff(Role.OFFICER, office=office, username="officer", first_name="赵敏")


@pytest.fixture
def writer(office: Office) -> User:
    """Return an editor."""
    return staff(Role.EDITOR, office=office, username="writer")


def signed(user: User) -> Client:
    """Return a browser of this person."""
    return enter(Client(), user)


def form_of(**values: object) -> dict[str, object]:
    """Return what an officer sends."""
    facts = {
        "day": timezone.localdate().isoformat(),
        "topic": "液氨演练",
        "officers": "2",
        "outcome": "改了五处。",
        "people_worker": "12",
        "people_safety": "3",
        **values,
    }
    return {name: value for name, value in facts.items() if value is not None}


# --- who may what -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "allowed"),
    [
        (Role.EDITOR, {"visits", "sign in", "points", "matters", "import", "videos", "plans"}),
        (Role.PUBLISHER, {"visits", "sign in", "points", "matters", "import", "videos", "plans"}),
        (Role.OFFICER, {"visits", "sign in"}),
        (Role.LEADER, set()),
        (Role.AUDITOR, set()),
        (Role.CUSTODIAN, set()),
        (Role.SYSTEM_ADMINISTRATOR, set()),
    ],
)
def test_roles(office: Office, role: Role, allowed: set[str]) -> None:
    client = signed(staff(role, office=office, username="somebody"))
    addresses = {
        "visits": reverse(f"{VISIT}:list"),
        "sign in": reverse(f"{VISIT}:add"),
        "points": reverse(f"{POINT}:list"),
        "matters": reverse(f"{MATTER}:list"),
        "import": reverse(f"{MATTER}:import"),
        "videos": reverse(f"{VIDEO}:list"),
        "plans": reverse("plan_numbers:index"),
    }

    assert {name for name, address in addresses.items() if client.get(address).status_code == 200} == allowed


@pytest.mark.parametrize(
    ("role", "shown"), [(Role.EDITOR, True), (Role.OFFICER, True), (Role.CUSTODIAN, False)]
)
def test_menu_shows_the_section_to_those_who_may(office: Office, role: Role, shown: bool) -> None:
    html = signed(staff(role, office=office, username="somebody")).get("/admin/").content.decode()

    assert (reverse(f"{VISIT}:list") in html) is shown
    assert (reverse("plan_numbers:index") in html) is (role == Role.EDITOR)


def test_every_form_opens_without_inline_script(editor: Client, outreach: OutreachIndexPage) -> None:
    plan, rule, quiz = add_plan(), add_rule(), add_quiz()
    point = add_point()
    visit, matter, video = add_visit(point), add_matter(), add_video()
    paths = [f"/admin/pages/{page.pk}/edit/" for page in (plan, rule, quiz, add_list(), add_liaison_page())]
    paths += [
        f"/admin/pages/add/home/{name}/{outreach.pk}/"
        for name in ("topicpage", "quizpage", "enforcementplanpage")
    ]
    paths += [reverse(f"{VISIT}:add"), reverse(f"{VISIT}:edit", args=[visit.pk])]
    paths += [reverse(f"{POINT}:add"), reverse(f"{POINT}:edit", args=[point.pk])]
    paths += [
        reverse(f"{MATTER}:edit", args=[matter.pk]),
        reverse(f"{MATTER}:import"),
        reverse(f"{VIDEO}:add"),
    ]
    paths += [reverse(f"{VIDEO}:edit", args=[video.pk]), reverse("plan_numbers:update", args=[plan.pk])]

    answers = {path: editor.get(path) for path in paths}

    assert {path: answer.status_code for path, answer in answers.items()} == dict.fromkeys(paths, 200)
    assert {path: inline_scripts(answer.content.decode()) for path, answer in answers.items()} == {
        path: [] for path in paths
    }


# --- signing in -------------------------------------------------------------------------------------------------


def test_officer_signs_a_visit_in(officer: User) -> None:
    point = add_point(officer=officer)

    answer = signed(officer).post(reverse(f"{VISIT}:add"), form_of(point=point.pk))

    assert (answer.status_code, answer["Location"]) == (302, reverse(f"{VISIT}:list"))
    visit = HelpVisit.objects.get()
    assert (visit.point, visit.is_shown, visit.entered_by) == (point, False, officer)
    assert dict(visit.signs.values_list("post", "count")) == {"worker": 12, "safety": 3}


def test_form_asks_for_no_name(officer: User) -> None:
    add_point(officer=officer)

    html = signed(officer).get(reverse(f"{VISIT}:add")).content.decode()

    form = html.split('enctype="multipart/form-data"')[1].split("</form>")[0]
    fields = set(re.findall(r'\bname="([^"]+)"', form)) - {"csrfmiddlewaretoken"}
    assert {name for name in fields if not name.startswith("people_")} == {
        "point", "day", "topic", "officers", "outcome", "photos", "photo_words",
    }  # fmt: skip
    assert len(fields) == 14
    assert 'inputmode="numeric"' in form


def test_officer_signs_in_for_own_points_only(officer: User) -> None:
    add_point(officer=officer)
    foreign = add_point()

    answer = signed(officer).post(reverse(f"{VISIT}:add"), form_of(point=foreign.pk))

    assert answer.status_code == 200
    assert not HelpVisit.objects.exists()


def test_officer_without_a_point_is_told_what_to_do_and_who_helps(officer: User, office: Office) -> None:
    staff(Role.EDITOR, office=office, username="writer", first_name="钱宁")

    html = signed(officer).get(reverse(f"{VISIT}:add")).content.decode()

    told = ("您名下还没有联系点", "请编辑分给您一个：钱宁", "同事的企业", "补登")
    assert [words for words in told if words not in html] == []
    assert 'enctype="multipart/form-data"' not in html


def test_without_an_editor_the_officer_is_sent_to_the_administrator(officer: User) -> None:
    assert "系统管理员" in signed(officer).get(reverse(f"{VISIT}:add")).content.decode()


def test_officer_sees_visits_of_own_points_only(officer: User, writer: User) -> None:
    add_visit(add_point(officer=officer), topic="自己的")
    add_visit(add_point(), topic="别人的")

    html = signed(officer).get(reverse(f"{VISIT}:list")).content.decode()

    assert ("自己的" in html, "别人的" in html) == (True, False)
    assert "别人的" in signed(writer).get(reverse(f"{VISIT}:list")).content.decode()


@pytest.mark.parametrize("act", ["edit", "delete"])
def test_officer_changes_no_visit(officer: User, act: str) -> None:
    visit = add_visit(add_point(officer=officer))

    answer = signed(officer).post(reverse(f"{VISIT}:{act}", args=[visit.pk]), {"is_shown": "on"})

    assert answer.status_code in {302, 403}
    assert HelpVisit.objects.get().topic == visit.topic


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"people_worker": "", "people_safety": ""}, "没有人签到"),
        ({"people_worker": "-1"}, "error-message"),
        ({"people_worker": "999999"}, "小于或等于"),
        ({"day": "2999-01-01"}, "还没有到"),
        ({"day": "昨天"}, "日期"),
        ({"topic": ""}, "error-message"),
        ({"outcome": "长" * 601}, "600"),
    ],
)
def test_what_is_wrong_is_told_and_what_was_typed_stays(
    officer: User, change: dict[str, str], words: str
) -> None:
    point = add_point(officer=officer)

    answer = signed(officer).post(reverse(f"{VISIT}:add"), form_of(point=point.pk, **change))

    html = answer.content.decode()
    assert words in html
    assert "error-message" in html
    assert not HelpVisit.objects.exists()
    if "outcome" not in change:
        assert "改了五处。" in html


def photo(data: bytes, name: str = "IMG_20260310_093112.jpg") -> SimpleUploadedFile:
    """Return a photo as a phone sends it."""
    return SimpleUploadedFile(name, data, content_type="image/jpeg")


def test_photos_are_cleaned(officer: User) -> None:
    point = add_point(officer=officer)
    photos = [photo(camera_jpeg()), photo(plain_png(), "b.png")]

    signed(officer).post(
        reverse(f"{VISIT}:add"), form_of(point=point.pk, photos=photos, photo_words="阀门上的新牌子")
    )

    assert HelpVisit.objects.get().pictures.count() == 2
    for picture in SitePicture.objects.all():
        assert CAMERA.encode() not in picture.file.read()
        assert "IMG" not in picture.file.name


@pytest.mark.parametrize(
    ("photos", "words"),
    [
        ([photo(b"<html>", "坏的.jpg")], "坏的.jpg"),
        ([photo(plain_png()) for _ in range(7)], "最多 6 张照片"),
        ([photo(b"x" * (20 * 1024 * 1024 + 1), "大的.jpg")], "大的.jpg 超过 20 MB"),
    ],
)
def test_photos_that_cannot_be_taken_are_named(
    officer: User, photos: list[SimpleUploadedFile], words: str
) -> None:
    point = add_point(officer=officer)
    for one in photos:
        one.seek(0)

    answer = signed(officer).post(
        reverse(f"{VISIT}:add"), form_of(point=point.pk, photos=photos, photo_words="牌子")
    )

    assert words in answer.content.decode()
    assert not SitePicture.objects.exists()
    assert not HelpVisit.objects.exists()


def test_photos_need_words(officer: User) -> None:
    point = add_point(officer=officer)

    answer = signed(officer).post(
        reverse(f"{VISIT}:add"), form_of(point=point.pk, photos=[photo(plain_png())])
    )

    assert "请用文字说明照片拍的是什么。" in answer.content.decode()
    assert not SitePicture.objects.exists()


def test_editor_shows_a_visit(writer: User, client: Client, outreach: OutreachIndexPage) -> None:
    add_liaison_page()
    visit = add_visit(add_point(), is_shown=False)
    form = {
        "point": visit.point_id,
        "day": "2026-03-10",
        "topic": "液氨演练",
        "officers": "2",
        "outcome": "改好了。",
        "is_shown": "on",
    }

    answer = signed(writer).post(reverse(f"{VISIT}:edit", args=[visit.pk]), form)

    assert answer.status_code == 302, answer.context["form"].errors
    assert "改好了。" in client.get("/outreach/liaison/").content.decode()


def shown_form(visit: HelpVisit, **values: object) -> dict[str, object]:
    """Return what an editor sends to show a visit."""
    form = {
        "point": visit.point_id,
        "day": "2026-03-10",
        "topic": "液氨演练",
        "officers": "2",
        "outcome": visit.outcome,
        "is_shown": "on",
    }
    return form | values


def test_a_visit_that_names_somebody_is_not_shown(writer: User, outreach: OutreachIndexPage) -> None:
    add_liaison_page()
    visit = add_visit(add_point(), is_shown=False, outcome="由安全员李建国带队，电话13912345678。")
    browser, address = signed(writer), reverse(f"{VISIT}:edit", args=[visit.pk])

    answer = browser.post(address, shown_form(visit, topic="改过的主题"))

    html = answer.content.decode()
    assert answer.status_code == 200
    assert [words for words in ("李建国", "李某某", "13912345678", "改过的主题") if words not in html] == []
    assert not HelpVisit.objects.get().is_shown
    kept = browser.post(address, {**shown_form(visit), "is_shown": ""})
    assert kept.status_code == 302
    assert "李某某" in browser.get(address).content.decode().split("as-check__list")[1]


def test_a_second_person_waves_a_find_of_a_visit_through(writer: User, office: Office) -> None:
    add_liaison_page()
    visit = add_visit(add_point(), is_shown=False, outcome="由安全员李建国带队。")
    HelpVisit.objects.update(entered_by=writer)
    visit.refresh_from_db()
    other = staff(Role.EDITOR, office=office, username="other")
    [find] = open_finds(visit=visit)
    address, answer = reverse("visit_finds", args=[visit.pk]), {"mark": find.mark, "reason": "化名"}

    assert signed(writer).post(address, answer).status_code == 409
    assert signed(other).post(address, answer).status_code == 302
    assert (
        signed(writer).post(reverse(f"{VISIT}:edit", args=[visit.pk]), shown_form(visit)).status_code == 302
    )
    assert HelpVisit.objects.get().is_shown
    assert [row.data["detail"] for row in AuditRow.objects.filter(action="case.find_waived")] == ["person"]


def test_officers_answer_no_finds(officer: User) -> None:
    visit = add_visit(add_point(officer=officer), outcome="由安全员李建国带队。")

    assert signed(officer).get(reverse("visit_finds", args=[visit.pk])).status_code in {302, 403}


# --- points, rows, videos -----------------------------------------------------------------------------------------


def test_editor_adds_a_point_of_a_public_unit(writer: User, officer: User) -> None:
    form = {
        "enterprise": "西安某冷库公司", "district": "灞桥区", "unit": "市应急管理局", "phone": "029-1",
        "officer": officer.pk, "surname": "", "since": "2026-01-01", "is_shown": "on",
    }  # fmt: skip

    answer = signed(writer).post(reverse(f"{POINT}:add"), form)

    assert answer.status_code == 302, answer.context["form"].errors
    assert LiaisonPoint.objects.get().officer == officer
    refused = signed(writer).post(reverse(f"{POINT}:add"), {**form, "enterprise": "别的", "unit": "没有的局"})
    assert "unit" in refused.context["form"].errors


def test_unit_that_was_closed_stays_with_its_points(writer: User) -> None:
    point = add_point(unit="撤销的局")

    html = signed(writer).get(reverse(f"{POINT}:edit", args=[point.pk])).content.decode()

    assert '<option value="撤销的局" selected>' in html


def test_list_of_points_counts_the_visits_of_the_year(writer: User) -> None:
    point = add_point()
    for _ in range(2):
        add_visit(point, day=timezone.localdate(), is_shown=False)

    html = signed(writer).get(reverse(f"{POINT}:list")).content.decode()

    assert re.search(r"<td[^>]*>\s*2\s*</td>", html)


def test_file_is_taken(writer: User) -> None:
    file = SimpleUploadedFile("清单.csv", csv_of(ROW))

    answer = signed(writer).post(reverse(f"{MATTER}:import"), {"file": file})

    assert answer.status_code == 302
    assert NoPenaltyMatter.objects.count() == 1


def test_faults_of_a_file_are_listed(writer: User) -> None:
    file = SimpleUploadedFile("清单.csv", csv_of({**ROW, "事项": ""}, {**ROW, "编号": "W02", "领域": ""}))

    answer = signed(writer).post(reverse(f"{MATTER}:import"), {"file": file})

    html = answer.content.decode()
    assert answer.status_code == 422
    assert "没有导入：2 处错误。" in html
    assert "第 3 行：领域" in html
    assert not NoPenaltyMatter.objects.exists()


def test_editor_stores_a_video(writer: User, media_root: object) -> None:
    poster = add_video().poster
    SiteVideo.objects.all().delete()
    form = {
        "title": "六步", "title_en": "", "seconds": "32", "poster": poster.pk, "transcript": "先通风。",
        "file": SimpleUploadedFile("VID.mp4", film()), "captions": SimpleUploadedFile("zh.vtt", VTT),
    }  # fmt: skip

    answer = signed(writer).post(reverse(f"{VIDEO}:add"), form)

    assert answer.status_code == 302, answer.context["form"].errors
    assert b"Marker" not in SiteVideo.objects.get().file.read()


def test_video_that_is_none_is_refused_beside_its_field(writer: User) -> None:
    poster = add_video().poster
    form = {
        "title": "六步", "seconds": "32", "poster": poster.pk, "transcript": "先通风。",
        "file": SimpleUploadedFile("a.mp4", b"<html>"), "captions": SimpleUploadedFile("zh.vtt", b"SRT"),
    }  # fmt: skip

    answer = signed(writer).post(reverse(f"{VIDEO}:add"), form)

    assert set(answer.context["form"].errors) == {"file", "captions"}
    assert SiteVideo.objects.count() == 1


# --- numbers of the plan ----------------------------------------------------------------------------------------


@pytest.fixture
def plan(outreach: OutreachIndexPage) -> EnforcementPlanPage:
    """Return a plan of this year."""
    year = timezone.localdate().year
    return add_plan(year=year, title=f"{year} 年执法计划")


def numbers(day: date, *done: int, note: str = "") -> dict[str, object]:
    """Return what an editor sends."""
    return {
        "day": day.isoformat(),
        "note": note,
        **{f"n{place}": number for place, number in enumerate(done)},
    }


def test_editor_updates_the_numbers(writer: User, plan: EnforcementPlanPage) -> None:
    address = reverse("plan_numbers:update", args=[plan.pk])

    answer = signed(writer).post(address, numbers(timezone.localdate(), 5, 6, 7, note="第一次"))

    assert (answer.status_code, answer["Location"]) == (302, reverse("plan_numbers:index"))
    assert (plan.progress.total.done, PlanUpdate.objects.get().note) == (18, "第一次")


def test_form_begins_with_the_numbers_before(writer: User, plan: EnforcementPlanPage) -> None:
    address = reverse("plan_numbers:update", args=[plan.pk])
    signed(writer).post(address, numbers(timezone.localdate(), 5, 6, 7))

    html = signed(writer).get(address).content.decode()

    assert re.findall(r'name="n\d" value="(\d+)"', html) == ["5", "6", "7"]


@pytest.mark.parametrize("done", [(5, 6), (5, 6, -1), (5, 6, "x")])
def test_numbers_that_make_no_sense_are_refused(
    writer: User, plan: EnforcementPlanPage, done: tuple[int, ...]
) -> None:
    answer = signed(writer).post(
        reverse("plan_numbers:update", args=[plan.pk]), numbers(timezone.localdate(), *done)
    )

    assert set(answer.context["form"].errors) == {"n2"}
    assert not PlanUpdate.objects.exists()


def test_day_to_come_is_refused(writer: User, plan: EnforcementPlanPage) -> None:
    answer = signed(writer).post(
        reverse("plan_numbers:update", args=[plan.pk]), numbers(date(2999, 1, 1), 1, 2, 3)
    )

    assert "这一天还没有到。" in answer.content.decode()
    assert not PlanUpdate.objects.exists()


def test_plans_are_listed_with_the_way_to_their_numbers(writer: User, plan: EnforcementPlanPage) -> None:
    html = signed(writer).get(reverse("plan_numbers:index")).content.decode()

    assert reverse("plan_numbers:update", args=[plan.pk]) in html


def test_without_a_plan_the_page_says_where_to_add_one(writer: User) -> None:
    assert "还没有执法计划" in signed(writer).get(reverse("plan_numbers:index")).content.decode()


def test_unknown_plan_is_not_found(writer: User) -> None:
    assert signed(writer).get(reverse("plan_numbers:update", args=[999])).status_code == 404


# --- words ------------------------------------------------------------------------------------------------------


def test_every_page_of_ours_says_what_it_is(writer: User, plan: EnforcementPlanPage) -> None:
    add_point()
    pages = {
        reverse(f"{VISIT}:add"): "登记上门帮扶",
        reverse(f"{MATTER}:import"): "从文件导入清单",
        reverse("plan_numbers:index"): "执法计划",
        reverse("plan_numbers:update", args=[plan.pk]): "更新进度",
    }

    client = signed(writer)
    heads = {
        path: client.get(path).content.decode().split('id="main"')[1].split("<form")[0] for path in pages
    }

    assert [path for path, words in pages.items() if words not in heads[path]] == []


def test_words_are_those_of_visits_and_not_of_tips(officer: User, writer: User) -> None:
    add_visit(add_point(officer=officer))

    form = signed(officer).get(reverse(f"{VISIT}:add")).content.decode()
    listed = signed(writer).get(reverse(f"{VISIT}:list")).content.decode()

    for words in ("帮扶日期", "做了什么", "执法人员人数", "一线员工"):
        assert words in form
    for words in ("处理情况", "到场日期", "检查日期", "举报编号"):
        assert words not in form + listed


def test_list_of_points_names_the_officer_as_colleagues_do(officer: User, writer: User) -> None:
    add_point(officer=officer)

    html = signed(writer).get(reverse(f"{POINT}:list")).content.decode()

    assert "赵敏" in html
    assert "承办人" not in html.split("<table")[1]
