"""A score revision is never changed, and goes only with its shop."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION servicescore_refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'DELETE' AND current_setting('shopguard.erasing', true) = 'on' THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'a score revision is final: % of revision % refused', TG_OP, OLD.id
        USING HINT = 'Recompute the date: that adds a revision.', ERRCODE = 'restrict_violation';
END
$$;
CREATE TRIGGER scorerevision_final BEFORE UPDATE OR DELETE ON servicescore_scorerevision
    FOR EACH ROW EXECUTE FUNCTION servicescore_refuse_change();
"""
ALLOW = """
DROP TRIGGER scorerevision_final ON servicescore_scorerevision;
DROP FUNCTION servicescore_refuse_change();
"""


class Migration(migrations.Migration):
    dependencies = [("servicescore", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, ALLOW)]
