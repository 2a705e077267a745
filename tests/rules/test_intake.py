"""Reading of a submission: what makes a tip, every refusal by name, and that nothing else ever comes out."""

import json
from collections.abc import Mapping, Sequence
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from complaints.crypto.envelope import public_key_of, seal_fields
from complaints.enums import IdentityMode, Problem
from complaints.errors import DraftInvalid, FieldProblem
from complaints.rules.intake import FIELDS, Codes, TipDraft, is_key, read_draft
from complaints.rules.places import Datum

TODAY = date(2026, 3, 10)
KEY = "0123456789abcdef" * 2
CODES = Codes(
    districts=frozenset({"610113", "610104"}),
    district_of_town={"610113001": "610113", "610104001": "610104"},
)
ENVELOPE = seal_fields(
    public_key=public_key_of(bytes(32)), vault=1, binding=KEY, field="identity", fields={"name": "张"}
).to_json()
PLAIN = {"description": ["冲床没有防护罩"], "address": ["科技路"], "idempotency_key": [KEY]}


def read(*, photos: int = 0, drop: Sequence[str] = (), **values: str | list[str]) -> TipDraft:
    raw: dict[str, Sequence[str]] = {name: value for name, value in PLAIN.items() if name not in drop}
    raw.update({name: [value] if isinstance(value, str) else value for name, value in values.items()})
    return read_draft(raw, codes=CODES, today=TODAY, photo_count=photos)


def problems(
    *, photos: int = 0, drop: Sequence[str] = (), **values: str | list[str]
) -> list[tuple[str, Problem]]:
    with pytest.raises(DraftInvalid) as caught:
        read(photos=photos, drop=drop, **values)
    return [(found.field, found.problem) for found in caught.value.problems]


def test_a_sentence_and_a_place_make_a_tip() -> None:
    draft = read()

    assert (draft.description, draft.address) == ("冲床没有防护罩", "科技路")
    assert draft.identity_mode == IdentityMode.ANONYMOUS_WITH_CODE
    assert (draft.in_danger, draft.occurred_on, draft.lat) == (False, None, None)


def test_a_photo_replaces_the_sentence() -> None:
    assert read(photos=1, drop=["description"]).description == ""


@pytest.mark.parametrize(
    "place",
    [
        {"address": "科技路"},
        {"entity_name": "某金属制品厂"},
        {"district": "610113"},
        {"town": "610113001"},
        {"lat": "34.2", "lng": "108.9"},
    ],
)
def test_any_of_these_is_a_place(place: dict[str, str]) -> None:
    assert read(drop=["address"], **place).idempotency_key == KEY


def test_without_matter_and_place_both_are_asked_for() -> None:
    found = problems(drop=["description", "address"])

    assert found == [("photos", Problem.NEEDS_MATTER), ("address", Problem.NEEDS_PLACE)]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({"description": "   "}, ("photos", Problem.NEEDS_MATTER)),
        ({"description": "字" * 5001}, ("description", Problem.TOO_LONG)),
        ({"description": "字" * 1_000_000}, ("description", Problem.TOO_LONG)),
        ({"description": "a\x00b"}, ("description", Problem.BAD_CHARACTERS)),
        ({"entity_name": "abc\u202ecba"}, ("entity_name", Problem.BAD_CHARACTERS)),
        ({"entity_name": "厂" * 101}, ("entity_name", Problem.TOO_LONG)),
        ({"address": "路" * 201}, ("address", Problem.TOO_LONG)),
        ({"kind": "nonsense"}, ("kind", Problem.UNKNOWN_CODE)),
        ({"violation": "x"}, ("violation", Problem.UNKNOWN_CODE)),
        ({"industry": "x"}, ("industry", Problem.UNKNOWN_CODE)),
        ({"operations": ["hot_work", "x"]}, ("operations", Problem.UNKNOWN_CODE)),
        ({"district": "110101"}, ("district", Problem.UNKNOWN_CODE)),
        ({"town": "110101001"}, ("town", Problem.UNKNOWN_CODE)),
        ({"district": "610104", "town": "610113001"}, ("town", Problem.DIVISION_MISMATCH)),
        ({"lat": "34.2"}, ("lat", Problem.BAD_NUMBER)),
        ({"lng": "108.9"}, ("lat", Problem.BAD_NUMBER)),
        ({"lat": "north", "lng": "108"}, ("lat", Problem.BAD_NUMBER)),
        ({"lat": "nan", "lng": "108"}, ("lat", Problem.BAD_NUMBER)),
        ({"lat": "34", "lng": "inf"}, ("lng", Problem.BAD_NUMBER)),
        ({"lat": "90.0001", "lng": "108"}, ("lat", Problem.BAD_NUMBER)),
        ({"lat": "34", "lng": "180.1"}, ("lng", Problem.BAD_NUMBER)),
        ({"lat": "34", "lng": "108", "datum": "BD09"}, ("datum", Problem.UNKNOWN_CODE)),
        ({"occurred_on": "2026-03-11"}, ("occurred_on", Problem.FUTURE_DATE)),
        ({"occurred_on": "1995-12-31"}, ("occurred_on", Problem.LONG_AGO)),
        ({"occurred_on": "10.3.2026"}, ("occurred_on", Problem.BAD_DATE)),
        ({"occurred_on": "2026-02-30"}, ("occurred_on", Problem.BAD_DATE)),
        ({"occurred_on": "20260310"}, ("occurred_on", Problem.BAD_DATE)),
        ({"occurred_on": "2026-W10-2"}, ("occurred_on", Problem.BAD_DATE)),
        ({"entity_code": "91350100M000100Y44"}, ("entity_code", Problem.BAD_CREDIT_CODE)),
        ({"entity_code": "123"}, ("entity_code", Problem.BAD_CREDIT_CODE)),
        ({"entity_code": "ß" * 18}, ("entity_code", Problem.BAD_CREDIT_CODE)),
        ({"idempotency_key": "short"}, ("idempotency_key", Problem.BAD_KEY)),
        ({"idempotency_key": "g" * 32}, ("idempotency_key", Problem.BAD_KEY)),
        ({"idempotency_key": KEY.upper()}, ("idempotency_key", Problem.BAD_KEY)),
        ({"idempotency_key": "٠" * 32}, ("idempotency_key", Problem.BAD_KEY)),
        ({"identity_mode": "nobody"}, ("identity_mode", Problem.UNKNOWN_CODE)),
        ({"identity_mode": "anonymous", "name": "张三"}, ("identity_mode", Problem.NAME_NOT_WANTED)),
        ({"phone": "13800000000"}, ("identity_mode", Problem.NAME_NOT_WANTED)),
        ({"identity_envelope": ENVELOPE}, ("identity_mode", Problem.NAME_NOT_WANTED)),
        ({"identity_mode": "real_name", "identity_envelope": "{}"}, ("name", Problem.BAD_ENVELOPE)),
        ({"identity_mode": "real_name", "identity_envelope": "[" * 3000}, ("name", Problem.BAD_ENVELOPE)),
        ({"identity_mode": "real_name", "phone": "13800000000"}, ("name", Problem.NEEDS_NAME)),
        ({"identity_mode": "real_name", "name": "张三"}, ("phone", Problem.NEEDS_PHONE)),
        ({"identity_mode": "real_name", "name": "张三", "phone": "12345"}, ("phone", Problem.BAD_PHONE)),
        ({"identity_mode": "real_name", "name": "张三", "phone": "02988888888"}, ("phone", Problem.BAD_PHONE)),
        ({"identity_mode": "real_name", "name": "张三", "phone": "138٠٠٠٠٠٠٠٠"}, ("phone", Problem.BAD_PHONE)),
        ({"is_superuser": "1"}, ("is_superuser", Problem.UNKNOWN_FIELD)),
        ({"Description": "x"}, ("Description", Problem.UNKNOWN_FIELD)),
    ],
)  # fmt: skip
def test_each_fault_has_its_name(values: dict[str, str | list[str]], expected: tuple[str, Problem]) -> None:
    assert problems(**values) == [expected]


def test_all_faults_are_told_at_once() -> None:
    found = problems(kind="x", occurred_on="2027-01-01", district="1", idempotency_key="", zz="1")

    assert [name for name, _problem in found] == ["zz", "kind", "district", "idempotency_key", "occurred_on"]


def test_unknown_field_names_are_cut_and_controls_of_the_form_are_let_through() -> None:
    raw = {**PLAIN, "x" * 5000: ["1"], "captcha": ["abc"]}

    with pytest.raises(DraftInvalid) as caught:
        read_draft(raw, codes=CODES, today=TODAY, photo_count=0, extra_fields=frozenset({"captcha"}))

    assert [found.field for found in caught.value.problems] == ["x" * 40]


@pytest.mark.parametrize(
    ("values", "name", "expected"),
    [
        ({"operations": ["dust", "hot_work", "dust", ""]}, "operations", ("dust", "hot_work")),
        ({"in_danger": "on"}, "in_danger", True),
        ({"in_danger": "1"}, "in_danger", True),
        ({"in_danger": "TRUE"}, "in_danger", True),
        ({"in_danger": "0"}, "in_danger", False),
        ({"in_danger": ""}, "in_danger", False),
        ({"occurred_on": "2026-03-10"}, "occurred_on", TODAY),
        ({"occurred_on": "1996-01-01"}, "occurred_on", date(1996, 1, 1)),
        ({"town": "610113001"}, "district", "610113"),
        ({"lat": "-90", "lng": "180"}, "lat", -90.0),
        ({"lat": "34.2", "lng": "108.9", "datum": "GCJ02"}, "datum", Datum.GCJ02),
        ({"lat": "34.2", "lng": "108.9"}, "datum", Datum.WGS84),
        ({"entity_code": "91350100m000100y43"}, "entity_code", "91350100M000100Y43"),
        ({"entity_code": "91350100 M000100Y43"}, "entity_code", "91350100M000100Y43"),
        ({"idempotency_key": f" {KEY} "}, "idempotency_key", KEY),
        ({"kind": ["", "violation"]}, "kind", "violation"),
    ],
)
def test_values_are_read(values: dict[str, str | list[str]], name: str, expected: object) -> None:
    assert getattr(read(**values), name) == expected


@pytest.mark.parametrize("typed", ["13800001234", "138 0000 1234", "138-0000-1234", "+86 13800001234"])
def test_a_phone_is_read_as_people_write_it(typed: str) -> None:
    draft = read(identity_mode="real_name", name="张三", phone=typed, is_employee="on")

    assert dict(draft.identity) == {"name": "张三", "phone": "13800001234", "is_employee": "1"}


def test_a_sealed_name_keeps_the_typed_one_out() -> None:
    draft = read(identity_mode="real_name", identity_envelope=ENVELOPE, name="张三", phone="13800001234")

    assert draft.envelope is not None
    assert dict(draft.identity) == {}


def test_a_draft_does_not_print_a_name() -> None:
    draft = read(identity_mode="real_name", name="马克西姆", phone="13899990000")

    assert "马克西姆" not in repr(draft)
    assert "13899990000" not in repr(draft)


@pytest.mark.parametrize(
    ("key", "holds"), [(KEY, True), (KEY.upper(), False), (KEY[:-1], False), ("", False)]
)
def test_shape_of_a_key(key: str, holds: bool) -> None:
    assert is_key(key) is holds


JUNK = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        ["", "0", "-1", "1e999", "NaN", "２０２６-03-10", "0001-01-01", "\x00", "\ud800", "1_0", KEY]
    ),
    st.recursive(st.integers() | st.text(max_size=5), lambda inner: st.lists(inner, max_size=3)).map(
        json.dumps
    ),
    st.just(ENVELOPE),
)
RAW = st.dictionaries(
    st.sampled_from(sorted(FIELDS)) | st.text(max_size=12), st.lists(JUNK, max_size=3), max_size=12
)


@settings(max_examples=400)
@given(raw=RAW, photos=st.integers(0, 12))
@example(raw={"entity_code": ["٩" * 18]}, photos=1)
@example(raw={"identity_mode": ["real_name"], "identity_envelope": ['{"v":' + "[" * 2000]}, photos=1)
def test_anything_gives_a_draft_or_a_refusal(raw: Mapping[str, Sequence[str]], photos: int) -> None:
    draft, refused = attempt(raw, photos=photos)

    if draft is None:
        assert refused
        assert all(len(found.field) <= 40 and found.field.encode() is not None for found in refused)
    else:
        assert draft.description or photos
        assert is_key(draft.idempotency_key)
        assert draft.occurred_on is None or draft.occurred_on <= TODAY
        assert draft.town == "" or CODES.district_of_town[draft.town] == draft.district
        assert draft.identity_mode == IdentityMode.REAL_NAME or not (draft.envelope or draft.identity)


def attempt(
    raw: Mapping[str, Sequence[str]], *, photos: int
) -> tuple[TipDraft | None, Sequence[FieldProblem]]:
    try:
        return read_draft(raw, codes=CODES, today=TODAY, photo_count=photos), ()
    except DraftInvalid as refusal:
        return None, refusal.problems
