"""In production nothing has a default that a stranger could know, and Django finds no fault."""

import json
import os
import subprocess
import sys

import pytest

from tests.architecture.tree import ROOT

pytestmark = pytest.mark.process

SECRET = "d41d8cd98f00b204e9800998ecf8427e-a-key-of-more-than-50-characters"
PRODUCTION = {
    "SHOPGUARD_ENV": "production",
    "SECRET_KEY": SECRET,
    "ALLOWED_HOSTS": "shop.example",
    "DATABASE_URL": "postgres://shopguard:secret@db.example/shopguard",
    "REDIS_URL": "redis://:secret@redis.example/0",
}
ASKED = (
    "DEBUG", "SESSION_COOKIE_NAME", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY",
    "SESSION_COOKIE_SAMESITE", "CSRF_COOKIE_NAME", "CSRF_COOKIE_SECURE", "CSRF_COOKIE_HTTPONLY",
    "CSRF_COOKIE_SAMESITE", "SECURE_SSL_REDIRECT", "SECURE_HSTS_SECONDS", "DEMO_SIGN_IN",
    "CELERY_ACCEPT_CONTENT", "ALLOWED_HOSTS",
)  # fmt: skip


def django(program: str, **given: str) -> subprocess.CompletedProcess[str]:
    """Run a program under exactly the given environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    return subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env=kept | {"DJANGO_SETTINGS_MODULE": "shopguard.settings"} | given,
        capture_output=True,
        text=True,
        check=False,
    )


def test_django_finds_no_fault_with_the_production_settings() -> None:
    program = (
        "import django; django.setup()\n"
        "from django.core.management import call_command\n"
        "call_command('check', deploy=True, fail_level='WARNING')"
    )
    done = django(program, **PRODUCTION)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("name", ["SECRET_KEY", "ALLOWED_HOSTS", "DATABASE_URL", "REDIS_URL"])
@pytest.mark.parametrize("value", [None, ""], ids=["missing", "empty"])
def test_production_does_not_start_without(name: str, value: str | None) -> None:
    given = {key: text for key, text in PRODUCTION.items() if key != name}
    done = django("import shopguard.settings", **given, **({} if value is None else {name: value}))
    assert done.returncode != 0
    assert name in done.stderr


def test_production_does_not_start_with_a_short_secret() -> None:
    done = django("import shopguard.settings", **(PRODUCTION | {"SECRET_KEY": "changeme"}))
    assert "SECRET_KEY" in done.stderr
    assert "changeme" not in done.stderr


def test_an_environment_nobody_knows_is_refused() -> None:
    done = django("import shopguard.settings", **(PRODUCTION | {"SHOPGUARD_ENV": "prod"}))
    assert "SHOPGUARD_ENV" in done.stderr


def test_cookies_and_transport_of_production_are_strict() -> None:
    program = (
        "import json\nfrom shopguard import settings\n"
        f"print(json.dumps({{name: getattr(settings, name) for name in {ASKED!r}}}))"
    )
    done = django(program, **PRODUCTION)
    found = json.loads(done.stdout)
    assert found.pop("SECURE_HSTS_SECONDS") >= 365 * 24 * 3600
    assert found == {
        "DEBUG": False,
        "SESSION_COOKIE_NAME": "__Host-sessionid",
        "SESSION_COOKIE_SECURE": True,
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Lax",
        "CSRF_COOKIE_NAME": "__Host-csrftoken",
        "CSRF_COOKIE_SECURE": True,
        "CSRF_COOKIE_HTTPONLY": True,
        "CSRF_COOKIE_SAMESITE": "Lax",
        "SECURE_SSL_REDIRECT": True,
        "DEMO_SIGN_IN": False,
        "CELERY_ACCEPT_CONTENT": ["json"],
        "ALLOWED_HOSTS": ["shop.example"],
    }
