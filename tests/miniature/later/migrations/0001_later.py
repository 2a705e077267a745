"""A table, and an index on the busiest table that is built while tips arrive."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """What the next version brings."""

    atomic = False
    initial = True
    dependencies = [("complaints", "__first__")]
    operations = [
        migrations.CreateModel(
            name="Later",
            fields=[
                ("id", models.BigAutoField(primary_key=True)),
                ("day", models.DateField()),
            ],
        ),
        migrations.RunSQL(
            "CREATE INDEX CONCURRENTLY miniature_later_tip ON complaints_tip (status, id)",
            "DROP INDEX CONCURRENTLY miniature_later_tip",
        ),
    ]
