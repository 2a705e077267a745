# Reports of closed periods, and the indexes that counting them needs.

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0024_rewards'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PeriodReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, verbose_name='period')),
                ('kind', models.CharField(max_length=8, verbose_name='kind')),
                ('start_date', models.DateField(verbose_name='from')),
                ('end_date', models.DateField(verbose_name='until')),
                ('version', models.PositiveSmallIntegerField(default=1, verbose_name='version')),
                ('reason', models.CharField(blank=True, max_length=200, verbose_name='why it was corrected')),
                ('frozen_at', models.DateTimeField(verbose_name='closed')),
                ('figures', models.JSONField()),
                ('shown', models.JSONField()),
                ('inputs_digest', models.CharField(max_length=64)),
                ('digest', models.CharField(max_length=64)),
            ],
            options={
                'verbose_name': 'report of a period',
                'verbose_name_plural': 'reports of periods',
                'ordering': ('-end_date', 'start_date', '-version'),
            },
        ),
        migrations.AddIndex(
            model_name='handlingstep',
            index=models.Index(fields=['action', 'taken_date', 'tip'], name='step_by_day'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['received_date', 'handling_unit'], name='tip_by_day'),
        ),
        migrations.AddField(
            model_name='periodreport',
            name='frozen_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL),
        ),
        migrations.AddConstraint(
            model_name='periodreport',
            constraint=models.UniqueConstraint(fields=('code', 'version'), name='one_report_of_a_version'),
        ),
        migrations.AddConstraint(
            model_name='periodreport',
            constraint=models.CheckConstraint(condition=models.Q(('version__gte', 1)), name='report_version_from_one'),
        ),
        migrations.AddConstraint(
            model_name='periodreport',
            constraint=models.CheckConstraint(condition=models.Q(('end_date__gt', models.F('start_date'))), name='report_has_days'),
        ),
        migrations.AddConstraint(
            model_name='periodreport',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('reason', ''), ('version', 1)), models.Q(('version__gt', 1), models.Q(('reason', ''), _negated=True)), _connector='OR'), name='report_corrected_with_reason'),
        ),
    ]
