"""Articles a case cites lead into the rules library, as far as it holds them and anyone may read them."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from wagtail.models import PageViewRestriction

from cases_public.models import CaseIndexPage
from home.enums import Validity
from home.models import RulePage, RulesIndexPage
from home.rule_links import rule_addresses
from portal.shared.law_links import Citation, addresses
from tests.cases_public.factories import add_case, read

pytestmark = pytest.mark.django_db
LAW = "安全生产法"
TEXT = "第四十一条 生产经营单位应当排查隐患。\n第四十一条之一 补充规定。\n第四十四条 应当教育从业人员。"


@pytest.fixture
def law() -> RulePage:
    """Return a published law with three articles; the pages that migrating made are out of the way."""
    RulePage.objects.all().delete()
    page: RulePage = RulesIndexPage.objects.get().add_child(
        instance=RulePage(
            title=f"中华人民共和国{LAW}", slug="law", issuer="全国人大常委会", summary="摘要", text=TEXT
        )
    )
    return page


@pytest.mark.parametrize(
    ("name", "article", "address"),
    [
        (LAW, "第四十一条第二款", "/rules/law/#art-41"),
        (LAW, "第四十一条之一", "/rules/law/#art-41-1"),
        (LAW, "第四十四条第一款、第四款", "/rules/law/#art-44"),
        (f"《中华人民共和国{LAW}》", "第44条", "/rules/law/#art-44"),
        (f" {LAW} ", "", "/rules/law/"),
        (LAW, "第九十条", "/rules/law/"),
        (LAW, "有关规定", "/rules/law/"),
        ("刑法", "第一百三十四条", None),
        ("安全生产", "第四十一条", None),
    ],
)
def test_where_a_citation_leads(law: RulePage, name: str, article: str, address: str | None) -> None:
    citation = Citation(law=name, article=article)

    assert rule_addresses([citation]).get(citation) == address


@pytest.mark.parametrize("change", ["unpublish", "restrict", "repeal"])
def test_what_nobody_may_read_or_no_longer_counts_is_no_link(law: RulePage, change: str) -> None:
    if change == "unpublish":
        law.unpublish()
    elif change == "restrict":
        PageViewRestriction.objects.create(page=law, restriction_type=PageViewRestriction.LOGIN)
    else:
        RulePage.objects.update(validity=Validity.REPEALED)

    assert not rule_addresses([Citation(law=LAW, article="第四十一条")])


def test_any_number_of_citations_is_one_query_and_none_is_none(law: RulePage) -> None:
    many = [Citation(law=f"第 {number} 号办法", article="第一条") for number in range(20)]
    law.get_url()  # where the site begins is known from here on

    with CaptureQueriesContext(connection) as asked:
        addresses(citations=[*many, Citation(law=LAW, article="第四十一条")])
        addresses(citations=[])
        addresses(citations=[Citation(law=" ", article="第一条")])

    assert len(asked) == 1


def test_a_case_links_what_it_cites(client: Client, law: RulePage) -> None:
    page = add_case(
        CaseIndexPage.objects.get(),
        violations=[
            ("violation", {"text": "没有检测。", "law": LAW, "article": "第四十一条第二款"}),
            ("violation", {"text": "还有。", "law": "刑法", "article": "第一百三十四条"}),
            ("violation", {"text": "没有写明。", "law": "", "article": ""}),
        ],
        rules=[("rule", {"law": LAW, "article": "第四十四条", "note": "教育培训"})],
    )

    html = read(client, page.url)

    assert f'<a href="/rules/law/#art-41">违反《{LAW}》第四十一条第二款</a>' in html
    assert '<span class="law">违反《刑法》第一百三十四条</span>' in html
    assert f'<a href="/rules/law/#art-44">{LAW} 第四十四条<small>教育培训</small></a>' in html
    assert 'id="art-41"' in read(client, "/rules/law/")
