from datetime import date

from django.db import migrations

# Nothing national is known about these files in particular; each row says so until the bureau has checked.
UNVERIFIED = "待核实：国家没有统一规定，参照机关文件材料归档范围和文书档案保管期限规定设定"
BEGINNING = date(2026, 1, 1)
YEARS = {"DECLINED": 3, "TRANSFERRED": 3, "UNFOUNDED": 3, "FOUNDED": 10, "REFERRED": 30}


def add_rows(apps, schema_editor):
    rule = apps.get_model("complaints", "RetentionRule")
    for outcome, years in YEARS.items():
        rule.objects.get_or_create(
            outcome=outcome,
            effective_from=BEGINNING,
            defaults={"keep_count": years, "keep_unit": "YEARS", "keep_from": "CLOSED", "source": UNVERIFIED},
        )


def take_rows(apps, schema_editor):
    apps.get_model("complaints", "RetentionRule").objects.filter(
        effective_from=BEGINNING, source=UNVERIFIED
    ).delete()


class Migration(migrations.Migration):

    dependencies = [
        ("complaints", "0010_keeping"),
    ]

    operations = [
        migrations.RunPython(add_rows, take_rows),
    ]
