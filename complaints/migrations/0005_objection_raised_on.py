import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0004_handling"),
    ]

    operations = [
        migrations.AddField(
            model_name="objection",
            name="raised_on",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="+",
                to="complaints.tip",
            ),
        ),
    ]
