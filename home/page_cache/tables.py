"""Which tables public pages are made of. A test renders every kind of page and holds this list to what was read."""

from functools import cache

from django.apps import apps

# Everything of these two apps is public or one step from it, but for what is named below.
WHOLE_APPS = ("home", "cases_public")
# The desk's own work: no public page reads it, and it is written often.
WORKING = frozenset({"home_shownmark"})
OTHERS = frozenset()


@cache
def shown_tables() -> frozenset[str]:
    """Return the names of the tables whose change may change a public page."""
    models = (model for label in WHOLE_APPS for model in apps.get_app_config(label).get_models(include_auto_created=True))
    return (frozenset(model._meta.db_table for model in models) | OTHERS) - WORKING
