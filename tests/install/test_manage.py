"""`python manage.py …` with nothing in the environment."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from shopguard.launcher.places import CHECKOUT


def manage(state: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(CHECKOUT / "manage.py"), *words],
        env={"SHOPGUARD_STATE": str(state)},
        cwd="/",
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.mark.process
def test_a_command_in_a_fresh_checkout_finds_a_migrated_database(tmp_path: Path) -> None:
    count = "from stores.models import Shop; print('shops:', Shop.objects.count())"
    first = manage(tmp_path / "state", "shell", "-v0", "-c", count)
    assert first.returncode == 0, first.stderr
    assert "shops: 0" in first.stdout
    second = manage(tmp_path / "state", "showmigrations", "--plan")
    assert "[X]" in second.stdout
    assert "[ ]" not in second.stdout


def test_help_starts_nothing(tmp_path: Path) -> None:
    told = manage(tmp_path / "state", "help")
    assert told.returncode == 0, told.stderr
    assert not (tmp_path / "state").exists()


def test_a_state_folder_that_cannot_be_written_is_named_with_the_way_out(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("")
    told = manage(blocked / "state", "check")
    assert told.returncode == 1
    assert f"The state folder {blocked / 'state'} cannot be written" in told.stderr
    assert "Set SHOPGUARD_STATE" in told.stderr
