"""What a company's scale promised on the day of a report is kept with it, so that lowering the scale takes nothing back."""

from django.db import migrations, models


class Migration(migrations.Migration):
    """Adds the column; reports of before hold nothing and are measured by the scale of the day, as until now."""

    dependencies = [("complaints", "0035_whistles_due")]

    operations = [
        migrations.AddField(
            model_name="internaltip",
            name="promised",
            field=models.JSONField(default=dict),
        )
    ]
