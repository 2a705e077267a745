"""What the list knows of each published case: one narrow row a case, written when a case is published.

Lists, filters, search, feeds and the API read these rows and never the pages, which are wide and of two tables.
"""

from django.conf import settings
from django.db import models
from wagtail.models import Page

from cases_public.enums import AmountBand
from portal.shared.bilingual import in_language


class CaseEntry(models.Model):
    """One published case. It goes when its page goes; whoever takes a page down deletes it."""

    page = models.OneToOneField(
        Page, primary_key=True, on_delete=models.CASCADE, related_name="case_entry", db_index=False
    )
    published_date = models.DateField()
    decided_month = models.CharField(max_length=7, blank=True)
    until_date = models.DateField(null=True)
    title = models.CharField(max_length=255)
    title_en = models.CharField(max_length=255, blank=True)
    lead = models.CharField(max_length=200, blank=True)
    lead_en = models.CharField(max_length=400, blank=True)
    kind = models.CharField(max_length=20)
    industry = models.CharField(max_length=30, blank=True)
    district = models.CharField(max_length=12, blank=True)
    handling_unit = models.CharField(max_length=80, blank=True)
    disclosure = models.CharField(max_length=20, blank=True)
    # Codes with spaces between them: a hundred thousand lists would take seconds to read.
    operations = models.CharField(max_length=200, blank=True)
    values = models.CharField(max_length=80, blank=True)
    # The keys of the collections the case stands in.
    collections = models.CharField(max_length=200, blank=True)
    is_major_hazard = models.BooleanField(default=False)
    unit_penalty_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    person_penalty_amount = models.DecimalField(max_digits=12, decimal_places=2, null=True)
    band = models.CharField(max_length=12, choices=AmountBand.choices, default=AmountBand.NONE)
    picture = models.ForeignKey(
        settings.WAGTAILIMAGES_IMAGE_MODEL, null=True, on_delete=models.SET_NULL, related_name="+"
    )
    picture_alt = models.CharField(max_length=160, blank=True)
    # Every word of the page that can be found, a line for each part.
    text = models.TextField(blank=True)

    wagtail_reference_index_ignore = True

    class Meta:
        ordering = ("-published_date", "-page_id")

    def __str__(self) -> str:
        return self.title

    @property
    def shown_title(self) -> str:
        """The title in the language of the page."""
        return in_language(chinese=self.title, english=self.title_en)

    @property
    def shown_lead(self) -> str:
        """The one sentence in the language of the page."""
        return in_language(chinese=self.lead, english=self.lead_en)


class CatalogueMark(models.Model):
    """One row whose mark changes whenever an entry does, so that every process notices."""

    mark = models.CharField(max_length=32)

    wagtail_reference_index_ignore = True

    def __str__(self) -> str:
        return self.mark
