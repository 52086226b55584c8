"""The audit log only grows, and its chain never forks."""

from django.db import migrations, models

REFUSE = """
CREATE FUNCTION stores_refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the audit log only grows: % refused', TG_OP
        USING HINT = 'Write another row that tells what was wrong.', ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER auditentry_final BEFORE UPDATE OR DELETE ON stores_auditentry
    FOR EACH ROW EXECUTE FUNCTION stores_refuse_audit_change();
CREATE TRIGGER auditentry_kept BEFORE TRUNCATE ON stores_auditentry
    FOR EACH STATEMENT EXECUTE FUNCTION stores_refuse_audit_change();
"""
ALLOW = """
DROP TRIGGER auditentry_kept ON stores_auditentry;
DROP TRIGGER auditentry_final ON stores_auditentry;
DROP FUNCTION stores_refuse_audit_change();
"""


class Migration(migrations.Migration):
    dependencies = [("stores", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="auditentry",
            name="previous_hash",
            field=models.CharField(max_length=64, unique=True),
        ),
        migrations.RunSQL(REFUSE, ALLOW),
    ]
