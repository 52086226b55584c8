"""The embedded PostgreSQL and Valkey: real processes, started and killed."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from pathlib import Path

import psycopg
import pytest
import redis

from tests.install.checkout import Checkout, add_packages, system_python, until

pytestmark = pytest.mark.process

LAUNCHER = "shopguard.launcher"
SHOW = ("sh", "-c", "echo $DATABASE_URL $REDIS_URL")
HOLD = ("sh", "-c", "echo $DATABASE_URL $REDIS_URL; read line")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def addresses(line: str) -> tuple[str, str]:
    database, broker = line.split()
    return database, broker.replace("redis+socket:", "unix:")


def answers(line: str) -> bool:
    database, broker = addresses(line)
    with psycopg.connect(database) as connection:
        row = connection.execute("SELECT current_database()").fetchone()
    return row == ("shopguard",) and bool(redis.from_url(broker).ping())


def hold(checkout: Checkout, **variables: str) -> tuple[subprocess.Popen[str], str]:
    process = checkout.start(LAUNCHER, "--", *HOLD, **variables)
    assert process.stdout
    return process, process.stdout.readline()


def test_a_command_gets_both_services_and_nothing_is_left_after_it(checkout: Checkout) -> None:
    process, line = hold(checkout)
    assert answers(line)
    process.communicate("\n", timeout=30)
    assert process.returncode == 0
    assert until(lambda: not checkout.processes())


def test_the_exit_code_is_that_of_the_command(checkout: Checkout) -> None:
    process = checkout.start(LAUNCHER, "--", "sh", "-c", "exit 7")
    assert process.wait(timeout=30) == 7


@as_root
def test_root_starts_them_below_a_folder_that_only_root_may_enter(checkout: Checkout) -> None:
    add_packages(checkout)
    checkout.root.chmod(0o700)
    before = {path: path.stat().st_mode for path in checkout.root.rglob("*") if path.is_dir()}
    process, line = hold(checkout)
    assert answers(line)
    owner = Path(f"/proc/{checkout.server_pid('postgres')}").stat().st_uid
    assert owner == pwd.getpwnam("nobody").pw_uid
    process.communicate("\n", timeout=30)
    assert checkout.root.stat().st_mode & 0o777 == 0o700
    assert before == {path: path.stat().st_mode for path in before}


@as_root
def test_a_user_namespace_does_where_capabilities_may_not_be_kept(checkout: Checkout) -> None:
    if subprocess.run(["unshare", "-U", "true"], capture_output=True).returncode:
        pytest.skip("this machine allows no user namespaces")
    add_packages(checkout)
    checkout.root.chmod(0o700)
    script = (
        "from shopguard.launcher import identity, servers\n"
        "from shopguard.launcher.places import places\n"
        "real = identity.candidates\n"
        "servers.candidates = lambda *a: [i for i in real(*a) if i.how == 'namespace']\n"
        "server = servers.Postgres(places(), fast=True)\n"
        "server.start(); print(server.ready()); server.stop()\n"
    )
    (checkout.root / "third_way.py").write_text(script)
    assert checkout.says("third_way") == "True\n"


def test_an_ordinary_user_starts_them(checkout: Checkout) -> None:
    if os.geteuid() == 0:
        if not (python := system_python()):
            pytest.skip("no Python that an ordinary user may run")
        add_packages(checkout)
        checkout.python, checkout.user = python, "nobody"
        shutil.chown(checkout.root, "nobody")
    process, line = hold(checkout)
    assert answers(line)
    process.communicate("\n", timeout=30)
    assert until(lambda: not checkout.processes())


def test_a_launcher_killed_hard_leaves_no_process_and_the_next_start_works(
    checkout: Checkout,
) -> None:
    process, line = hold(checkout)
    with psycopg.connect(addresses(line)[0], autocommit=True) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 1 AS number")
    process.kill()
    process.wait()
    assert until(lambda: not checkout.processes())
    process, line = hold(checkout)
    with psycopg.connect(addresses(line)[0]) as connection:
        assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
    process.communicate("\n", timeout=30)


def test_a_keeper_killed_hard_takes_its_servers_along_and_the_next_start_works(
    checkout: Checkout,
) -> None:
    process, line = hold(checkout)
    (keeper,) = checkout.processes("launcher.keeper")
    os.kill(keeper, signal.SIGKILL)
    assert until(lambda: not checkout.processes("postgres") and not checkout.processes("valkey"))
    process.communicate("\n", timeout=30)
    process, line = hold(checkout)
    assert answers(line)
    process.communicate("\n", timeout=30)


def test_a_stale_lock_file_with_the_number_of_another_process_does_no_harm(
    checkout: Checkout,
) -> None:
    checkout.says(LAUNCHER, "--", "true")
    (cluster,) = checkout.state.glob("postgres-*/cluster")
    (cluster / "postmaster.pid").write_text(f"{os.getpid()}\n{cluster}\n")
    process, line = hold(checkout)
    assert answers(line)
    process.communicate("\n", timeout=30)


def test_two_starters_at_once_share_the_services_and_the_last_one_ends_them(
    checkout: Checkout,
) -> None:
    first = checkout.start(LAUNCHER, "--", *HOLD)
    second = checkout.start(LAUNCHER, "--", *HOLD)
    assert first.stdout
    assert second.stdout
    line = first.stdout.readline()
    assert line == second.stdout.readline()
    assert len(checkout.processes("launcher.keeper")) == 1
    first.kill()
    first.wait()
    assert not until(lambda: not checkout.processes("valkey"), seconds=0.5)
    assert answers(line)
    second.communicate("\n", timeout=30)
    assert until(lambda: not checkout.processes())


def test_what_a_killed_launcher_ran_ends_with_it(checkout: Checkout) -> None:
    marker = str(checkout.root / "sleeper")
    (checkout.root / "sleeper").write_text("import time\nprint('on', flush=True)\ntime.sleep(60)\n")
    process = checkout.start(LAUNCHER, "--", checkout.python, marker)
    assert process.stdout
    assert process.stdout.readline() == "on\n"
    process.kill()
    assert until(lambda: not checkout.processes("sleeper"))


def test_a_server_killed_hard_comes_back(checkout: Checkout) -> None:
    process, line = hold(checkout)
    for name in ("postgres", "valkey"):
        before = checkout.server_pid(name)
        os.kill(before, signal.SIGKILL)
        assert until(lambda name=name, before=before: checkout.server_pid(name) != before)

    def again() -> bool:
        try:
            return answers(line)
        except (psycopg.OperationalError, redis.ConnectionError):
            return False

    assert until(again)
    process.communicate("\n", timeout=30)


def test_a_state_folder_with_a_long_path_gets_its_sockets_elsewhere(checkout: Checkout) -> None:
    state = checkout.root / ("a" * 60) / ("b" * 60)
    process, line = hold(checkout, SHOPGUARD_STATE=str(state))
    assert answers(line)
    assert (state / "valkey").is_dir()
    process.communicate("\n", timeout=30)


def test_addresses_that_are_set_are_used_as_they_are(checkout: Checkout) -> None:
    said = checkout.says(
        LAUNCHER, "--", *SHOW, DATABASE_URL="postgresql://a", REDIS_URL="redis://b"
    )
    assert said == "postgresql://a redis://b\n"
    assert not checkout.state.exists()


def test_the_postgresql_of_the_system_is_the_second_choice(checkout: Checkout) -> None:
    if not list(Path("/usr/lib/postgresql").glob("*/bin/initdb")):
        pytest.skip("no PostgreSQL installed on this machine")
    process, line = hold(checkout, SHOPGUARD_POSTGRES="system")
    assert answers(line)
    process.communicate("\n", timeout=30)


def test_without_help_of_the_kernel_a_watcher_ends_the_server_of_a_dead_keeper(
    checkout: Checkout,
) -> None:
    """What macOS gets, run here: the parent is killed, the watcher sees it and ends its child."""
    keeper = (
        "import os, subprocess, sys, time\n"
        "watch = [sys.executable, '-m', 'shopguard.launcher.watch', str(os.getpid()), '15']\n"
        f"subprocess.Popen([*watch, 'sh', '-c', 'sleep 60; echo {checkout.root}'])\n"
        "print('on', flush=True); time.sleep(60)\n"
    )
    (checkout.root / "dying_keeper.py").write_text(keeper)
    process = checkout.start("dying_keeper")
    assert process.stdout
    assert process.stdout.readline() == "on\n"
    assert until(lambda: checkout.processes("sleep 60; echo"))
    process.kill()
    process.wait()
    assert until(lambda: not checkout.processes("sleep 60; echo"))
