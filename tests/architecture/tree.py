"""The files of the checkout, as the tests that hold the house look at them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("stores", "aftersales", "servicescore", "freightins")
PACKAGES = ("shopguard", *APPS)

Function = ast.FunctionDef | ast.AsyncFunctionDef


@cache
def files() -> tuple[Path, ...]:
    """Every file that belongs to the project, relative to its root: all git does not ignore."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True, text=True).stdout
    paths = (Path(name) for name in listed.split("\0") if name)
    return tuple(sorted(path for path in paths if (ROOT / path).is_file()))


def with_suffix(*suffixes: str) -> list[Path]:
    """The files of some kinds that people write; generated migrations are not among them."""
    return [file for file in files() if file.suffix in suffixes and "migrations" not in file.parts]


def product_code() -> list[Path]:
    """The Python files of the product itself."""
    return [file for file in with_suffix(".py") if file.parts[0] in PACKAGES]


@cache
def text_of(file: Path) -> str:
    """A file's text."""
    return (ROOT / file).read_text("utf-8")


@cache
def parsed(file: Path) -> ast.Module:
    """A Python file's syntax tree."""
    return ast.parse(text_of(file), str(file))


@dataclass(frozen=True)
class Routine:
    """A function or method: where it stands and how long it is."""

    file: Path
    node: Function

    @property
    def lines(self) -> int:
        """Lines from ``def`` to the end; decorators are not counted."""
        return (self.node.end_lineno or self.node.lineno) - self.node.lineno + 1

    @property
    def decorators(self) -> set[str]:
        """Names of its decorators, without arguments and modules."""
        calls = (d.func if isinstance(d, ast.Call) else d for d in self.node.decorator_list)
        return {ast.unparse(call).rpartition(".")[2] for call in calls}

    def __str__(self) -> str:
        return f"{self.file}:{self.node.lineno} {self.node.name} ({self.lines} lines)"


def routines(among: list[Path]) -> Iterator[Routine]:
    """Every function and method of some files, nested ones too."""
    for file in among:
        for node in ast.walk(parsed(file)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield Routine(file, node)
