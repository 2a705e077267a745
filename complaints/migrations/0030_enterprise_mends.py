import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def mark_words_of_companies(apps, schema_editor):
    """Words that safety managers wrote while a tip was inside were stored like those of officers."""
    managers = apps.get_model("complaints", "EnterpriseManager").objects.values("user")
    rows = apps.get_model("complaints", "Message").objects
    rows.filter(author__in=managers).update(is_inside=True)


class Migration(migrations.Migration):
    dependencies = [
        ("complaints", "0029_few_among_all"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="internaltip",
            name="special_reason_sealed",
            field=models.BinaryField(default=b""),
        ),
        migrations.AddField(
            model_name="internaltip",
            name="special_yuan",
            field=models.PositiveIntegerField(null=True, verbose_name="special reward (yuan)"),
        ),
        migrations.AddField(
            model_name="message",
            name="is_inside",
            field=models.BooleanField(default=False),
        ),
        migrations.RunPython(mark_words_of_companies, migrations.RunPython.noop),
        migrations.CreateModel(
            name="Circular",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField(max_length=1000, verbose_name="text")),
                ("audience", models.CharField(max_length=60, verbose_name="told to")),
                ("told_date", models.DateField(verbose_name="told on")),
                (
                    "internal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="circulars",
                        to="complaints.internaltip",
                    ),
                ),
            ],
            options={
                "verbose_name": "circulated result",
                "verbose_name_plural": "circulated results",
                "ordering": ("-told_date", "-pk"),
            },
        ),
        migrations.CreateModel(
            name="ManagerInvite",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code_digest", models.CharField(max_length=64, unique=True)),
                ("issued_at", models.DateTimeField()),
                ("expires_at", models.DateTimeField(verbose_name="good until")),
                (
                    "end",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("used", "used"),
                            ("replaced", "replaced by a newer one"),
                            ("withdrawn", "withdrawn"),
                        ],
                        max_length=10,
                    ),
                ),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "issued_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invites",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "invitation of a safety manager",
                "verbose_name_plural": "invitations of safety managers",
                "ordering": ("pk",),
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("end", "")), fields=("user",), name="one_open_invite"
                    )
                ],
            },
        ),
    ]
