"""How gunicorn runs the web, found by its name: one folder of figures for all its workers, and its
own lines in the format of the rest.
"""

import os
from pathlib import Path
from shutil import rmtree
from tempfile import mkdtemp
from typing import Any

from shopguard.lib.logs import logging_settings

IS_LOCAL = os.environ.get("SHOPGUARD_ENV", "local") == "local"
LOG_FORMAT = os.environ.get("LOG_FORMAT") or ("console" if IS_LOCAL else "json")
LEVEL = os.environ.get("LOG_LEVEL", "INFO")

# Before the first worker is there and before prometheus_client is loaded, which looks for it once:
# each worker writes its counts to a file of its own in this folder.
FIGURES = Path(os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", mkdtemp(prefix="sg-figures-")))
FIGURES.mkdir(parents=True, exist_ok=True)

logconfig_dict = logging_settings(log_format=LOG_FORMAT, level=LEVEL) | {
    "loggers": {
        "gunicorn.error": {"level": LEVEL, "handlers": [], "propagate": True},
        # Each request is told once, by the product itself and without its address.
        "gunicorn.access": {"level": "CRITICAL", "handlers": [], "propagate": False},
    }
}


def on_exit(server: Any) -> None:
    """The figures of this start end with it."""
    rmtree(FIGURES, ignore_errors=True)
