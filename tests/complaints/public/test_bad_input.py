"""Bad input: a clear Chinese message, everything typed still there, nothing stored."""

from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.test.client import BOUNDARY, MULTIPART_CONTENT
from django.utils import translation
from pytest_django import Settings

from complaints.enums import Problem
from complaints.models import Tip
from tests.complaints.public.forms import WORDS, filled, is_nothing_stored, one, photo, send, soup, summary
from tests.factories import jpeg
from tests.fixtures import OUTSIDE, YANTA, City
from tests.portal import photo_samples

NAME, PHONE = "欧阳小明", "13800001234"
MEGABYTE = 1024 * 1024
FAULTS = {
    "EMPTY": "这个文件是空的",
    "TOO_LARGE_BYTES": "超过 20 MB",
    "NOT_AN_IMAGE": "这不是照片",
    "KIND_NOT_ALLOWED": "收不了这种格式",
    "TOO_MANY_PIXELS": "像素太多",
    "ANIMATED": "收不了动图",
    "DAMAGED": "坏了，打不开",
}
HOSTILE = photo_samples.hostile()
ENVELOPE = '{"v":1,"suite":"xwing-hkdf256-a256gcm","vault":9,"ct":"' + "A" * 1868 + '"}'

# What is sent instead of the good value, the field the message stands at, and a piece of the message.
WRONG: dict[str, tuple[dict[str, Any], str, str]] = {
    "nothing at all": ({"description": None}, "photos", "拍一张照片，或者写一句"),
    "no place": ({"address": None}, "address", "请写一个能找到的地方"),
    "unknown kind": ({"kind": "gossip"}, "kind", "没有这个选项"),
    "unknown breach": ({"violation": "x"}, "violation", "没有这个选项"),
    "unknown industry": ({"industry": "x"}, "industry", "没有这个选项"),
    "unknown operation": ({"operations": ["dust", "x"]}, "operations", "没有这个选项"),
    "unknown district": ({"district": "999999"}, "district", "没有这个选项"),
    "unknown town": ({"town": "999999999"}, "town", "没有这个选项"),
    "unknown mode": ({"identity_mode": "x"}, "identity", "没有这个选项"),
    "future day": ({"occurred_on": "2999-01-01"}, "occurred_on", "这一天还没到"),
    "day long ago": ({"occurred_on": "1900-01-01"}, "occurred_on", "太久了"),
    "no day": ({"occurred_on": "昨天"}, "occurred_on", "2026-03-10"),
    "31 February": ({"occurred_on": "2026-02-31"}, "occurred_on", "2026-03-10"),
    "point outside": ({"lat": OUTSIDE[0], "lng": OUTSIDE[1]}, "address", "不在本市"),
    "half a point": ({"lat": "34.2"}, "place", "不是数字"),
    "no number": ({"lat": "north", "lng": "east"}, "place", "不是数字"),
    "not a finite number": ({"lat": "nan", "lng": "inf"}, "place", "不是数字"),
    "one megabyte of text": ({"description": "长" * (MEGABYTE // 3)}, "description", "写得太长了"),
    "long address": ({"address": "长" * 201}, "address", "写得太长了"),
    "long name of the enterprise": ({"entity_name": "长" * 101}, "entity_name", "写得太长了"),
    "NUL": ({"description": WORDS + "\0"}, "description", "显示不出来的字符"),
    "reordering marks": ({"address": "科技路\u202e81"}, "address", "显示不出来的字符"),
    "control character": ({"entity_name": "公司\x07"}, "entity_name", "显示不出来的字符"),
    "bad credit code": ({"entity_code": "91110000600037341X"}, "entity_code", "信用代码不对"),
    "no key": ({"idempotency_key": None}, "", "本页放得太久了"),
    "bad key": ({"idempotency_key": "x" * 32}, "", "本页放得太久了"),
    "malformed envelope": ({"identity_mode": "real_name", "identity_envelope": "{}"}, "name", "姓名没有封好"),
    "envelope for another vault": (
        {"identity_mode": "real_name", "identity_envelope": ENVELOPE},
        "name",
        "姓名",
    ),
    "real name without a name": ({"identity_mode": "real_name", "phone": PHONE}, "name", "实名举报要写姓名"),
    "real name without a number": ({"identity_mode": "real_name", "name": NAME}, "phone", "手机号"),
    "number too short": ({"identity_mode": "real_name", "name": NAME, "phone": "138"}, "phone", "11 位数字"),
    "name of an anonymous": ({"name": NAME, "phone": PHONE}, "identity", "您选的是匿名"),
    "unknown field": ({"is_admin": "1"}, "", "没有这一项"),
}


@pytest.mark.parametrize("case", WRONG)
def test_wrong_value_is_told_at_its_field(client: Client, city: City, evidence_root: Path, case: str) -> None:
    changed, field, words = WRONG[case]

    response = send(client, **changed)

    page = soup(response)
    assert response.status_code == 422
    assert any(words in line for line in summary(response))
    assert is_nothing_stored(evidence_root)
    if field:
        assert words in one(page, f"#{field}-e").get_text()
        assert page.select_one(f".errors a[href='#{field}']") is not None
        assert one(page, f"#{field}")


@pytest.mark.parametrize(
    "case", [case for case, (changed, _field, _words) in WRONG.items() if "description" not in changed]
)
def test_words_stay_whatever_else_is_wrong(client: Client, city: City, case: str) -> None:
    page = soup(send(client, **WRONG[case][0]))

    assert one(page, "#description").get_text() == WORDS


def test_town_of_another_district_is_refused(client: Client, city: City, evidence_root: Path) -> None:
    response = send(client, district=YANTA, town=city.other_town_code)

    page = soup(response)
    assert "不在所选的区县里" in one(page, "#town-e").get_text()
    assert page.select_one(f"#district option[value='{YANTA}'][selected]") is not None
    assert is_nothing_stored(evidence_root)


def test_everything_typed_comes_back(client: Client, city: City) -> None:
    page = soup(
        send(
            client,
            address="科技路 18 号",
            entity_name="某金属公司",
            entity_code="91110000600037341X",
            occurred_on="2026-01-05",
            kind="violation",
            violation="untrained",
            industry="power",
            operations=["dust", "lifting"],
            district=YANTA,
            town=city.town_code,
            lat="34.2183",
            lng="108.9642",
            in_danger="1",
            identity_mode="anonymous",
        )
    )

    assert one(page, "#address")["value"] == "科技路 18 号"
    assert one(page, "#entity_name")["value"] == "某金属公司"
    assert one(page, "#entity_code")["value"] == "91110000600037341X"
    assert one(page, "#occurred_on")["value"] == "2026-01-05"
    assert (one(page, "[name=lat]")["value"], one(page, "[name=lng]")["value"]) == ("34.2183", "108.9642")
    chosen = {
        str(field.get("value"))
        for field in page.select("form[data-report] [checked], form[data-report] [selected]")
    }
    assert chosen == {
        "violation",
        "untrained",
        "power",
        "dust",
        "lifting",
        YANTA,
        city.town_code,
        "1",
        "anonymous",
    }
    assert one(page, ".fold").has_attr("open")
    assert one(page, "[data-divisions]").has_attr("data-open")


def test_characters_that_cannot_be_shown_are_dropped_and_nothing_else(client: Client, city: City) -> None:
    page = soup(send(client, description=f"{WORDS}\0\u202e🔥二楼", entity_name="<script>alert(1)</script>"))

    assert one(page, "#description").get_text() == f"{WORDS}🔥二楼"
    assert one(page, "#entity_name")["value"] == "<script>alert(1)</script>"


def test_emoji_and_rare_characters_are_taken(client: Client, city: City) -> None:
    words = "🔥 鎏金车间 𠮷野家隔壁 é"

    send(client, description=words)

    assert Tip.objects.get().description == words


@pytest.mark.parametrize(
    "changed",
    [
        {"identity_mode": "real_name", "name": NAME, "phone": PHONE, "address": None},
        {"name": NAME, "phone": PHONE},
        {"identity_mode": "real_name", "name": NAME, "phone": "138"},
        {"identity_mode": "real_name", "name": f"{NAME}\0", "phone": PHONE},
    ],
)
def test_name_and_number_are_never_sent_back(client: Client, city: City, changed: dict[str, Any]) -> None:
    response = send(client, **changed)

    assert response.status_code == 422
    assert NAME not in response.content.decode()
    assert PHONE not in response.content.decode()


def test_real_names_are_refused_when_the_vault_was_exchanged(
    client: Client, city: City, settings: Any, evidence_root: Path
) -> None:
    settings.VAULT_FINGERPRINT = "0000-" * 15 + "0000"

    response = send(client, identity_mode="real_name", name=NAME, phone=PHONE)

    assert "现在收不了实名举报" in one(soup(response), "#identity-e").get_text()
    assert is_nothing_stored(evidence_root)


@pytest.mark.parametrize("sample", HOSTILE)
def test_hostile_photo_is_named_and_words_stay(
    client: Client, city: City, evidence_root: Path, sample: str
) -> None:
    build, code = HOSTILE[sample]

    response = send(client, photos=[photo(jpeg()), photo(build())])

    page = soup(response)
    line = one(page, "#photo-2")
    assert response.status_code == 422
    assert FAULTS[code] in line.get_text()
    assert line["data-photo-problem"] == "2"
    assert not page.select("#photo-1")
    assert one(page, "#description").get_text() == WORDS
    assert is_nothing_stored(evidence_root)


def test_ten_photos_are_one_too_many(client: Client, city: City, evidence_root: Path) -> None:
    response = send(client, photos=[photo(jpeg(width=40, height=30, shade=shade)) for shade in range(10)])

    assert response.status_code == 422
    assert "最多 9 张" in one(soup(response), "#photos-e").get_text()
    assert is_nothing_stored(evidence_root)


@pytest.mark.parametrize("sizes", [(15, 15, 15, 15, 1), (15, 15, 15, 15, 15)])
def test_photos_beyond_sixty_megabytes_are_refused(
    client: Client, city: City, evidence_root: Path, sizes: tuple[int, ...]
) -> None:
    files = [photo(jpeg() + bytes(size * MEGABYTE)) for size in sizes]

    response = send(client, photos=files)

    assert response.status_code == 422
    assert "超过 60 MB" in one(soup(response), "#photos-e").get_text()
    assert not soup(response).select("[data-photo-problem]")
    assert is_nothing_stored(evidence_root)


@pytest.mark.parametrize("megabytes", [3, 9])
def test_a_video_however_long_is_named_and_all_words_stay(
    client: Client, city: City, evidence_root: Path, settings: Settings, megabytes: int
) -> None:
    settings.PHOTO_MAX_BYTES = settings.PHOTOS_MAX_BYTES = 2000
    video = photo(bytes(megabytes * MEGABYTE), name="video.mp4")

    # As in the form, the fields stand behind the file.
    response = client.post("/report/", {"photos": video, **filled()})

    page = soup(response)
    assert response.status_code == 422
    assert "超过 20 MB" in one(page, "#photo-1").get_text()
    assert one(page, "#description").get_text() == WORDS
    assert is_nothing_stored(evidence_root)


def test_photo_behind_a_long_video_is_not_forgotten(
    client: Client, city: City, evidence_root: Path, settings: Settings
) -> None:
    settings.PHOTO_MAX_BYTES = settings.PHOTOS_MAX_BYTES = 20_000

    response = send(client, photos=[photo(bytes(9 * MEGABYTE)), photo(jpeg(width=40, height=30))])

    assert response.status_code == 422
    assert one(soup(response), "[data-photo-problem]")["data-photo-problem"] == "1"
    assert is_nothing_stored(evidence_root)


@pytest.mark.parametrize("path", ["/report/", "/status/"])
def test_what_nobody_would_read_to_the_end_is_refused_in_words(
    client: Client, city: City, evidence_root: Path, settings: Settings, path: str
) -> None:
    settings.BODY_MAX_BYTES = 5000

    response = client.post(path, filled(photos=photo(bytes(6000))))

    page = one(soup(response), "main").get_text()
    assert response.status_code == 413
    assert "没有发出去" in page
    assert "60 MB" in page
    assert "no-store" in response.headers["Cache-Control"]
    assert is_nothing_stored(evidence_root)


def test_photo_problems_ask_to_choose_again_without_scripts(client: Client, city: City) -> None:
    page = soup(send(client, photos=[photo(b"x")]))

    assert "浏览器留不住照片" in one(page, "[data-kept]").get_text()


def test_file_under_another_name_is_refused(client: Client, city: City, evidence_root: Path) -> None:
    response = send(client, attachment=photo(jpeg()))

    assert summary(response) == ["没有这一项。"]
    assert is_nothing_stored(evidence_root)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"--" + BOUNDARY.encode() + b"\r\nContent-Disposition: form-data; name=",
        b"\xff\xfe" * 100,
    ],
)
def test_body_that_is_no_form_gets_the_form_or_a_page(
    client: Client, city: City, evidence_root: Path, body: bytes
) -> None:
    response = client.generic("POST", "/report/", body, content_type=MULTIPART_CONTENT)

    assert response.status_code in {400, 422}
    assert "安哨" in response.content.decode()
    assert is_nothing_stored(evidence_root)


def test_body_without_a_boundary_is_no_server_fault(client: Client, city: City) -> None:
    response = client.generic("POST", "/report/", b"x=1", content_type="multipart/form-data")

    assert response.status_code == 400
    assert "没有看懂这个请求" in response.content.decode()


def test_text_beyond_all_limits_gets_a_page(client: Client, city: City, evidence_root: Path) -> None:
    response = send(client, description="长" * (4 * MEGABYTE))

    page = one(soup(response), "main").get_text()
    assert response.status_code == 413
    assert "没有发出去" in page
    assert "还在" in page
    assert is_nothing_stored(evidence_root)


def test_several_problems_are_counted_and_linked(client: Client, city: City) -> None:
    page = soup(send(client, description=None, address=None, kind="x"))

    alert = one(page, ".errors:not([data-trouble])")
    assert alert["role"] == "alert"
    assert one(page, "#err-h").get_text() == f"还没有提交，有 {len(alert.select('a'))} 处要改"
    assert all(page.select_one(str(link["href"])) for link in alert.select("a"))


def test_messages_are_tied_to_their_fields(client: Client, city: City) -> None:
    field = one(soup(send(client, address="长" * 201)), "#address")

    assert field["aria-invalid"] == "true"
    assert field["aria-describedby"] == "address-e"


@pytest.mark.parametrize("problem", Problem)
def test_every_problem_has_a_chinese_sentence(problem: Problem) -> None:
    with translation.override("zh-hans"):
        assert any("\u4e00" <= letter <= "\u9fff" for letter in problem.label)
