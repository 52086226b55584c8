"""How gunicorn runs the web, found by its name: one folder of figures for all its workers, and its
own lines in the format of the rest.
"""

import os
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from prometheus_client.multiprocess import mark_process_dead

from shopguard.lib.logs import logging_settings

IS_LOCAL = os.environ.get("SHOPGUARD_ENV", "local") == "local"
LOG_FORMAT = os.environ.get("LOG_FORMAT") or ("console" if IS_LOCAL else "json")
LEVEL = os.environ.get("LOG_LEVEL", "INFO")

# Before the first worker is there: each writes its counts to a file of its own in this folder.
FIGURES = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", mkdtemp(prefix="sg-figures-")))
FIGURES.mkdir(parents=True, exist_ok=True)

quiet = {"level": LEVEL, "handlers": [], "propagate": True}
logconfig_dict = logging_settings(log_format=LOG_FORMAT, level=LEVEL) | {
    "loggers": {"gunicorn.error": quiet, "gunicorn.access": quiet}
}


def child_exit(server: Any, worker: Any) -> None:
    """A worker that ended no longer counts as a living one."""
    mark_process_dead(worker.pid)  # type: ignore[no-untyped-call]


def on_exit(server: Any) -> None:
    """The figures of this start end with it."""
    rmtree(FIGURES, ignore_errors=True)
