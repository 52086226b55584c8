"""`python -m tests.nightly.lay_market DAY`: an empty database becomes a small market up to DAY."""

import os
import sys
from datetime import date

import django
from django.core.management import call_command
from django.db import connection

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopguard.settings")
django.setup()

from tests.nightly.market import market_build  # noqa: E402  (models need the set-up above)

SHOPS = 8

# A closed gate holds every shard of the daily step at its first write. It is a lock the test holds.
GATE = """
    CREATE FUNCTION gate() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_advisory_xact_lock_shared(4711); RETURN NULL; END $$;
    CREATE TRIGGER gate BEFORE INSERT ON servicescore_dailyrow
    FOR EACH STATEMENT EXECUTE FUNCTION gate();
    CREATE TABLE kept_touch AS TABLE stores_touch;"""


def main(last: date) -> None:
    """Migrate, lay the facts and their touches, build the gate."""
    call_command("migrate", verbosity=0, interactive=False)
    market_build(shops=SHOPS, last=last)
    with connection.cursor() as cursor:
        cursor.execute(GATE)


if __name__ == "__main__":
    main(date.fromisoformat(sys.argv[1]))
