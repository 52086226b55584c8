"""Loads the demo market: its files through the importers, the last score dates, then its people.

What was begun and what is done stands in the audit log. The people come last, in the transaction
that says so: whoever can sign in finds everything there. A load that was killed is taken up again
with the day and the shops it was begun with; the importers and the ledger of runs know what they
have done already.
"""

from collections.abc import Callable, Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from servicescore.rules import score_book
from servicescore.selectors.stored_window import windows_kept
from shopguard import nightly
from shopguard.demo import generate
from shopguard.demo.cast import DEMO_SIGN_INS, DemoSignIn
from shopguard.demo_cases import cases_work
from shopguard.demo_channels import channels_choose
from shopguard.demo_conduct import conduct_work
from shopguard.demo_covers import covers_open, fee_see
from shopguard.demo_fixes import fixes_work
from shopguard.demo_invoices import invoices_ask
from shopguard.demo_late import held_back, late_date
from shopguard.demo_opening import opening_work
from shopguard.demo_parcels import parcels_tell
from shopguard.demo_service import service_work
from shopguard.demo_signals import signals_laid
from shopguard.demo_statements import statements_bring
from shopguard.lib.days import at_hour, days_between, shanghai_day
from stores.kinds import kind_named
from stores.models import AuditEntry, Role, Run, Shop, User
from stores.presets import presets
from stores.selectors.runs import shards_failed
from stores.services.audit import audit_record
from stores.services.imports.engine import Job, import_file
from stores.services.imports.report import APPLIED
from stores.services.imports.source import file_source
from stores.services.people import membership_grant, user_create

SCORE_DATES = 200
ACTOR = "command:seed_demo"
BEGUN, LOADED = "demo.begun", "demo.loaded"
# Any constant will do, as long as nothing else in this database locks the same number.
LOAD_LOCK = 0xDE30
# Pages show the newest search only, and today's night judges every day of service there was.
PAST_WITHOUT = (nightly.FINDINGS, nightly.ASSESSMENT)
# No cover of the demo is older than this, so nobody asks for fees of before.
FEE_DAYS = 100
WITHOUT_FEES = (*PAST_WITHOUT, nightly.WINDOWS, nightly.QUOTES)
LASTED = timedelta(minutes=4)  # of a night that was played
COMPUTING = 2  # days at a time: one waits for the database while the other calculates

Told = Callable[[str, int, int], object]


class DemoError(Exception):
    """The demo cannot be loaded; the text says why and what to do."""


@dataclass(frozen=True)
class Plan:
    """What to load: the market as ``today`` begins, its first ``shops`` shops (None: all).

    ``score_dates`` is how many dates up to ``today`` get their scores.
    """

    today: date
    shops: int | None = None
    score_dates: int = SCORE_DATES

    @property
    def dates(self) -> list[date]:
        """The dates that get scores, the oldest first."""
        return days_between(self.today - timedelta(days=self.score_dates - 1), self.today)

    def without(self, day: date) -> Collection[str]:
        """The steps of the night a date of the market can do without."""
        if day == self.today:
            return ()
        return PAST_WITHOUT if day > self.today - timedelta(days=FEE_DAYS) else WITHOUT_FEES

    def as_json(self) -> dict[str, str | int | None]:
        """As it stands in the audit log."""
        return {"today": str(self.today), "shops": self.shops, "score_dates": self.score_dates}


def plan_begun() -> Plan | None:
    """The plan of the load that was begun here, None if there was none."""
    entry = AuditEntry.objects.filter(action=BEGUN).order_by("pk").last()
    if entry is None or not isinstance(entry.after, dict):
        return None
    told = entry.after
    return Plan(date.fromisoformat(told["today"]), told["shops"], told["score_dates"])


def is_loaded() -> bool:
    """Whether the demo has been loaded to the end."""
    return AuditEntry.objects.filter(action=LOADED).exists()


def unwanted() -> str:
    """Why this installation gets no demo, empty if it may have one."""
    if not settings.DEMO_SIGN_IN:
        return "DEMO_SIGN_IN is off, and the passwords of the demo are public"
    if plan_begun() is not None:
        return ""
    if Shop.objects.exists():
        return "there are shops in this database already"
    names = [person.username for person in DEMO_SIGN_INS]
    taken = User.objects.filter(username__in=names).values_list("username", flat=True)
    return f"these names are taken: {', '.join(sorted(taken))}" if taken else ""


@contextmanager
def alone() -> Iterator[None]:
    """One load at a time; a second one waits. The lock ends with the connection that holds it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [LOAD_LOCK])
    try:
        yield
    finally:
        if connection.is_usable():
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOAD_LOCK])


def load(plan: Plan, told: Told) -> None:
    """Load the demo to the end, whatever part of it is there. Call it under :func:`alone`.

    ``told`` hears of the stage (``files``, ``import``, ``score``), what is done and the total.
    Raises DemoError when a file is not taken whole or a score fails.
    """
    if plan_begun() is None:
        with transaction.atomic():
            _enter(BEGUN, plan)
    with TemporaryDirectory(prefix="shopguard-demo-") as folder:
        told("files", 0, 1)
        written = generate.write(Path(folder), plan.today, shop_limit=plan.shops)
        written = signals_laid(written, plan.today)
        told("files", 1, 1)
        day = late_date(plan.today)
        written, late = held_back(written, day) if day in plan.dates[:-1] else (written, [])
        _import(written, told)
        if late:
            _compute(plan, told, upto=day)
            _import(late, told)
            _score(day, without=PAST_WITHOUT, is_played=False)
    fee_see(plan.today)
    _compute(plan, told, upto=plan.today)
    covers_open(plan.today)
    with transaction.atomic():
        owner, ops, admin = (_welcome(person) for person in DEMO_SIGN_INS)
        cases_work(owner=owner, ops=ops, admin=admin)
        fixes_work(owner=owner, ops=ops, today=plan.today)
        conduct_work(owner=owner, admin=admin)
        service_work(owner=owner, ops=ops, admin=admin)
        opening_work(owner=owner, admin=admin)
        channels_choose(owner=owner, ops=ops, admin=admin)
        statements_bring(ops=ops, today=plan.today)
        invoices_ask(owner=owner, today=plan.today)
        parcels_tell(plan.today)
        _enter(LOADED, plan)


def _enter(action: str, plan: Plan) -> None:
    audit_record(
        actor=ACTOR, action=action, object_type="demo", object_id="market", after=plan.as_json()
    )


def _import(written: list[generate.Written], told: Told) -> None:
    total, done = sum(file.rows for file in written), 0
    for file in written:
        told("import", done, total)
        job = Job(kind_named(file.kind), file_source(file.path), presets()["canonical"])
        report = import_file(job)
        if report.status != APPLIED or report.counts.rejected:
            raise DemoError(f"{file.kind}: {report.reason or report.problems[:3]}")
        done += file.rows
    told("import", done, total)


def _compute(plan: Plan, told: Told, *, upto: date) -> None:
    """The score dates up to ``upto`` without a finished run; the first alone, as it counts every
    day there is.
    """
    wanted = plan.dates
    ended = Run.objects.filter(day__in=wanted, finished_at__isnull=False)
    done = set(ended.values_list("day", flat=True))
    missing = [day for day in wanted if day <= upto and day not in done]
    finished = count(len(done))
    told("score", next(finished), len(wanted))

    def work(days: list[date]) -> None:
        with windows_kept():
            for day in days:
                _score(day, without=plan.without(day))
                told("score", next(finished), len(wanted))

    work(missing[:1])
    with ThreadPoolExecutor(COMPUTING) as pool:
        shares = [missing[1 + place :: COMPUTING] for place in range(COMPUTING)]
        list(pool.map(_closing(work), shares))


def _closing(work: Callable[[list[date]], None]) -> Callable[[list[date]], None]:
    """The same work, giving back the connection its thread was given."""

    def worked(days: list[date]) -> None:
        try:
            work(days)
        finally:
            connection.close()

    return worked


def _score(day: date, without: Collection[str], *, is_played: bool = True) -> None:
    rules = score_book().in_force(day)
    run = nightly.run_for(day=day, rules=rules, trigger=Run.Trigger.RECOMPUTE, without=without)
    if is_played:
        _play(run, created_at=_due(day))
    nightly.run_in_foreground(run_id=run.pk, told=lambda shards: None)
    if is_played:
        _play(run, finished_at=_due(day) + LASTED)
    failed = shards_failed(run_id=run.pk).first()
    if failed is not None:
        raise DemoError(f"{day}: {failed.step.name} {failed.key} failed: {failed.error}")


def _due(day: date) -> datetime:
    return at_hour(day, settings.NIGHTLY_HOUR) + timedelta(minutes=settings.NIGHTLY_MINUTE)


def _play(run: Run, **when: datetime) -> None:
    """Let the run of a past date be of its night: to the market it was, and a quote computed in its
    own night is one that can be checked.
    """
    if run.day < shanghai_day(timezone.now()):
        Run.objects.filter(pk=run.pk).update(**when)


def _welcome(person: DemoSignIn) -> User:
    user = user_create(
        actor=ACTOR,
        username=person.username,
        password=person.password,
        is_admin=person.role == "admin",
    )
    for shop in Shop.objects.filter(external_id__in=person.shops).order_by("pk"):
        membership_grant(actor=ACTOR, shop=shop, user=user, role=Role(person.role))
    return user
