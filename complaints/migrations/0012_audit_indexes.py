"""The audit log is filtered by act and asked for the looks of one person on one day."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0011_retention_defaults")]

    operations = [
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["action", "-sequence"], name="audit_act"),
        ),
        migrations.AddIndex(
            model_name="auditrow",
            index=models.Index(fields=["actor", "action", "taken_at"], name="audit_person_act"),
        ),
    ]
