"""Which tables public pages are made of. A test renders every kind of page and holds this list to what was read."""

from functools import cache

from django.apps import apps

# Every table of these two apps counts, but for what is named below.
WHOLE_APPS = ("home", "cases_public")
# The mark itself, and the desk's own work, which no public page reads.
NOT_SHOWN = frozenset(
    {
        "home_shownmark",
        "cases_public_chaintask",
        "cases_public_documentcheck",
        "cases_public_duty",
        "cases_public_dutyfile",
        "cases_public_dutyrule",
        "cases_public_picturecheck",
        "cases_public_publishtask",
        "cases_public_submission",
        "cases_public_submissionscore",
        "cases_public_waiver",
    }
)
# Of other apps: the tree and who may see it, attachments, legal periods, names of districts, closed figures.
OTHERS = frozenset(
    {
        "wagtailcore_page",
        "wagtailcore_pageviewrestriction",
        "wagtailcore_pageviewrestriction_groups",
        "wagtailcore_site",
        "wagtaildocs_document",
        "complaints_deadlinepolicy",
        "complaints_division",
        "complaints_periodreport",
    }
)

# Read by the home page for rewards in short, and seen there up to ten minutes late (docs/adr/0038): what is paid shows
# from the next month on, and when exactly somebody came for a reward is nobody's business. Renewing the mark with them
# would make payments and tips wait for editors.
SEEN_LATE = frozenset({"complaints_rewardassessment", "complaints_rewardclaim", "complaints_tip"})


@cache
def shown_tables() -> frozenset[str]:
    """Return the names of the tables whose change may change a public page."""
    found = set(OTHERS)
    for label in WHOLE_APPS:
        models = apps.get_app_config(label).get_models(include_auto_created=True)
        found.update(model._meta.db_table for model in models)
    return frozenset(found - NOT_SHOWN)
