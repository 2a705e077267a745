# Enterprises: register, codes, ceilings and visits; tips inside a company, their managers, terms and rewards.

import django.core.validators
import django.db.models.deletion
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('complaints', '0027_reward_claims'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='ChannelDuty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('industry', models.CharField(choices=[('coal_mine', 'Coal mining'), ('non_coal_mine', 'Metal and non-metal mining'), ('petroleum', 'Oil and gas extraction'), ('chemical', 'Chemicals'), ('pharmaceutical', 'Pharmaceuticals'), ('hazardous_chemicals', 'Hazardous chemicals'), ('fireworks', 'Fireworks'), ('metallurgy', 'Metallurgy'), ('nonferrous', 'Non-ferrous metals'), ('building_materials', 'Building materials'), ('machinery', 'Machinery'), ('light_industry', 'Light industry'), ('textile', 'Textiles'), ('tobacco', 'Tobacco'), ('commerce', 'Commerce and trade'), ('technical_services', 'Safety assessment, testing and inspection bodies'), ('road_transport', 'Road traffic'), ('construction', 'Building construction'), ('city_gas', 'City gas'), ('water_transport', 'Shipping'), ('fishing', 'Fishing vessels'), ('aviation', 'Civil aviation'), ('railway', 'Railways'), ('civil_explosives', 'Civil explosives'), ('power', 'Electric power'), ('special_equipment', 'Special equipment'), ('fire_safety', 'Fire safety'), ('environment', 'Environment')], max_length=30, unique=True, verbose_name='industry')),
                ('due_date', models.DateField(help_text='Not verified: check the days and the industries against the wording of the rule.', verbose_name='to be there by')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'duty to have an internal channel',
                'verbose_name_plural': 'duties to have an internal channel',
                'ordering': ('due_date', 'industry'),
            },
        ),
        migrations.CreateModel(
            name='InsidePolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('effective_from', models.DateField(verbose_name='effective from')),
                ('acknowledge_working_days', models.PositiveSmallIntegerField(default=1, help_text='No national figure is known; check the local rule.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='take on (working days)')),
                ('verify_working_days', models.PositiveSmallIntegerField(default=3, help_text='No national figure is known; check the local rule.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='verify (working days)')),
                ('fix_days', models.PositiveSmallIntegerField(default=30, help_text='No national figure is known; check the local rule.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='put right without a plan (days)')),
                ('pay_days', models.PositiveSmallIntegerField(default=30, help_text='No national figure is known; check the local rule.', validators=[django.core.validators.MinValueValidator(1)], verbose_name='pay the reward (days from acceptance)')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'periods of internal tips',
                'verbose_name_plural': 'periods of internal tips',
                'ordering': ('-effective_from',),
            },
        ),
        migrations.AddField(
            model_name='tip',
            name='is_internal',
            field=models.BooleanField(default=False),
        ),
        migrations.CreateModel(
            name='Enterprise',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='name')),
                ('credit_code', models.CharField(max_length=18, unique=True, verbose_name='credit code')),
                ('industry', models.CharField(choices=[('coal_mine', 'Coal mining'), ('non_coal_mine', 'Metal and non-metal mining'), ('petroleum', 'Oil and gas extraction'), ('chemical', 'Chemicals'), ('pharmaceutical', 'Pharmaceuticals'), ('hazardous_chemicals', 'Hazardous chemicals'), ('fireworks', 'Fireworks'), ('metallurgy', 'Metallurgy'), ('nonferrous', 'Non-ferrous metals'), ('building_materials', 'Building materials'), ('machinery', 'Machinery'), ('light_industry', 'Light industry'), ('textile', 'Textiles'), ('tobacco', 'Tobacco'), ('commerce', 'Commerce and trade'), ('technical_services', 'Safety assessment, testing and inspection bodies'), ('road_transport', 'Road traffic'), ('construction', 'Building construction'), ('city_gas', 'City gas'), ('water_transport', 'Shipping'), ('fishing', 'Fishing vessels'), ('aviation', 'Civil aviation'), ('railway', 'Railways'), ('civil_explosives', 'Civil explosives'), ('power', 'Electric power'), ('special_equipment', 'Special equipment'), ('fire_safety', 'Fire safety'), ('environment', 'Environment')], max_length=30, verbose_name='industry')),
                ('address', models.CharField(blank=True, max_length=200, verbose_name='address')),
                ('risk_class', models.CharField(choices=[('major', 'Major risk'), ('larger', 'Larger risk'), ('general', 'General risk'), ('low', 'Low risk')], max_length=10, verbose_name='risk class')),
                ('is_active', models.BooleanField(default=True, verbose_name='in business')),
                ('upheld_count', models.PositiveIntegerField(default=0, verbose_name='tips found true')),
                ('district', models.ForeignKey(limit_choices_to={'level': 'district'}, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.division', verbose_name='district')),
                ('office', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='enterprises', to='complaints.office', verbose_name='supervising unit')),
                ('town', models.ForeignKey(blank=True, limit_choices_to={'level': 'town'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='complaints.division', verbose_name='town')),
            ],
            options={
                'verbose_name': 'enterprise',
                'verbose_name_plural': 'enterprises',
                'ordering': ('name', 'pk'),
            },
        ),
        migrations.CreateModel(
            name='EnterpriseCode',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=10, unique=True, verbose_name='code')),
                ('issued_date', models.DateField(verbose_name='issued')),
                ('retired_date', models.DateField(null=True, verbose_name='retired')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='codes', to='complaints.enterprise')),
            ],
            options={
                'verbose_name': 'code to scan',
                'verbose_name_plural': 'codes to scan',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='EnterpriseManager',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('invited_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='managers', to='complaints.enterprise')),
                ('invited_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='workplaces', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'safety manager',
                'verbose_name_plural': 'safety managers',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='InspectionCeiling',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('risk_class', models.CharField(choices=[('major', 'Major risk'), ('larger', 'Larger risk'), ('general', 'General risk'), ('low', 'Low risk')], max_length=10, verbose_name='risk class')),
                ('per_year', models.PositiveSmallIntegerField(help_text='Visits because of a tip, an accident or a recheck do not count.', validators=[django.core.validators.MaxValueValidator(366)], verbose_name='inspections a year')),
                ('effective_from', models.DateField(verbose_name='effective from')),
                ('source', models.CharField(max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'inspection ceiling',
                'verbose_name_plural': 'inspection ceilings',
                'ordering': ('risk_class', '-effective_from'),
                'constraints': [models.UniqueConstraint(fields=('risk_class', 'effective_from'), name='one_ceiling_a_day')],
            },
        ),
        migrations.CreateModel(
            name='InternalStep',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('act', models.CharField(choices=[('acknowledge', 'Take on'), ('verify', 'Found true'), ('refute', 'Not found true'), ('plan', 'Make the plan (five elements)'), ('fix', 'Report as put right'), ('send_back', 'Not good yet, back'), ('accept', 'Accept'), ('pay', 'Record the reward'), ('circulate', 'Told the staff'), ('reply', 'Write to the reporter'), ('confirm', 'Reward received'), ('deny', 'Reward not received'), ('turn', 'Turned to the bureau by the reporter'), ('turn_by_itself', 'Overdue major hazard: went to the district'), ('remind', 'Reminder: overdue')], max_length=16)),
                ('state', models.CharField(choices=[('received', 'Received'), ('acknowledged', 'Taken on'), ('verified', 'Found true'), ('planned', 'Being put right by plan'), ('fixed', 'Put right, to be accepted'), ('accepted', 'Accepted, reward to be paid'), ('paid', 'Paid, to be confirmed by the reporter'), ('untrue', 'Not found true'), ('closed', 'Closed'), ('turned', 'Turned to the bureau')], max_length=12)),
                ('taken_date', models.DateField()),
                ('taken_at', models.DateTimeField(null=True)),
                ('memo_sealed', models.BinaryField(default=b'')),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'act on an internal tip',
                'verbose_name_plural': 'acts on internal tips',
                'ordering': ('pk',),
            },
        ),
        migrations.AddField(
            model_name='evidence',
            name='internal_step',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='photos', to='complaints.internalstep'),
        ),
        migrations.CreateModel(
            name='InternalTip',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('state', models.CharField(choices=[('received', 'Received'), ('acknowledged', 'Taken on'), ('verified', 'Found true'), ('planned', 'Being put right by plan'), ('fixed', 'Put right, to be accepted'), ('accepted', 'Accepted, reward to be paid'), ('paid', 'Paid, to be confirmed by the reporter'), ('untrue', 'Not found true'), ('closed', 'Closed'), ('turned', 'Turned to the bureau')], default='received', max_length=12, verbose_name='status')),
                ('clock', models.CharField(choices=[('none', 'No period'), ('acknowledge', 'To take on'), ('verify', 'To verify'), ('fix', 'To put right'), ('pay', 'To pay')], default='acknowledge', max_length=12)),
                ('due_date', models.DateField(null=True, verbose_name='due')),
                ('received_date', models.DateField(verbose_name='received')),
                ('head', models.CharField(blank=True, choices=[('people', 'Unsafe conduct of people'), ('equipment', 'Unsafe state of equipment'), ('environment', 'Unsafe surroundings'), ('management', 'Gap in the management')], max_length=12, verbose_name='head')),
                ('on_duty', models.BooleanField(default=False, verbose_name="inside one's duty")),
                ('grade', models.CharField(blank=True, choices=[('general', 'Ordinary'), ('larger', 'Larger'), ('major', 'Major')], max_length=10, verbose_name='grade')),
                ('averted', models.BooleanField(default=False, verbose_name='an accident was averted')),
                ('funds_yuan', models.PositiveIntegerField(null=True, verbose_name='funds (yuan)')),
                ('deadline', models.DateField(null=True, verbose_name='to be done by')),
                ('fixed_date', models.DateField(null=True, verbose_name='put right')),
                ('accepted_date', models.DateField(null=True, verbose_name='accepted')),
                ('reward_yuan', models.PositiveIntegerField(null=True, verbose_name='reward (yuan)')),
                ('paid_date', models.DateField(null=True, verbose_name='paid')),
                ('confirmed_date', models.DateField(null=True, verbose_name='confirmed by the reporter')),
                ('circulated_date', models.DateField(null=True, verbose_name='told the staff')),
                ('reminded_date', models.DateField(null=True)),
                ('turned_date', models.DateField(null=True, verbose_name='turned to the bureau')),
                ('workshop_sealed', models.BinaryField(default=b'')),
                ('post_sealed', models.BinaryField(default=b'')),
                ('suggestion_sealed', models.BinaryField(default=b'')),
                ('finding_sealed', models.BinaryField(default=b'')),
                ('person_sealed', models.BinaryField(default=b'')),
                ('measures_sealed', models.BinaryField(default=b'')),
                ('emergency_sealed', models.BinaryField(default=b'')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='internal_tips', to='complaints.enterprise')),
                ('fixed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('tip', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='inside', to='complaints.tip')),
            ],
            options={
                'verbose_name': 'internal tip',
                'verbose_name_plural': 'internal tips',
                'ordering': ('-pk',),
            },
        ),
        migrations.AddField(
            model_name='internalstep',
            name='internal',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='steps', to='complaints.internaltip'),
        ),
        migrations.CreateModel(
            name='PracticeOffer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('text', models.TextField(max_length=3000, verbose_name='text')),
                ('offered_at', models.DateTimeField(verbose_name='offered')),
                ('drafted_at', models.DateTimeField(null=True, verbose_name='drafted')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='practices', to='complaints.enterprise')),
                ('offered_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'offered good practice',
                'verbose_name_plural': 'offered good practices',
                'ordering': ('-pk',),
            },
        ),
        migrations.CreateModel(
            name='RewardScale',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('grade', models.CharField(choices=[('general', 'Ordinary'), ('larger', 'Larger'), ('major', 'Major')], max_length=10, verbose_name='grade')),
                ('inside_yuan', models.PositiveIntegerField(verbose_name="inside one's duty")),
                ('outside_yuan', models.PositiveIntegerField(verbose_name="outside one's duty")),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='scale', to='complaints.enterprise')),
            ],
            options={
                'verbose_name': 'reward scale',
                'verbose_name_plural': 'reward scales',
                'ordering': ('pk',),
            },
        ),
        migrations.CreateModel(
            name='SiteVisit',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('visited_at', models.DateTimeField(verbose_name='visited')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year')),
                ('purpose', models.CharField(choices=[('planned', 'Planned inspection'), ('spot', 'Spot check'), ('campaign', 'Campaign'), ('tip', 'Because of a tip'), ('accident', 'Because of an accident'), ('recheck', 'Recheck of a rectification')], max_length=10, verbose_name='purpose')),
                ('counts', models.BooleanField(verbose_name='counts against the ceiling')),
                ('passed_ceiling', models.BooleanField(default=False, verbose_name='beyond the ceiling')),
                ('note', models.CharField(blank=True, max_length=200, verbose_name='note')),
                ('enterprise', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='visits', to='complaints.enterprise')),
                ('officer', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='officer')),
            ],
            options={
                'verbose_name': 'visit to an enterprise',
                'verbose_name_plural': 'visits to enterprises',
                'ordering': ('-visited_at', '-pk'),
            },
        ),
        migrations.AddIndex(
            model_name='enterprise',
            index=models.Index(fields=['office', 'name'], name='enterprise_by_office'),
        ),
        migrations.AddIndex(
            model_name='enterprise',
            index=models.Index(fields=['town', 'name'], name='enterprise_by_town'),
        ),
        migrations.AddConstraint(
            model_name='enterprisecode',
            constraint=models.UniqueConstraint(condition=models.Q(('retired_date', None)), fields=('enterprise',), name='one_code_in_use'),
        ),
        migrations.AddConstraint(
            model_name='enterprisemanager',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user', 'enterprise'), name='one_manager_once'),
        ),
        migrations.AddIndex(
            model_name='internaltip',
            index=models.Index(fields=['enterprise', 'state', 'due_date'], name='inside_inbox'),
        ),
        migrations.AddIndex(
            model_name='internaltip',
            index=models.Index(fields=['state', 'due_date'], name='inside_due'),
        ),
        migrations.AddConstraint(
            model_name='rewardscale',
            constraint=models.UniqueConstraint(fields=('enterprise', 'grade'), name='one_amount_a_grade'),
        ),
        migrations.AddIndex(
            model_name='sitevisit',
            index=models.Index(fields=['enterprise', 'year', 'counts'], name='visit_by_year'),
        ),
    ]
