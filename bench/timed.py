"""`python -m bench.timed COMMAND…`: the seconds of a management command, start-up left out."""

from __future__ import annotations

import json
import sys
import time

import django
from django.core.management import call_command, get_commands, load_command_class


def main(words: list[str]) -> None:
    """Prints the seconds as the last line."""
    django.setup()
    command = load_command_class(get_commands()[words[0]], words[0])
    started = time.perf_counter()
    call_command(command, *words[1:])
    print(json.dumps({"seconds": time.perf_counter() - started}))


if __name__ == "__main__":
    main(sys.argv[1:])
