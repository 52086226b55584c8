"""Every command and each of its options say what they are for."""

import argparse
from pathlib import Path

import pytest
from django.core.management import load_command_class

FOLDER = Path(__file__).resolve().parents[2] / "shopguard" / "management" / "commands"
COMMANDS = sorted(file.stem for file in FOLDER.glob("[!_]*.py"))
# Options Django gives to every command.
OF_DJANGO = {
    "version", "verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color",
    "skip_checks", "help",
}  # fmt: skip


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_says_what_it_does(name: str) -> None:
    command = load_command_class("shopguard", name)
    assert len(command.help) > 10
    assert command.help.strip().endswith(".")


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    parser = load_command_class("shopguard", name).create_parser("manage.py", name)
    silent = [
        action.dest
        for action in parser._actions
        if action.dest not in OF_DJANGO and not _is_told(action)
    ]
    assert silent == []


def _is_told(action: argparse.Action) -> bool:
    return bool(action.help) and action.help != argparse.SUPPRESS


@pytest.mark.parametrize("name", COMMANDS)
def test_a_command_prints_its_help(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        load_command_class("shopguard", name).create_parser("manage.py", name).parse_args(["-h"])
    assert ended.value.code == 0
    assert name in capsys.readouterr().out
