from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0005_objection_raised_on"),
    ]

    operations = [
        migrations.AddField(
            model_name="transfer",
            name="phone",
            field=models.CharField(blank=True, max_length=30, verbose_name="telephone"),
        ),
    ]
