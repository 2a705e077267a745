"""The list of matters without a fine: searched, filtered, printed, and taken from a file whole or not at all."""

import re
from collections.abc import Mapping

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from home.matters import PER_PAGE
from home.models import NoPenaltyMatter, NoPenaltyPage, OutreachIndexPage
from home.services.no_penalty import COLUMNS, FILE_MAX_BYTES, MOST_ROWS, NEEDED, import_matters
from tests.home.outreach_parts import add_list, add_matter

pytestmark = pytest.mark.django_db
ROW = {
    "编号": "W01",
    "领域": "警示标志",
    "事项": "缺少标志",
    "不罚条件": "首次发现",
    "应当怎样做": "补齐",
    "法律依据": "行政处罚法第三十三条",
}


@pytest.fixture
def page(outreach: OutreachIndexPage) -> NoPenaltyPage:
    """Return the published page of the list."""
    return add_list()


def read(client: Client, query: str = "") -> str:
    """Return the page as text."""
    response = client.get(f"/outreach/no-penalty/{query}")
    assert response.status_code == 200
    return response.content.decode()


def rows(html: str) -> list[str]:
    """Return the matters that are shown, without marks."""
    found = re.findall(r'<th scope="row">.*?<br>(.*?)</th>', html)
    return [re.sub(r"</?mark>", "", text) for text in found]


def csv_of(*lines: Mapping[str, str], columns: tuple[str, ...] = NEEDED, encoding: str = "utf-8") -> bytes:
    """Return a file with these rows."""
    text = [",".join(columns), *(",".join(line.get(name, "") for name in columns) for line in lines)]
    return "\r\n".join(text).encode(encoding)


# --- shown ------------------------------------------------------------------------------------------------------


def test_empty_list_says_so(client: Client, page: NoPenaltyPage) -> None:
    assert "这里还没有发布内容。" in read(client)


def test_row_says_everything(client: Client, page: NoPenaltyPage) -> None:
    add_matter(
        code="W07",
        field="教育培训",
        matter="档案不全",
        condition="五日内补记",
        instead="补全档案",
        basis="第三十三条",
    )

    html = read(client)

    assert rows(html) == ["档案不全"]
    for words in ("W07 · 教育培训", "五日内补记", "补全档案", "第三十三条", "共 1 项"):
        assert words in html


def test_unchecked_basis_is_told(client: Client, page: NoPenaltyPage) -> None:
    add_matter()
    assert "依据待核" in read(client)

    NoPenaltyMatter.objects.update(is_checked=True)
    assert "依据待核" not in read(client)


@pytest.mark.parametrize(
    ("count", "shown"), [(None, "—"), (0, "少于 5 件"), (4, "少于 5 件"), (5, "5 件"), (17, "17 件")]
)
def test_small_figures_are_hidden(client: Client, page: NoPenaltyPage, count: int | None, shown: str) -> None:
    add_matter(applied_count=count)

    [cell] = re.findall(r'<td class="n"[^>]*>(.*?)</td>', read(client))

    assert cell == shown


def test_hidden_rows_are_not_shown(client: Client, page: NoPenaltyPage) -> None:
    add_matter(matter="没有公开", field="别的领域", is_shown=False)

    html = read(client)

    assert "没有公开" not in html
    assert "别的领域" not in html


@pytest.mark.parametrize("word", ["标志", "当场", "补齐", "处罚法", "警示标志"])
def test_words_are_found_in_every_column(client: Client, page: NoPenaltyPage, word: str) -> None:
    add_matter(
        matter="找得到", condition="当场更换", instead="补齐牌子", basis="行政处罚法", field="警示标志"
    )
    add_matter(matter="别的", condition="甲", instead="乙", basis="丙", field="其他")

    assert rows(read(client, f"?q={word}")) == ["找得到"]


@pytest.mark.parametrize("word", ["志标", "%25%25", "__", "没有这个"])
def test_turned_words_and_wildcards_find_nothing(client: Client, page: NoPenaltyPage, word: str) -> None:
    add_matter()

    html = read(client, f"?q={word}")

    assert rows(html) == []
    assert "没有找到" in html


def test_all_words_must_stand_in_the_row(client: Client, page: NoPenaltyPage) -> None:
    add_matter(matter="两个都有", condition="当场", instead="补齐")
    add_matter(matter="只有一个", condition="当场", instead="更换")

    assert rows(read(client, "?q=当场 补齐")) == ["两个都有"]


def test_filter_by_area(client: Client, page: NoPenaltyPage) -> None:
    add_matter(matter="甲", field="教育培训")
    add_matter(matter="乙", field="应急管理")

    assert rows(read(client, "?field=应急管理")) == ["乙"]
    assert len(rows(read(client, "?field=没有"))) == 2
    assert '<option value="教育培训" lang="zh-CN">' in read(client)


def test_list_is_paged_and_printed_whole(client: Client, page: NoPenaltyPage) -> None:
    for _ in range(PER_PAGE + 1):
        add_matter(field="教育培训")

    assert len(rows(read(client))) == PER_PAGE
    assert len(rows(read(client, "?field=教育培训&page=2"))) == 1
    html = read(client, "?print=1")
    assert len(rows(html)) == PER_PAGE + 1
    assert "data-print" in html


def test_queries_do_not_grow(client: Client, page: NoPenaltyPage) -> None:
    add_matter()
    read(client)
    with CaptureQueriesContext(connection) as few:
        read(client)
    for _ in range(20):
        add_matter()
    with CaptureQueriesContext(connection) as many:
        read(client)

    assert len(few) == len(many) <= 14


def test_typed_markup_is_shown_not_obeyed(client: Client, page: NoPenaltyPage) -> None:
    attack = "<script>alert(1)</script>"
    add_matter(matter=attack, condition=attack, instead=attack, basis=attack, field="<b>领域</b>")

    for query in ("", "?q=alert"):
        html = read(client, query)
        assert attack not in html
        assert "<b>领域</b>" not in html


# --- from a file ------------------------------------------------------------------------------------------------


def test_rows_are_taken() -> None:
    done = import_matters(data=csv_of(ROW, {**ROW, "编号": "W02"}))

    assert (done.added, done.changed, done.same, done.problems) == (2, 0, 0, ())
    row = NoPenaltyMatter.objects.get(code="W01")
    assert (row.matter, row.is_checked, row.is_shown, row.applied_count) == ("缺少标志", False, True, None)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_files_of_every_spreadsheet_are_read(encoding: str) -> None:
    import_matters(data=csv_of(ROW, encoding=encoding))

    assert NoPenaltyMatter.objects.get().matter == "缺少标志"


def test_quoted_cells_may_hold_commas_and_lines() -> None:
    data = csv_of().decode() + '\r\nW01,甲,"事项，含逗号","一,二\n三",乙,丙\r\n'

    import_matters(data=data.encode())

    assert NoPenaltyMatter.objects.get().condition == "一,二\n三"


def test_known_number_changes_its_row_and_others_stay() -> None:
    add_matter(code="W01", matter="旧的", is_checked=True, applied_count=9)
    add_matter(code="W99", matter="不在文件里")

    done = import_matters(data=csv_of(ROW))

    assert (done.added, done.changed) == (0, 1)
    row = NoPenaltyMatter.objects.get(code="W01")
    assert (row.matter, row.is_checked, row.applied_count) == ("缺少标志", True, 9)
    assert NoPenaltyMatter.objects.get(code="W99").matter == "不在文件里"


def test_same_file_twice_changes_nothing() -> None:
    import_matters(data=csv_of(ROW))

    done = import_matters(data=csv_of(ROW))

    assert (done.added, done.changed, done.same) == (0, 0, 1)


@pytest.mark.parametrize(
    ("text", "value"), [("是", True), ("否", False), ("1", True), ("", False), ("TRUE", True)]
)
def test_yes_and_no(text: str, value: bool) -> None:
    columns = (*NEEDED, "依据已核")

    import_matters(data=csv_of({**ROW, "依据已核": text}, columns=columns))

    assert NoPenaltyMatter.objects.get().is_checked is value


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"编号": ""}, "第 2 行：编号"),
        ({"事项": ""}, "第 2 行：事项"),
        ({"事项": "长" * 201}, "第 2 行：事项"),
        ({"法律依据": ""}, "第 2 行：法律依据"),
        ({"依据已核": "也许"}, "第 2 行：依据已核：请填“是”或者“否”。"),
        ({"今年适用": "三"}, "第 2 行：今年适用：请填整数。"),
        ({"今年适用": "-1"}, "第 2 行：今年适用：请填整数。"),
    ],
)
def test_a_fault_names_its_line_and_column_and_nothing_is_taken(change: dict[str, str], words: str) -> None:
    data = csv_of({**ROW, **change}, {**ROW, "编号": "W02"}, columns=tuple(COLUMNS))

    done = import_matters(data=data)

    assert any(text.startswith(words) for text in done.problems), done.problems
    assert not NoPenaltyMatter.objects.exists()


def test_every_fault_is_told_at_once() -> None:
    done = import_matters(data=csv_of({**ROW, "事项": "", "法律依据": ""}, ROW, ROW))

    assert len(done.problems) == 3
    assert "第 4 行：编号 W01 出现了两次。" in done.problems


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "缺少这些列：编号、领域"),
        ("编号,领域\nW01,甲".encode(), "缺少这些列：事项、不罚条件"),
        (csv_of(), "一行内容也没有"),
        (csv_of({}, {}), "一行内容也没有"),
        (b"\xff\xfe\x00\x81", "不是能读的 CSV"),
        (b"x" * (FILE_MAX_BYTES + 1), "超过 1 MB"),
        (csv_of(*[ROW] * (MOST_ROWS + 1)), f"最多 {MOST_ROWS} 行"),
    ],
)
def test_other_files_are_refused_in_words(data: bytes, words: str) -> None:
    done = import_matters(data=data)

    assert words in done.problems[0]
    assert not NoPenaltyMatter.objects.exists()


def test_columns_may_stand_in_any_order_beside_others() -> None:
    columns = ("备注", *reversed(NEEDED))

    done = import_matters(data=csv_of({**ROW, "备注": "不管"}, columns=columns))

    assert done.added == 1
