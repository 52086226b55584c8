"""The processes of `make run`: each with its log file, started again when it ends by itself."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from logging.handlers import RotatingFileHandler
from pathlib import Path

from shopguard.launcher.services import Lease

MOST_RESTARTS = 5
CALM_SECONDS = 60.0
LONGEST_PAUSE_SECONDS = 15.0
LOG_BYTES = 5_000_000
LONGEST_SHOWN = 200

WORTH_SHOWING = re.compile(r"\b(ERROR|CRITICAL)\b|^[\w.]+(Error|Exception)\b")


class Child:
    """One long-running command in a process group of its own."""

    def __init__(
        self, name: str, command: Sequence[str], logs: Path, lease: Lease, keep: Sequence[int] = ()
    ) -> None:
        self.name = name
        self.command = list(command)
        self.lease = lease
        self.keep = keep
        self.restarts = 0
        self.started_at = 0.0
        self.start_again_at: float | None = None
        self.process: subprocess.Popen[str] | None = None
        self.log = _log_file(name, logs)

    def start(self, environment: Mapping[str, str]) -> None:
        """Starts it; what it says goes into its log, errors also to the console in one line."""
        self.started_at = time.monotonic()
        self.start_again_at = None
        self.process = subprocess.Popen(
            self.command,
            env=dict(environment),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            start_new_session=True,
            pass_fds=self.keep,
        )
        self.lease.add_group(self.process.pid)
        threading.Thread(target=self._listen, args=(self.process,), daemon=True).start()

    def _listen(self, process: subprocess.Popen[str]) -> None:
        assert process.stdout
        for line in process.stdout:
            text = line.rstrip()
            self.log.info("%s", text)
            if WORTH_SHOWING.search(text):
                print(f"{self.name}: {text[:LONGEST_SHOWN]}", flush=True)

    def look(self, environment: Mapping[str, str]) -> bool:
        """Starts it again after a pause when it has ended; False when it has ended too often."""
        now = time.monotonic()
        if self.start_again_at is not None:
            if now >= self.start_again_at:
                self.start(environment)
            return True
        if self.process is None or self.process.poll() is None:
            return True
        self.lease.drop_group(self.process.pid)
        self.restarts = 1 if now - self.started_at > CALM_SECONDS else self.restarts + 1
        if self.restarts > MOST_RESTARTS:
            print(f"{self.name} ended {self.restarts} times in a row; giving up.", flush=True)
            return False
        pause = min(2.0 ** (self.restarts - 1), LONGEST_PAUSE_SECONDS)
        self.start_again_at = now + pause
        print(
            f"{self.name} ended with code {self.process.returncode}; again in {pause:.0f} s "
            f"({self.restarts} of {MOST_RESTARTS}).",
            flush=True,
        )
        return True

    def ask_to_stop(self) -> None:
        """Begins an orderly end of the whole group."""
        self._signal(signal.SIGTERM)

    def end_now(self) -> None:
        """Returns when the whole group is gone, by force."""
        if self.process:
            self._signal(signal.SIGKILL)
            self.process.wait()

    def _signal(self, number: signal.Signals) -> None:
        if self.process:
            try:
                os.killpg(self.process.pid, number)
            except (ProcessLookupError, PermissionError):
                return


def _log_file(name: str, logs: Path) -> logging.Logger:
    logger = logging.getLogger(f"shopguard.launcher.{name}")
    logger.propagate = False
    logger.setLevel(logging.INFO)
    logger.handlers = [RotatingFileHandler(logs / f"{name}.log", maxBytes=LOG_BYTES, backupCount=2)]
    return logger
