"""Names say what is inside, texts know no machine, and tests stand where one looks for them."""

import ast
import re
from pathlib import Path

from tests.architecture.tree import PACKAGES, ROOT, files, parsed, text_of, with_suffix

EMPTY_NAMES = {"utils", "util", "helpers", "helper", "common", "misc", "stuff", "tools", "shared"}
TEXTS = {
    ".py", ".toml", ".md", ".html", ".css", ".js", ".yml", ".cfg", ".lock", ".txt", ".po", ".sh",
    "",
}  # fmt: skip
# A folder of somebody's own, an address of a network inside, a name only one place resolves.
PLACES = re.compile(
    r"""(?<![\w.$}])/(?:root|home|Users|work|mnt|srv)/\w+
    | \b(?:10\.\d+\.\d+\.\d+|192\.168\.\d+\.\d+|172\.(?:1[6-9]|2\d|3[01])\.\d+\.\d+)\b
    | \b[\w-]+\.(?:internal|intranet|corp|lan)\b""",
    re.VERBOSE,
)
TEST_AREAS = {
    "access", "aftersales", "api", "architecture", "chaos", "conduct", "demo", "explain",
    "findings", "freight", "golden", "imports", "imports_web", "install", "lib", "mutations",
    "nightly", "notify", "onboarding", "operators", "pages", "restore", "score",
}  # fmt: skip
TOP_OF_TESTS = {"__init__.py", "conftest.py", "factories.py", "longest.py"}


def test_no_module_has_an_empty_name() -> None:
    named = [str(file) for file in files() if {file.stem, *file.parts[:-1]} & EMPTY_NAMES]
    assert named == []


def test_no_text_names_a_place_of_one_machine() -> None:
    found = []
    for file in files():
        if file.suffix not in TEXTS or file.parts[0] == "tests":
            continue
        for number, line in enumerate(text_of(file).splitlines(), 1):
            found += [f"{file}:{number} {hit}" for hit in PLACES.findall(line)]
    assert found == []


def test_locks_name_no_host() -> None:
    for lock in ROOT.glob("*.lock"):
        assert "://" not in lock.read_text("utf-8")


def test_every_module_and_package_says_what_it_is() -> None:
    silent = [
        str(file)
        for file in with_suffix(".py")
        if text_of(file).strip() and not ast.get_docstring(parsed(file))
    ]
    assert silent == []


def test_a_test_file_stands_in_the_folder_of_its_subject() -> None:
    tests = [file for file in files() if file.parts[0] == "tests"]
    assert {file.name for file in tests if len(file.parts) == 2} <= TOP_OF_TESTS
    assert {file.parts[1] for file in tests if len(file.parts) > 2} <= TEST_AREAS


def test_files_with_tests_are_found_by_their_name() -> None:
    hidden = [
        str(file)
        for file in with_suffix(".py")
        if file.parts[0] == "tests"
        and not file.name.startswith("test_")
        and re.search(r"^def test_|^class Test", text_of(file), re.MULTILINE)
    ]
    assert hidden == []


def test_product_code_holds_no_tests_and_asks_nothing_of_them() -> None:
    for file in with_suffix(".py"):
        if file.parts[0] in PACKAGES:
            assert not re.search(r"^\s*(from|import) tests\b", text_of(file), re.MULTILINE), file


def test_nothing_is_left_open_in_the_code() -> None:
    marks = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
    left = [
        f"{file}:{number}"
        for file in with_suffix(".py", ".html", ".css", ".js")
        if file != Path(__file__).relative_to(ROOT)
        for number, line in enumerate(text_of(file).splitlines(), 1)
        if marks.search(line)
    ]
    assert left == []
