"""The Celery application. Start workers with ``celery -A shopguard.celery worker``."""

import os
from typing import Any

from celery import Celery
from celery.signals import setup_logging, task_postrun, task_prerun
from structlog.contextvars import bind_contextvars, unbind_contextvars

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopguard.settings")

app = Celery("shopguard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["shopguard"])


@setup_logging.connect
def keep_logging(**_: Any) -> None:
    """Leave logging as Django set it up: being asked keeps Celery from setting up its own."""


@task_prerun.connect
def bind_task(task_id: str, task: Any, **_: Any) -> None:
    """Every line of a task carries its name and number."""
    bind_contextvars(task=task.name, task_id=task_id)


@task_postrun.connect
def release_task(**_: Any) -> None:
    """What follows in this process belongs to another task."""
    unbind_contextvars("task", "task_id")
