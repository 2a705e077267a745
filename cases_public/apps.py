"""App configuration of the typical cases: entries follow their pages, the daily work takes down what is over."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_delete, post_migrate, post_save
from django.utils.translation import gettext_lazy as _

from portal.shared import api_routers, daily_jobs, staff_search


class CasesConfig(AppConfig):
    """Typical cases."""

    name = "cases_public"
    verbose_name = _("Typical cases")

    def ready(self) -> None:
        """Connect what must happen whoever publishes, and join the daily work and the API."""
        from wagtail.models import PageViewRestriction
        from wagtail.signals import page_published, page_unpublished, workflow_approved

        from complaints import events

        from . import words
        from .entries import CaseEntry
        from .models import CollectionPage
        from .services import drafting, duties, duty_rules, following, purging, taking_down, withdrawal

        page_published.connect(following.published)
        page_unpublished.connect(following.unpublished)
        post_delete.connect(following.entry_deleted, sender=CaseEntry)
        post_delete.connect(following.shown_otherwise, sender=CollectionPage)
        for signal in (post_save, post_delete):
            signal.connect(following.shown_otherwise, sender=PageViewRestriction)
        daily_jobs.register(daily_jobs.Job(name="take_down_cases", work=taking_down.take_down))
        daily_jobs.register(daily_jobs.Job(name="tidy_words", work=taking_down.tidy_words))
        daily_jobs.register(daily_jobs.Job(name="withdraw_cases", work=withdrawal.withdraw_overdue))
        for work in (duties.begin_periods, duties.release_closed, duties.remind):
            daily_jobs.register(daily_jobs.Job(name=f"duty_{work.__name__}", work=work))
        post_migrate.connect(duty_rules.ensure_shipped_rules, sender=self)
        events.case_wanted.connect(drafting.case_wanted)
        workflow_approved.connect(purging.after_approval)
        post_migrate.connect(_make_chain, sender=self)
        api_routers.register("cases_public.api.router")
        staff_search.register(name="cases", finder=words.pages_with)


def _make_chain(**_kwargs: Any) -> None:
    from .services.chain import ensure_chain, schema_is_whole

    if schema_is_whole():
        ensure_chain()
