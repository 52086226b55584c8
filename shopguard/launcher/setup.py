"""Fills the virtual environment from a hash-pinned lock.

`python -m shopguard.launcher.setup UV_VERSION LOCK`
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path


def installed_uv(version: str) -> Path | None:
    """Path of the pinned uv inside this environment; None when it cannot be had."""
    uv = Path(sys.prefix, "bin", "uv")
    asked = [sys.executable, "-m", "pip", "install", "-q", f"uv=={version}"]
    if (
        uv.exists()
        and version in subprocess.run([uv, "--version"], capture_output=True, text=True).stdout
    ):
        return uv
    return uv if subprocess.run(asked).returncode == 0 and uv.exists() else None


def install_with_uv(uv: Path, lock: str, version: str) -> bool:
    """True when uv made the environment equal to the lock (uv itself stays for the next time)."""
    # Certificates of the system: a company's own mirror is signed by one of those.
    ours = {"UV_COMPILE_BYTECODE": "1", "UV_PYTHON_DOWNLOADS": "never"}
    environment = {"UV_SYSTEM_CERTS": "1"} | os.environ | ours
    sync = [str(uv), "pip", "sync", "-q", "-p", sys.executable, "--require-hashes", lock]
    return not subprocess.run(sync, env=environment).returncode


def main(version: str, lock: str) -> int:
    """Exit code 0 when every package of the lock is installed with its hash checked."""
    started = time.monotonic()
    uv = installed_uv(version)
    if not (uv and install_with_uv(uv, lock, version)):
        print(
            "uv could not do it; installing with pip instead, which takes longer.", file=sys.stderr
        )
        pip = [sys.executable, "-m", "pip", "install", "-q", "--require-hashes", "-r", lock]
        if code := subprocess.run(pip).returncode:
            return code
    print(f"Installed {lock} in {time.monotonic() - started:.0f} s.")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
