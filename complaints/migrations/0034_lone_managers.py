# A company with one safety manager: what it asks the bureau for, the reporter who accepts a fix; whom old tips name.

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("complaints", "0033_daily_sums")]

    operations = [
        migrations.AddField(
            model_name="enterprise",
            name="second_asked_date",
            field=models.DateField(null=True, verbose_name="asked for a second safety manager"),
        ),
        migrations.AddField(
            model_name="internaltip",
            name="is_name_checked",
            field=models.BooleanField(default=False),
        ),
        migrations.AlterField(
            model_name="internalstep",
            name="act",
            field=models.CharField(
                choices=[
                    ("acknowledge", "Take on"),
                    ("verify", "Found true"),
                    ("refute", "Not found true"),
                    ("confirm_untrue", "Confirm that it is not true"),
                    ("plan", "Make the plan (five elements)"),
                    ("fix", "Report as put right"),
                    ("send_back", "Not good yet, back"),
                    ("accept", "Accept"),
                    ("pay", "Record the reward"),
                    ("circulate", "Told the staff"),
                    ("reply", "Write to the reporter"),
                    ("seen_fixed", "Seen by the reporter: it is put right"),
                    ("not_fixed", "Seen by the reporter: it is not put right"),
                    ("confirm", "Reward received"),
                    ("deny", "Reward not received"),
                    ("turn", "Turned to the bureau by the reporter"),
                    ("turn_by_itself", "Overdue major hazard: went to the district"),
                    (
                        "turn_unconfirmed",
                        "Major hazard found untrue, nobody else to confirm it: went to the district",
                    ),
                    ("remind", "Reminder: overdue"),
                ],
                max_length=16,
            ),
        ),
    ]
