"""The faults of a night, each one function: what breaks, and what comes back by itself.

Numbers are those of the list of failures the project works through (F1–F16). A fault returns when
the servers are up again; workers and schedulers are started again by the stage.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable
from datetime import timedelta

from tests.chaos.stage import Stage

Fault = Callable[[Stage], None]

SHORT_PAUSE, LONG_PAUSE = 0.5, 1.5
BEYOND_A_LEASE = 3.5
SHARDS = "SELECT id FROM stores_shard"


def f01_worker_killed(stage: Stage) -> None:
    """kill -9 of a worker with its children, in the middle of whatever it does."""
    stage.worker().kill()


def f02_child_killed(stage: Stage) -> None:
    """kill -9 of one child; its worker lives."""
    if children := stage.worker().children():
        os.kill(stage.chance.choice(children), signal.SIGKILL)


def f03_worker_told_to_stop(stage: Stage) -> None:
    """SIGTERM: a worker ends what it does and gives back what it has not begun."""
    os.kill(stage.worker().running.pid, signal.SIGTERM)


def f04_broker_killed(stage: Stage) -> None:
    """The broker is killed and comes back without memory."""
    stage.house.kill_server(stage.house.valkey)
    stage.pause(LONG_PAUSE)
    stage.house.valkey.start()


def f05_broker_frozen(stage: Stage) -> None:
    """The broker does not answer for a while."""
    broker = stage.house.valkey.process
    assert broker
    broker.send_signal(signal.SIGSTOP)
    stage.pause(LONG_PAUSE)
    broker.send_signal(signal.SIGCONT)


def f06_broker_emptied(stage: Stage) -> None:
    """Every message is gone."""
    with stage.sender().connection_for_read() as connection:
        connection.default_channel.client.flushall()


def f07_database_killed(stage: Stage) -> None:
    """PostgreSQL is killed with all its sessions and comes back."""
    stage.house.kill_server(stage.house.postgres)
    stage.pause(SHORT_PAUSE)
    stage.house.postgres.start()


def f08_two_schedulers(stage: Stage) -> None:
    """A second scheduler, and the night is rung in by hand as well."""
    if len(stage.beats) < 2:
        stage.beats.append(stage.house.beat())
    app = stage.sender()
    for _ in range(5):
        app.send_task("shopguard.tasks.start_nightly")


def f09_everything_delivered_three_times(stage: Stage) -> None:
    """Every shard there is gets three messages, in any order."""
    shards = [row[0] for row in stage.house.sql(SHARDS)] * 3
    stage.chance.shuffle(shards)
    app = stage.sender()
    for shard in shards:
        app.send_task("shopguard.tasks.work_shard", args=[shard])


def f10_worker_frozen_past_its_lease(stage: Stage) -> None:
    """A worker stands still while its lease runs out, then goes on as if nothing had been."""
    if len(stage.living(stage.workers)) < 2:
        stage.hire()
    stage.freeze(stage.worker())
    time.sleep(BEYOND_A_LEASE)
    stage.thaw()


def f11_poison(stage: Stage) -> None:
    """For a moment every shard that writes fails."""
    stage.mode("poison")
    stage.pause(LONG_PAUSE)
    stage.mode("slow")


def f12_hang(stage: Stage) -> None:
    """Whoever writes now hangs until the database's own limit ends it."""
    stage.mode("hang")
    stage.pause(LONG_PAUSE)
    stage.mode("slow")


def f13_children_recycled(stage: Stage) -> None:
    """A worker whose children live for one task only."""
    stage.hire("--max-tasks-per-child", "1")


def f14_import_during_the_night(stage: Stage) -> None:
    """An order of today comes in: it belongs to a later night."""
    today = stage.house.day + timedelta(days=1)
    shop = stage.house.one("SELECT min(external_id) FROM stores_shop")
    path = stage.house.folder / "late.csv"
    number = stage.chance.randrange(10**9)
    path.write_text(
        "shop_id,order_id,line_no,placed_at,paid_at,signed_at\n"
        f"{shop},late-{number},1,{today} 00:00:01,{today} 00:00:02,{today} 00:00:03\n"
    )
    stage.house.command("manage.py", "import_data", "orders", str(path), "-v0")


def f15_scheduler_without_memory(stage: Stage) -> None:
    """The scheduler is killed and its file of last times is gone."""
    for beat in stage.living(stage.beats):
        beat.kill()
    stage.pause(LONG_PAUSE)


def f16_message_of_a_newer_version(stage: Stage) -> None:
    """Tasks with arguments this code does not know yet."""
    app = stage.sender()
    app.send_task("shopguard.tasks.start_nightly", kwargs={"newer": "argument"})
    for row in stage.house.sql(SHARDS):
        app.send_task("shopguard.tasks.work_shard", args=[row[0]], kwargs={"newer": 1})


FAULTS: tuple[Fault, ...] = tuple(
    value for name, value in sorted(globals().items()) if name[0] == "f" and name[1:3].isdigit()
)
