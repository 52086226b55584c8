"""Imports go down only, at the top of a module, and nothing hides from the contracts."""

import ast
import subprocess
import sys
import tomllib
from typing import Any

from importlinter import cli

from tests.architecture.tree import APPS, PACKAGES, ROOT, parsed, product_code, with_suffix

CONTRACTS = {"apps", "inside", "pure", "launcher"}
# What runs before the environment stands, and what Django offers for late imports.
LATE = {("manage.py", "migrate_own_database"), ("manage.py", "run")}


def linter_settings() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"]


def test_the_contracts_are_kept() -> None:
    status = cli.lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True)
    assert status == cli.EXIT_STATUS_SUCCESS


def test_no_import_is_excused_from_a_contract() -> None:
    contracts = linter_settings()["contracts"]
    assert {contract["id"] for contract in contracts} >= CONTRACTS
    excuses = ("ignore_imports", "unmatched_ignore_imports_alerting", "exhaustive_ignores")
    assert not [c["id"] for c in contracts for excuse in excuses if excuse in c]


def test_every_package_stands_under_the_contracts() -> None:
    settings = linter_settings()
    assert settings["root_packages"] == list(PACKAGES)
    (inside,) = (c for c in settings["contracts"] if c["id"] == "inside")
    assert sorted(inside["containers"]) == sorted(APPS)
    assert {
        file.parts[0] for file in ROOT.glob("*/apps.py") for file in [file.relative_to(ROOT)]
    } == set(PACKAGES)


def test_the_package_of_the_project_is_empty() -> None:
    """An import here would be paid by every module, the pure ones included, unseen by contracts."""
    for package in PACKAGES:
        assert (ROOT / package / "__init__.py").read_text("utf-8") == ""


def test_imports_stand_at_the_top() -> None:
    late = []
    for file in with_suffix(".py"):
        for function in ast.walk(parsed(file)):
            if not isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
                continue
            is_ready = file.name == "apps.py" and function.name == "ready"
            if is_ready or (str(file), function.name) in LATE:
                continue
            late += [
                f"{file}:{node.lineno}"
                for node in ast.walk(function)
                if isinstance(node, ast.Import | ast.ImportFrom)
            ]
    assert late == []


def test_nothing_is_imported_by_name_but_what_a_folder_or_an_app_declares() -> None:
    """``import_module`` of a text is an import no contract sees."""
    allowed = {"shopguard/lib/registry.py", "shopguard/lib/navigation.py"}
    found = [
        f"{file}:{node.lineno}"
        for file in product_code()
        if str(file) not in allowed and file.name != "apps.py"
        for node in ast.walk(parsed(file))
        if isinstance(node, ast.Call)
        and ast.unparse(node.func) in ("import_module", "importlib.import_module", "__import__")
    ]
    assert found == []


def test_pure_packages_load_nothing_of_django() -> None:
    """What really is loaded: a contract sees only what is written."""
    program = (
        "import sys, servicescore.calc.scoring, servicescore.metrics, stores.calc.deadlines\n"
        "servicescore.metrics.metrics()\n"
        "print(*sorted({name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert {"django", "celery", "redis", "psycopg"} & set(done.stdout.split()) == set()
