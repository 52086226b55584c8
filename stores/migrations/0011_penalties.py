"""Cases kept here, appeals, and the penalty log, which only grows."""

import django.db.models.deletion
from django.db import migrations, models


REFUSE = """
CREATE FUNCTION stores_refuse_log_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the penalty log only grows: % refused', TG_OP
        USING HINT = 'Write another line that tells what holds now.', ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER penaltylog_final BEFORE UPDATE OR DELETE ON stores_penaltylogrow
    FOR EACH ROW EXECUTE FUNCTION stores_refuse_log_change();
CREATE TRIGGER penaltylog_kept BEFORE TRUNCATE ON stores_penaltylogrow
    FOR EACH STATEMENT EXECUTE FUNCTION stores_refuse_log_change();
"""
ALLOW = """
DROP TRIGGER penaltylog_kept ON stores_penaltylogrow;
DROP TRIGGER penaltylog_final ON stores_penaltylogrow;
DROP FUNCTION stores_refuse_log_change();
"""


class Migration(migrations.Migration):

    dependencies = [
        ('stores', '0010_refusals'),
    ]

    operations = [
        migrations.CreateModel(
            name='Appeal',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('violation_ref', models.CharField(max_length=96)),
                ('attempt', models.PositiveSmallIntegerField()),
                ('statement', models.TextField()),
                ('filed_by', models.CharField(max_length=150)),
                ('filed_at', models.DateTimeField()),
                ('state', models.CharField(choices=[('open', '审理中'), ('refused', '已驳回'), ('upheld', '成立')], default='open', max_length=8)),
                ('decided_by', models.CharField(blank=True, default='', max_length=150)),
                ('decided_at', models.DateTimeField(blank=True, null=True)),
                ('answer', models.TextField(blank=True, default='')),
            ],
        ),
        migrations.CreateModel(
            name='PenaltyLogRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField()),
                ('actor', models.CharField(max_length=150)),
                ('action', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=200)),
                ('content', models.JSONField(default=dict)),
                ('reason', models.TextField(blank=True, default='')),
                ('request_id', models.CharField(blank=True, default='', max_length=36)),
                ('shop_previous', models.CharField(max_length=64)),
                ('previous_hash', models.CharField(max_length=64, unique=True)),
                ('hash', models.CharField(max_length=64, unique=True)),
            ],
        ),
        migrations.AddField(
            model_name='run',
            name='log_head',
            field=models.CharField(blank=True, default='', max_length=64),
        ),
        migrations.AddField(
            model_name='run',
            name='log_row',
            field=models.BigIntegerField(default=0),
        ),
        migrations.AddField(
            model_name='violation',
            name='kept_here',
            field=models.BooleanField(default=False),
        ),
        migrations.AddField(
            model_name='violation',
            name='note',
            field=models.TextField(blank=True, default=''),
        ),
        migrations.AddField(
            model_name='violation',
            name='order_ref',
            field=models.CharField(blank=True, default='', max_length=96),
        ),
        migrations.AddIndex(
            model_name='violation',
            index=models.Index(fields=['state'], name='violation_state'),
        ),
        migrations.AddField(
            model_name='appeal',
            name='shop',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='stores.shop'),
        ),
        migrations.AddField(
            model_name='penaltylogrow',
            name='shop',
            field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='stores.shop'),
        ),
        migrations.AddIndex(
            model_name='appeal',
            index=models.Index(condition=models.Q(('state', 'open')), fields=['filed_at'], name='appeal_open'),
        ),
        migrations.AddConstraint(
            model_name='appeal',
            constraint=models.UniqueConstraint(fields=('shop', 'violation_ref', 'attempt'), name='appeal_identity'),
        ),
        migrations.AddIndex(
            model_name='penaltylogrow',
            index=models.Index(fields=['shop', 'key', 'id'], name='penaltylog_key'),
        ),
        migrations.AddConstraint(
            model_name='penaltylogrow',
            constraint=models.UniqueConstraint(fields=('shop', 'shop_previous'), name='penaltylog_shop_chain'),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
