"""Pages of the menu are found by an index of their own: every public page asks for them, among 100 000 cases."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("home", "0004_figures"), ("wagtailcore", "0098_apitoken")]

    operations = [
        migrations.RunSQL(
            "CREATE INDEX wagtailcore_page_in_menu ON wagtailcore_page (path) WHERE show_in_menus",
            "DROP INDEX wagtailcore_page_in_menu",
        )
    ]
