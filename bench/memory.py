"""How much memory a command held at most, its own alone."""

from __future__ import annotations

import re
import time
from pathlib import Path
from threading import Thread

GAP_SECONDS = 0.02
HIGHEST = re.compile(r"^VmHWM:\s+(\d+) kB$", re.MULTILINE)


class Watch:
    """Reads the high-water mark of a process until it ends.

    What the system tells of a child that ended counts the memory of the process that started it,
    up to the start: a bench that has just written a market would be measured, not the command.
    """

    def __init__(self, pid: int) -> None:
        self.mib = 0.0
        self._status = Path(f"/proc/{pid}/status")
        self._thread = Thread(target=self._read, daemon=True)
        self._thread.start()

    def _read(self) -> None:
        while found := HIGHEST.search(self._told()):
            self.mib = int(found[1]) / 1024
            time.sleep(GAP_SECONDS)

    def _told(self) -> str:
        try:
            return self._status.read_text()
        except OSError:
            return ""

    def ended(self) -> float:
        """The highest mark in MiB once the process is over; 0 where the system does not tell."""
        self._thread.join()
        return self.mib
