"""A daily sum of its own for the whistles that can be judged; the sums are counted anew, as their definition changed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the column; nothing is read from the sums before the next recount has filled it."""

    dependencies = [("complaints", "0034_lone_managers")]

    operations = [
        migrations.AddField(
            model_name="daycell",
            name="whistles_due",
            field=models.BigIntegerField(default=0),
        )
    ]
