"""The Celery application. Start workers with ``celery -A shopguard.celery worker``."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shopguard.settings")

app = Celery("shopguard")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["shopguard"])
