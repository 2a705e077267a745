from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0007_reply_draft'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='tip',
            name='tip_called',
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(condition=models.Q(('called_unit__isnull', False)), fields=['called_unit', 'handling_unit'], name='tip_called'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['phase', 'status', 'handling_unit'], name='tip_status'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['handling_unit', 'id'], name='tip_newest'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['town', 'id'], name='tip_newest_town'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['phase', 'number'], name='tip_number'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['status', 'id'], name='tip_by_status'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['industry', 'id'], name='tip_by_industry'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['channel', 'id'], name='tip_by_channel'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['phase', 'id'], name='tip_open_newest'),
        ),
        migrations.AddIndex(
            model_name='tip',
            index=models.Index(fields=['handling_unit', 'phase', 'id'], name='tip_unit_newest'),
        ),
        migrations.AddIndex(
            model_name='supervision',
            index=models.Index(condition=models.Q(('ended_date', None)), fields=['tip'], name='supervision_running'),
        ),
    ]
