import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


def name_units(apps, schema_editor):
    """Ask the called unit about its whistle, of all else the unit in charge: as far as the rows can still tell."""
    for row in apps.get_model("complaints", "Supervision").objects.select_related("tip", "whistle").iterator():
        row.unit_id = row.whistle.called_id if row.whistle_id else row.tip.handling_unit_id
        row.save(update_fields=["unit"])


def name_periods(apps, schema_editor):
    """Tie each request for more time to the period for conclusion that ran then, or the first one there was."""
    periods = apps.get_model("complaints", "Period").objects.filter(clock="close").order_by("pk")
    for row in apps.get_model("complaints", "Extension").objects.iterator():
        own = periods.filter(tip_id=row.tip_id)
        row.period = own.filter(started_date__lte=row.asked_at.date()).last() or own.first()
        row.save(update_fields=["period"])
    # PostgreSQL alters no table while foreign keys of changed rows are still to be checked.
    schema_editor.connection.check_constraints()


def forget(apps, schema_editor):
    """The columns go; what they told goes with them."""


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0017_few_among_many'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='extension',
            name='extended_once',
        ),
        migrations.AddField(
            model_name='extension',
            name='period',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='complaints.period'),
        ),
        migrations.AddField(
            model_name='referral',
            name='reminded_date',
            field=models.DateField(blank=True, null=True, verbose_name='reminded'),
        ),
        migrations.AddField(
            model_name='supervision',
            name='disposal',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='supervisions', to='complaints.disposal'),
        ),
        migrations.AddField(
            model_name='supervision',
            name='referral',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='supervisions', to='complaints.referral'),
        ),
        migrations.AddField(
            model_name='supervision',
            name='reminded_date',
            field=models.DateField(blank=True, null=True, verbose_name='reminded'),
        ),
        migrations.AddField(
            model_name='supervision',
            name='unit',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='supervisions', to='complaints.office', verbose_name='unit that answers'),
        ),
        migrations.RunPython(name_units, forget),
        migrations.RunPython(name_periods, forget),
        migrations.AlterField(
            model_name='extension',
            name='period',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='extensions', to='complaints.period'),
        ),
        migrations.AlterField(
            model_name='supervision',
            name='unit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='supervisions', to='complaints.office', verbose_name='unit that answers'),
        ),
        migrations.AlterField(
            model_name='handlingstep',
            name='action',
            field=models.CharField(choices=[('register', 'Register'), ('screen', 'Begin screening'), ('accept', 'Accept'), ('decline', 'Decline'), ('transfer_out', 'Transfer to the competent body'), ('merge', 'Merge into another tip'), ('dispatch', 'Dispatch to another unit'), ('hand_back', 'Hand back'), ('escalate', 'Escalate: a death is involved'), ('assign', 'Assign to an officer'), ('join', 'Call in a co-unit'), ('leave', 'Release a co-unit'), ('whistle', 'Whistle for the district'), ('answer_whistle', 'Report for duty and take the lead'), ('arrive', 'Arrive on site'), ('return_whistle', 'Return the whistle'), ('withdraw_whistle', 'Take the whistle back'), ('verify', 'Begin verification'), ('inspect', 'Record an inspection'), ('conclude', 'Propose the result'), ('conclude_unfounded', 'Propose the result: not confirmed'), ('approve_result', 'Confirm the result'), ('approve_unfounded', 'Confirm the result: not confirmed'), ('return_result', 'Return the result'), ('dispose', 'Record a measure'), ('recheck', 'Record a re-check'), ('verify_again', 'To be verified anew at county level or above'), ('refer', 'Propose a criminal referral'), ('decide_referral', 'Decide on the criminal referral'), ('drop_referral', 'Do not refer'), ('hand_to_police', 'Hand over to the police'), ('police_files', 'Police open a case'), ('police_refuses', 'Police do not open a case'), ('reconsider', 'Ask the police to reconsider'), ('ask_extension', 'Ask for an extension'), ('grant_extension', 'Grant the extension'), ('refuse_extension', 'Refuse the extension'), ('pause', 'Pause the period'), ('resume', 'Resume the period'), ('supervise', 'Supervise'), ('answer_supervision', 'Answer the supervision'), ('lift_supervision', 'End the supervision'), ('remind', 'Reminder by the system'), ('reply', 'Answer the reporter'), ('object', 'Objection by the reporter'), ('uphold', 'Uphold the answer'), ('reopen', 'Reopen the case'), ('withdraw', 'Withdrawal by the reporter'), ('rate', 'Rating by the reporter'), ('close', 'Close the case'), ('archive', 'Archive'), ('hold', 'Hold back from destruction'), ('lift_hold', 'Let destruction take its course')], max_length=24, verbose_name='act'),
        ),
        migrations.AlterField(
            model_name='supervision',
            name='cause',
            field=models.CharField(choices=[('overdue', 'A period ran out'), ('whistle_late', 'A whistle stayed unanswered'), ('arrival_late', 'The called unit did not arrive in time'), ('referral_late', 'No decision on a criminal referral in time'), ('transfer_late', 'A criminal case was not handed over in time'), ('rectify_late', 'An order to rectify was not re-checked in time'), ('death', 'A death is involved'), ('ordered', 'Ordered by the level above')], max_length=16, verbose_name='cause'),
        ),
        migrations.AlterField(
            model_name='supervision',
            name='whistle',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='supervisions', to='complaints.whistle'),
        ),
        migrations.AddConstraint(
            model_name='extension',
            constraint=models.UniqueConstraint(condition=models.Q(('is_granted', True)), fields=('period',), name='extended_once'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.UniqueConstraint(fields=('cause', 'whistle'), name='one_supervision_for_a_whistle'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.UniqueConstraint(fields=('cause', 'referral'), name='one_supervision_for_a_referral'),
        ),
        migrations.AddConstraint(
            model_name='supervision',
            constraint=models.UniqueConstraint(fields=('cause', 'disposal'), name='one_supervision_for_an_order'),
        ),
    ]
