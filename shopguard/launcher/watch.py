"""Stands between keeper and server where the kernel tells no child of its parent's death (macOS).

`python -m shopguard.launcher.watch SIGNAL COMMAND…` passes signals on and ends the server when
the keeper is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

LOOK_EVERY_SECONDS = 0.5


def main(death: int, command: list[str]) -> int:
    """The server's exit code."""
    parent = os.getppid()
    server = subprocess.Popen(command)
    for passed_on in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(passed_on, lambda number, _: server.send_signal(number))
    while os.getppid() == parent:
        try:
            return server.wait(timeout=LOOK_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    server.send_signal(death)
    return server.wait()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
