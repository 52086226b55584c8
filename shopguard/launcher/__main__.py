"""`python -m shopguard.launcher -- COMMAND…` runs a command with DATABASE_URL and REDIS_URL set."""

from __future__ import annotations

import signal
import subprocess
import sys

from shopguard.launcher.places import LauncherError
from shopguard.launcher.services import Lease, services


def run(command: list[str], lease: Lease | None) -> int:
    """Exit code of the command, which gets our signals and does not outlive us."""
    child = subprocess.Popen(command, start_new_session=not sys.stdin.isatty())
    if lease and not sys.stdin.isatty():
        lease.add_group(child.pid)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda number, _: child.send_signal(number))
    code = child.wait()
    return code if code >= 0 else 128 - code


def main(words: list[str]) -> int:
    """Exit code of the command; 2 when it is called wrongly, 1 when the services cannot be had."""
    command = words[1:] if words[:1] == ["--"] else words
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    try:
        with services() as lease:
            return run(command, lease)
    except (LauncherError, FileNotFoundError) as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
