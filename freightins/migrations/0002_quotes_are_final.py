"""A quote is never changed, and goes only with its shop."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION freightins_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('shopguard.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a quote is final: % of revision % refused', TG_OP, OLD.id
        USING HINT = 'Recompute the date: that adds a revision.', ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER quoterevision_final BEFORE UPDATE OR DELETE ON freightins_quoterevision
    FOR EACH ROW EXECUTE FUNCTION freightins_refuse_change();
"""
ALLOW = """
DROP TRIGGER quoterevision_final ON freightins_quoterevision;
DROP FUNCTION freightins_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("freightins", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
