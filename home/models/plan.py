"""The yearly enforcement plan (年度执法计划): what units are to inspect, what is done, every update."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, MultiFieldPanel
from wagtail.models import Page

from home import plan_figures
from home.plan_lines import PlannedLine, plan_lines
from portal.shared.bilingual import in_language
from portal.shared.bilingual_pages import TwoLanguagePage, english_panel, shown_title_of


class EnforcementPlanPage(TwoLanguagePage):
    """One year's plan. Editors paste the planned numbers; what is done comes in by updates."""

    year = models.PositiveSmallIntegerField(
        _("year"), unique=True, validators=[MinValueValidator(2000), MaxValueValidator(2100)]
    )
    lead = models.CharField(_("lead text"), max_length=300, blank=True)
    half_percent = models.PositiveSmallIntegerField(
        _("to be done by the end of June (%)"),
        default=60,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
        help_text=_("Work points of the city (要点 cl. 15): 60 % by June, 100 % by November."),
    )
    full_percent = models.PositiveSmallIntegerField(
        _("to be done by the end of November (%)"),
        default=100,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    planned = models.TextField(
        _("planned inspections"),
        help_text=_(
            "One line for each unit and type, parted by commas: 雁塔区应急管理局，粉尘涉爆，20. "
            "A line may be changed later; updates stay with the unit and type they were made for."
        ),
    )
    source = models.CharField(_("source"), max_length=160, blank=True)
    lead_en = models.CharField(_("lead text in English"), max_length=600, blank=True)

    parent_page_types = ["home.OutreachIndexPage"]
    subpage_types: list[str] = []
    template = "home/plan_page.html"

    content_panels = [
        *Page.content_panels,
        MultiFieldPanel([FieldPanel("year"), FieldPanel("lead"), FieldPanel("source")], heading=_("Head")),
        MultiFieldPanel([FieldPanel("half_percent"), FieldPanel("full_percent")], heading=_("Targets")),
        FieldPanel("planned"),
        english_panel("lead_en"),
    ]

    class Meta:
        verbose_name = _("enforcement plan")

    def clean(self) -> None:
        """Refuse lines that cannot be read, with the number of the line, and a second target below the first."""
        super().clean()
        read = plan_lines(text=self.planned)
        if read.problems:
            raise ValidationError({"planned": [str(problem) for problem in read.problems]})
        if not read.lines:
            raise ValidationError({"planned": _("Write at least one line.")})
        if self.full_percent < self.half_percent:
            raise ValidationError({"full_percent": _("The second target is not below the first.")})

    @property
    def lines(self) -> tuple[PlannedLine, ...]:
        """What is planned, as this version of the page has it."""
        return plan_lines(text=self.planned).lines

    def get_context(self, request: HttpRequest, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """Add how far the plan is, and the history of its updates."""
        context: dict[str, Any] = super().get_context(request, *args, **kwargs)
        context["progress"] = self.progress
        updates = PlanUpdate.objects.filter(page_id=self.pk).prefetch_related("numbers")
        context["history"] = plan_figures.history(updates=list(updates), lines=self.lines)
        context["above"] = self.get_parent()
        context["above_title"] = shown_title_of(page=context["above"])
        return context

    @property
    def progress(self) -> plan_figures.Progress:
        """How far the plan is today; two queries."""
        newest = PlanUpdate.objects.filter(page_id=self.pk).order_by("-day", "-pk").first()
        done = {(row.unit, row.kind): row.done for row in newest.numbers.all()} if newest else {}
        targets = plan_figures.Targets(year=self.year, half=self.half_percent, full=self.full_percent)
        return plan_figures.progress(
            lines=self.lines,
            done=done,
            targets=targets,
            today=timezone.localdate(),
            as_of=newest.day if newest else None,
        )

    @property
    def shown_lead(self) -> str:
        """The lead text in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)


class PlanUpdate(models.Model):
    """One update: what was done altogether until the end of a day. Never edited; the next puts a mistake right."""

    page = models.ForeignKey(EnforcementPlanPage, on_delete=models.CASCADE, related_name="updates")
    day = models.DateField(_("as of"))
    note = models.CharField(_("note for the public"), max_length=200, blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-day", "-pk")
        verbose_name = _("update of a plan")

    def __str__(self) -> str:
        return f"{self.page_id} {self.day}"


class PlanNumber(models.Model):
    """How many inspections of one unit and type were done until the day of the update."""

    update = models.ForeignKey(PlanUpdate, on_delete=models.CASCADE, related_name="numbers")
    unit = models.CharField(max_length=80)
    kind = models.CharField(max_length=40)
    done = models.PositiveIntegerField()

    wagtail_reference_index_ignore = True

    class Meta:
        constraints = [models.UniqueConstraint(fields=("update", "unit", "kind"), name="one_number_once")]

    def __str__(self) -> str:
        return f"{self.unit} {self.kind} {self.done}"
