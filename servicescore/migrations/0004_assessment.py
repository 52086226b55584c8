"""What the assessment found. What was judged is never changed, and goes only with its shop."""

import django.db.models.deletion
from django.db import migrations, models


REFUSE = """
CREATE FUNCTION servicescore_refuse_judging_again() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('shopguard.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was judged is final: % of row % of % refused', TG_OP, OLD.id, TG_TABLE_NAME
        USING HINT = 'Days once judged are never judged again.', ERRCODE = 'restrict_violation';
END
$$;
"""
ALLOW = "DROP FUNCTION servicescore_refuse_judging_again();"
FINAL = ("judgedspan", "assessmentday", "assessmentpenalty", "courseexam")
TRIGGER = """
CREATE TRIGGER {0}_final BEFORE UPDATE OR DELETE ON servicescore_{0}
    FOR EACH ROW EXECUTE FUNCTION servicescore_refuse_judging_again();"""
UNTRIGGER = "DROP TRIGGER {0}_final ON servicescore_{0};"


class Migration(migrations.Migration):

    dependencies = [
        ('servicescore', '0003_benchmarks'),
        ('stores', '0008_what_waits'),
    ]

    operations = [
        migrations.CreateModel(
            name='CourseExam',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('outcome', models.CharField(choices=[('passed', '通过'), ('failed', '未通过'), ('missed', '缺考')], max_length=8)),
                ('recorded_by', models.CharField(max_length=150)),
                ('recorded_at', models.DateTimeField(auto_now_add=True)),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stores.shop')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ServiceModeSpell',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('mode', models.CharField(choices=[('own', '自营客服'), ('platform', '平台客服')], max_length=8)),
                ('from_day', models.DateField(blank=True, null=True)),
                ('set_by', models.CharField(max_length=150)),
                ('set_at', models.DateTimeField(auto_now_add=True)),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stores.shop')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='AssessmentDay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('day', models.DateField()),
                ('indicator', models.CharField(choices=[('reply_3min', 'reply_3min'), ('dissatisfaction', 'dissatisfaction')], max_length=16)),
                ('num', models.PositiveIntegerField()),
                ('n', models.PositiveIntegerField()),
                ('level', models.CharField(blank=True, default='', max_length=8)),
                ('state', models.CharField(choices=[('assessed', 'assessed'), ('penalty_started', 'penalty_started'), ('already_punished', 'already_punished'), ('sample_too_small', 'sample_too_small'), ('penalty_running', 'penalty_running'), ('window_not_full', 'window_not_full'), ('month_running', 'month_running')], max_length=20)),
                ('window_from', models.DateField()),
                ('window_to', models.DateField()),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.run')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stores.shop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('shop', 'day', 'indicator'), name='assessmentday_identity')],
            },
        ),
        migrations.CreateModel(
            name='AssessmentPenalty',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('indicator', models.CharField(choices=[('reply_3min', 'reply_3min'), ('dissatisfaction', 'dissatisfaction')], max_length=16)),
                ('level', models.CharField(choices=[('course', 'course'), ('limit', 'limit')], max_length=8)),
                ('found_on', models.DateField()),
                ('month', models.DateField()),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.run')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stores.shop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('shop', 'indicator', 'month'), name='assessmentpenalty_identity')],
            },
        ),
        migrations.CreateModel(
            name='JudgedSpan',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('first', models.DateField()),
                ('last', models.DateField()),
                ('rule_set', models.CharField(max_length=40)),
                ('rule_hash', models.CharField(max_length=16)),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='stores.run')),
                ('shop', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stores.shop')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('shop', 'last'), name='judgedspan_identity')],
            },
        ),
        migrations.RunSQL(REFUSE, ALLOW),
        *(migrations.RunSQL(TRIGGER.format(name), UNTRIGGER.format(name)) for name in FINAL),
    ]
