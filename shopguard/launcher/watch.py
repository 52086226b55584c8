"""Stands between keeper and server where the kernel tells no child of its parent's death (macOS).

`python -m shopguard.launcher.watch KEEPER SIGNAL COMMAND…` passes signals on and ends the server
when the keeper, told by its number so that none is too quick to die, is gone.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys

LOOK_EVERY_SECONDS = 0.5


def main(keeper: int, death: int, command: list[str]) -> int:
    """The server's exit code."""
    server = subprocess.Popen(command)
    for passed_on in (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT):
        signal.signal(passed_on, lambda number, _: server.send_signal(number))
    while os.getppid() == keeper:
        try:
            return server.wait(timeout=LOOK_EVERY_SECONDS)
        except subprocess.TimeoutExpired:
            continue
    server.send_signal(death)
    return server.wait()


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:]))
