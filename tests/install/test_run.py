"""`make run`'s supervisor over a toy application: real web, worker and beat."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import urllib.request

import pytest

from tests.install.checkout import Checkout, until

pytestmark = pytest.mark.process

RUN = "shopguard.launcher.run"


def free_port() -> int:
    with socket.socket() as asked:
        asked.bind(("127.0.0.1", 0))
        return int(asked.getsockname()[1])


def read_until(process: subprocess.Popen[str], word: str) -> str:
    said = ""
    assert process.stdout
    while line := process.stdout.readline():
        said += line
        if word in line:
            return said
    raise AssertionError(f"{word!r} was not said in:\n{said}")


def started(checkout: Checkout, port: int) -> tuple[subprocess.Popen[str], str]:
    process = checkout.start(RUN, PORT=str(port))
    return process, read_until(process, "Ctrl-C")


def page(said: str) -> bytes:
    found = re.search(r"http://\S+", said)
    assert found
    with urllib.request.urlopen(found[0], timeout=30) as answer:
        body: bytes = answer.read()
    return body


def stop(process: subprocess.Popen[str], how: signal.Signals) -> str:
    process.send_signal(how)
    said = process.communicate(timeout=30)[0]
    assert process.returncode == 0, said
    return said


def test_it_names_the_address_and_sign_ins_and_ctrl_c_ends_everything(checkout: Checkout) -> None:
    process, said = started(checkout, free_port())
    assert page(said) == b"toy"
    assert re.search(r"owner +toy-password +店主 / Owner", said)
    assert {"did collectstatic", "did seed_demo"} <= set(said.splitlines())
    for part in ("gunicorn", "worker", "beat"):
        assert checkout.processes(part), part
    stop(process, signal.SIGINT)
    assert until(lambda: not checkout.processes())


def test_a_second_one_on_the_same_state_folder_is_sent_to_the_first(checkout: Checkout) -> None:
    process, said = started(checkout, free_port())
    second = checkout.start(RUN)
    told = second.communicate(timeout=30)[0]
    assert second.returncode == 1
    address = re.search(r"http://\S+", said)
    assert address
    assert f"runs already in {checkout.state}: {address[0]}" in told
    stop(process, signal.SIGTERM)


def test_killed_hard_it_leaves_no_process_and_starts_again(checkout: Checkout) -> None:
    port = free_port()
    process, _ = started(checkout, port)
    process.kill()
    process.wait()
    assert until(lambda: not checkout.processes()), checkout.processes()
    process, said = started(checkout, port)
    assert page(said) == b"toy"
    assert f":{port}" in said
    stop(process, signal.SIGTERM)


def test_a_part_that_crashes_is_started_again_and_the_console_says_so(checkout: Checkout) -> None:
    process, said = started(checkout, free_port())
    children = subprocess.run(
        ["pgrep", "-P", str(process.pid), "-f", "gunicorn"], capture_output=True, text=True
    ).stdout.split()
    os.killpg(int(children[0]), signal.SIGKILL)
    assert "web ended with code -9; again in 1 s (1 of 5)." in read_until(process, "web ended")
    assert until(lambda: page(said) == b"toy")
    stop(process, signal.SIGTERM)


def test_a_port_that_is_taken_is_named_and_the_next_free_one_is_used(checkout: Checkout) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = int(taken.getsockname()[1])
        process, said = started(checkout, port)
        assert f"Port {port} is taken; using " in said
        assert page(said) == b"toy"
        stop(process, signal.SIGTERM)


def test_a_step_that_fails_ends_it_with_the_reason(checkout: Checkout) -> None:
    (checkout.root / "manage.py").write_text("import sys\nsys.exit('the demo is broken')\n")
    process = checkout.start(RUN)
    said = process.communicate(timeout=30)[0]
    assert process.returncode == 1
    assert "the demo is broken" in said
    assert "seed_demo failed" in said
    assert until(lambda: not checkout.processes())
