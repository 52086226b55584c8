"""What a backup and a restore refuse; the drill (`make restore-drill`) shows that they work."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from shopguard import backups
from stores.models import Shop
from tests.factories import make_shop


@pytest.mark.django_db(transaction=True)
def test_a_backup_holds_every_table_and_knows_its_rows(tmp_path: Path) -> None:
    make_shop("plum")
    call_command("backup", str(tmp_path / "saved"))
    saved = backups.content_saved(tmp_path / "saved")
    assert saved[Shop._meta.db_table].rows == 1
    assert saved == backups.content_now()
    assert (tmp_path / "saved").stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db
def test_a_folder_that_exists_is_not_written_over(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="exists; name a folder that does not"):
        call_command("backup", str(tmp_path))


@pytest.mark.django_db
def test_a_database_in_use_is_not_wiped_unasked(tmp_path: Path) -> None:
    (tmp_path / backups.CONTENT).write_text("{}")
    with pytest.raises(CommandError, match="not empty; --wipe forgets"):
        call_command("restore", str(tmp_path))


@pytest.mark.django_db
def test_a_backup_that_was_broken_off_is_not_restored(tmp_path: Path) -> None:
    (tmp_path / backups.DUMP).write_bytes(b"half")
    with pytest.raises(CommandError, match="holds no complete backup"):
        call_command("restore", str(tmp_path), "--wipe")
