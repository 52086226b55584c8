"""Whether this machine can drive the browser tests: a Chromium and a font that draws Chinese."""

from __future__ import annotations

import shutil
import subprocess

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


def find_chromium() -> str | None:
    """Path of the browser's program; None when there is none."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


def draws_chinese() -> bool:
    """True when a font with Chinese is installed; without fontconfig (macOS) one comes along."""
    if not (fc_list := shutil.which("fc-list")):
        return True
    listed = subprocess.run([fc_list, ":lang=zh"], capture_output=True, text=True)
    return bool(listed.stdout.strip())


def what_is_missing() -> str | None:
    """Says what to install; None when nothing is missing."""
    if find_chromium() is None:
        return "no Chromium found (Debian: apt-get install chromium)"
    if not draws_chinese():
        return "no font with Chinese found (Debian: apt-get install fonts-wqy-microhei)"
    return None
