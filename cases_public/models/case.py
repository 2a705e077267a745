"""A typical case: what happened, which law it breaks, what it cost, what others should learn (DOMAIN 6)."""

from decimal import Decimal
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _
from modelcluster.fields import ParentalManyToManyField
from wagtail.fields import StreamField
from wagtail.models import PageManager
from wagtail.query import PageQuerySet

from cases_public.blocks import (
    MONTH,
    before_after_blocks,
    month_blocks,
    point_blocks,
    rule_blocks,
    violation_blocks,
)
from cases_public.enums import CaseKind, Disclosure, ReferenceValue
from cases_public.selectors import listing
from complaints.disclosure import public_districts
from complaints.enums import Industry, NamePolicy, Operation
from portal.shared import law_links
from portal.shared.bilingual import in_language
from portal.shared.blocks import reading_blocks

from .codes import CodesField, labels
from .completeness import missing_of
from .panels import case_panels
from .reviewed import ReviewedPage
from .wording import citations, linked_data, plain_text

# Longer ones break the list on a phone; 92号 asks for unit, act and 案 in one line.
TITLE_LONGEST = 120
RELATED = 4


class CaseQuerySet(PageQuerySet):
    """Reading of cases."""

    def shown(self, *, today: Any) -> "CaseQuerySet":
        """Return the cases anyone may read on this day: live, without restrictions, not past their last day."""
        in_time = Q(publish_until=None) | Q(publish_until__gte=today)
        found: CaseQuerySet = self.live().public().filter(in_time)
        return found

    def over(self, *, today: Any) -> "CaseQuerySet":
        """Return the live cases whose last day has passed."""
        found: CaseQuerySet = self.live().filter(publish_until__lt=today)
        return found


CaseManager = PageManager.from_queryset(CaseQuerySet)


def _amount(name: Any) -> Any:
    return models.DecimalField(
        name,
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(Decimal(0))],
    )


class CasePage(ReviewedPage):
    """One case. Names of persons are always 某; of enterprises too, unless the law lets them be named."""

    kept_parameters = ("print",)

    lead = models.CharField(
        _("one sentence"),
        max_length=200,
        help_text=_("What was found, without names: shown in lists and in search engines."),
    )
    lead_en = models.CharField(_("one sentence in English"), max_length=400, blank=True)
    kind = models.CharField(_("kind"), max_length=20, choices=CaseKind.choices, default=CaseKind.ENFORCEMENT)
    disclosure = models.CharField(
        _("how it is made known"), max_length=20, choices=Disclosure.choices, default=Disclosure.PUBLISHED
    )
    industry = models.CharField(_("industry"), max_length=30, choices=Industry.choices, blank=True)
    operations = CodesField(_("dangerous operations"), codes=Operation, blank=True)
    values = CodesField(_("reference value"), codes=ReferenceValue, blank=True)
    district = models.CharField(_("district"), max_length=12, blank=True)
    handling_unit = models.CharField(_("handling unit"), max_length=80, blank=True)
    decided_month = models.CharField(
        _("month of the decision"),
        max_length=7,
        blank=True,
        validators=[MONTH],
        help_text=_("Like 2026-03. The day is never published."),
    )
    name_policy = models.CharField(
        _("names of enterprises"),
        max_length=20,
        choices=NamePolicy.choices,
        default=NamePolicy.DEIDENTIFIED,
    )
    legal_basis = models.CharField(
        _("legal basis for naming"),
        max_length=160,
        blank=True,
        help_text=_("Needed when the enterprise is named; shown on the page."),
    )
    entity_name = models.CharField(
        _("enterprise as shown"),
        max_length=80,
        blank=True,
        help_text=_("Without names: city, trade and form, for example 西安某金属制品公司."),
    )
    publish_until = models.DateField(
        _("published until"),
        null=True,
        blank=True,
        help_text=_("The last day. The page comes down by itself on the next one."),
    )
    collections = ParentalManyToManyField(
        "cases_public.CollectionPage",
        blank=True,
        related_name="cases",
        verbose_name=pgettext_lazy("of cases", "collections"),
    )
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        verbose_name=_("picture"),
    )
    picture_alt = models.CharField(
        _("what the picture shows"),
        max_length=160,
        blank=True,
        help_text=_("Read aloud to people who cannot see it."),
    )
    picture_caption = models.CharField(_("caption"), max_length=200, blank=True)
    facts = StreamField(reading_blocks(), blank=True, verbose_name=_("facts of the case"))
    violations = StreamField(violation_blocks(), blank=True, verbose_name=_("unlawful acts"))
    unit_penalty_amount = _amount(_("fine of the unit (yuan)"))
    unit_penalty_text = models.CharField(_("what the unit has to bear"), max_length=300, blank=True)
    unit_penalty_basis = models.CharField(_("legal basis, unit"), max_length=160, blank=True)
    person_penalty_amount = _amount(_("fine of persons (yuan)"))
    person_penalty_text = models.CharField(
        _("what persons have to bear"),
        max_length=300,
        blank=True,
        help_text=_("Persons are always 某, for example 主要负责人李某某."),
    )
    person_penalty_basis = models.CharField(_("legal basis, persons"), max_length=160, blank=True)
    outcome = models.CharField(
        _("result of the re-inspection"),
        max_length=300,
        blank=True,
        help_text=_("What is different now: shown below the penalties."),
    )
    major_hazard_text = models.TextField(
        _("clause on major hazards"),
        max_length=600,
        blank=True,
        help_text=_("Why this is a major accident hazard."),
    )
    major_hazard_source = models.CharField(_("source of the clause"), max_length=160, blank=True)
    timeline = StreamField(month_blocks(), blank=True, verbose_name=_("course of the case"))
    pictures = StreamField(before_after_blocks(), blank=True, verbose_name=_("before and after"))
    lesson = models.TextField(_("why the case matters (典型意义)"), max_length=2000, blank=True)
    warnings = StreamField(point_blocks(), blank=True, verbose_name=_("points that warn (警示要点)"))
    rules = StreamField(rule_blocks(), blank=True, verbose_name=_("rules to read"))

    objects = CaseManager()

    parent_page_types = ["cases_public.CaseIndexPage"]
    subpage_types: list[str] = []
    template = "cases_public/case_page.html"

    content_panels = case_panels()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")

    def clean(self) -> None:
        """Refuse, each beside its field, what must not be published."""
        super().clean()
        faults = dict(self._faults())
        if faults:
            raise ValidationError(faults)

    def _faults(self) -> Any:
        if len(self.title) > TITLE_LONGEST:
            words = gettext("A title has at most %(most)d characters; this one has %(count)d.")
            yield "title", words % {"most": TITLE_LONGEST, "count": len(self.title)}
        if self.name_policy == NamePolicy.NAMED and not self.legal_basis.strip():
            yield "legal_basis", _("An enterprise is named only where a law says so. Enter law and article.")
        if self.publish_until and self.publish_until < timezone.localdate():
            yield (
                "publish_until",
                _("This day has passed: the page would come down at once. Choose a later day."),
            )
        if self.picture_id and not self.picture_alt.strip():
            yield "picture_alt", _("Say in words what the picture shows.")

    def missing(self) -> list[str]:
        """Say what a case without facts, legal basis or own words lacks."""
        return missing_of(page=self)

    def serve(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Answer 404 from the day after the last one on, also before the daily work has taken the page down."""
        if self.publish_until and self.publish_until < timezone.localdate():
            raise Http404
        answer: HttpResponse = super().serve(request, *args, **kwargs)
        return answer

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add the way back, related cases, collections, the address to pass on, facts for search engines."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        near = listing.beside(
            page_id=self.pk,
            operations=self.operations,
            industry=self.industry,
            today=timezone.localdate(),
            most=RELATED,
        )
        address = request.build_absolute_uri(self.get_url(request))
        published = self.first_published_at and timezone.localdate(self.first_published_at)
        return context | {
            "above": self.get_parent().specific,
            "address": address,
            "related": near.related,
            "collections": near.collections,
            "picture": self.picture,
            "district": public_districts().get(self.district, "") if self.district else "",
            "published": published,
            "laws": law_links.addresses(citations=citations(page=self)),
            "is_print": "print" in request.GET,
            "data": linked_data(page=self, address=address, published=published),
        }

    @property
    def shown_lead(self) -> str:
        """The one sentence in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)

    @property
    def plain_text(self) -> str:
        """Every word of the page that can be searched, a line for each part."""
        return plain_text(page=self)

    @property
    def operation_names(self) -> list[str]:
        """The dangerous operations in words."""
        return labels(codes=self.operations, of=Operation)

    @property
    def value_names(self) -> list[str]:
        """The reference values in words."""
        return labels(codes=self.values, of=ReferenceValue)

    @property
    def has_unit_penalty(self) -> bool:
        """Whether the unit has to bear something."""
        return bool(self.unit_penalty_amount or self.unit_penalty_text)

    @property
    def has_person_penalty(self) -> bool:
        """Whether persons have to bear something."""
        return bool(self.person_penalty_amount or self.person_penalty_text)

    @property
    def is_double(self) -> bool:
        """Whether unit and persons bear something, each for itself (一案双罚)."""
        return self.has_unit_penalty and self.has_person_penalty

    @property
    def total_amount(self) -> Decimal:
        """All fines of the case in yuan."""
        return (self.unit_penalty_amount or Decimal(0)) + (self.person_penalty_amount or Decimal(0))
