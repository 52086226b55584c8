"""``docs/adding.md`` is true: what it says is done in a copy of the checkout, and then holds."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.architecture.tree import ROOT, files

DOCUMENT = ROOT / "docs" / "adding.md"
BLOCK = re.compile(
    r"^(?P<order>(?:New file|In|At the end of|Copy) `[^\n]*):\n\n```\w+\n(?P<text>.*?)^```$",
    re.MULTILINE | re.DOTALL,
)
QUOTED = re.compile(r"`([^`]+)`")
MIGRATIONS = re.compile(r"`python manage\.py makemigrations (\w+)`")
TABLE = re.compile(r"^(?=\[)", re.MULTILINE)
# What holds the house, for the things the document adds.
GUARDS = (
    "tests/access/test_isolation.py", "tests/access/test_classification.py",
    "tests/access/test_markup.py", "tests/score/test_metric_declarations.py",
    "tests/score/test_golden.py", "tests/architecture/test_purity.py",
)  # fmt: skip
ADDED = "exchange_hours or inspection"

pytestmark = pytest.mark.process


@dataclass(frozen=True)
class Order:
    """Something the document tells to do: the sentence and the block below it."""

    sentence: str
    text: str

    def follow(self, checkout: Path) -> None:
        """Do it. Fails when a file or line it names is not there."""
        names = QUOTED.findall(self.sentence)
        path = checkout / names[0]
        if self.sentence.startswith("New file"):
            assert not path.exists(), f"{names[0]} is there already"
            path.parent.mkdir(exist_ok=True)
            path.write_text(self.text, "utf-8")
        elif self.sentence.startswith("Copy"):
            (checkout / names[1]).write_text(changed(path.read_text("utf-8"), self.text), "utf-8")
        else:
            content = path.read_text("utf-8")
            assert f"{(names[1:] or [''])[0]}\n" in content, (
                f"{self.sentence}: the line is not there"
            )
            at = content.index(f"{names[1]}\n") + len(names[1]) + 1 if names[1:] else len(content)
            lead = "" if names[1:] else "\n"
            path.write_text(content[:at] + lead + self.text + content[at:], "utf-8")


def changed(toml: str, changes: str) -> str:
    """A rule file with some header lines and tables replaced or added."""
    header, *tables = TABLE.split(toml)
    new_header, *new_tables = TABLE.split(changes)
    for line in new_header.splitlines():
        name = line.partition(" = ")[0]
        header = re.sub(rf"^{name} = .*$", lambda _, new=line: new, header, flags=re.MULTILINE)
    names = {table.partition("\n")[0] for table in new_tables}
    kept = [table for table in tables if table.partition("\n")[0] not in names]
    return "".join([header, *kept, *(f"{table.rstrip()}\n\n" for table in new_tables)])


def orders() -> list[Order]:
    """Everything the document tells to do, in its order."""
    text = DOCUMENT.read_text("utf-8")
    return [Order(found["order"], found["text"]) for found in BLOCK.finditer(text)]


@pytest.fixture(scope="module")
def followed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A copy of the checkout in which the document has been followed."""
    checkout = tmp_path_factory.mktemp("adding") / "checkout"
    for file in files():
        (checkout / file).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / file, checkout / file)
    subprocess.run(["git", "init", "-q", str(checkout)], check=True)
    for order in orders():
        order.follow(checkout)
    yield checkout
    shutil.rmtree(checkout)


def run(checkout: Path, *command: str) -> str:
    """Run Python in the copy, beside the services of this run but in a database of its own."""
    name = f"adding{os.environ.get('PYTEST_XDIST_WORKER', '')}"
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PYTEST_")}
    done = subprocess.run(
        [sys.executable, *command],
        cwd=checkout,
        env=inherited
        | {
            "DATABASE_URL": urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{name}").geturl(),
            "SHOPGUARD_STATE": str(checkout / "state"),
        },
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-6000:] + done.stderr[-3000:]
    return done.stdout


def test_every_block_of_the_document_is_followed() -> None:
    assert len(orders()) == DOCUMENT.read_text("utf-8").count("\n```") // 2


def test_a_metric_a_kind_a_preset_and_a_page_are_added_as_written(followed: Path) -> None:
    for app in MIGRATIONS.findall(DOCUMENT.read_text("utf-8")):
        run(followed, "manage.py", "makemigrations", app, "--verbosity", "0")
    written = [name for order in orders() for name in QUOTED.findall(order.sentence)[:1]]
    proofs = [name for name in written if re.match(r"tests/.*\.py$", name)]
    told = run(
        followed, "-m", "pytest", "-q", "-n", "0", "-p", "no:cacheprovider", "--create-db",
        *proofs, *GUARDS, "-k", ADDED, "-rA",
    )  # fmt: skip
    passed = re.findall(r"^PASSED (\S+)", told, re.MULTILINE)
    for guard in (*proofs, *GUARDS):
        assert any(name.startswith(guard) for name in passed), f"nothing of {guard} ran"


def test_what_was_added_keeps_the_layers(followed: Path) -> None:
    lint = "import sys; from importlinter import cli; sys.exit(cli.lint_imports(no_cache=True))"
    run(followed, "-c", lint)
