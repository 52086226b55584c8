"""Everything is short enough to be read at once. There is no list of exceptions."""

import subprocess
import sys
from pathlib import Path

from tests.architecture.tree import ROOT, Routine, routines, text_of, with_suffix

FUNCTION_LINES = 50
VIEW_LINES = 25
TASK_LINES = 12
FILE_LINES = 400
TEMPLATE_LINES = 120
COMPLEXITY = 10

POLICIES = {"public", "signed_in", "shop_page", "admin_page"}
WRITTEN = (".py", ".css", ".js", ".html", ".sh")


def lines_of(file: Path) -> int:
    return len(text_of(file).splitlines())


def test_files_are_short() -> None:
    long = [f"{file} {lines_of(file)}" for file in with_suffix(*WRITTEN)]
    assert [told for told in long if int(told.rpartition(" ")[2]) > FILE_LINES] == []


def test_templates_are_short() -> None:
    long = [str(file) for file in with_suffix(".html") if lines_of(file) > TEMPLATE_LINES]
    assert long == []


def test_functions_are_short() -> None:
    found = routines(with_suffix(".py"))
    assert [str(routine) for routine in found if routine.lines > FUNCTION_LINES] == []


def is_view(routine: Routine) -> bool:
    """Whether a function answers requests: it has a policy or stands in a module of views."""
    in_views = "views" in (*routine.file.parts, routine.file.stem)
    return in_views or bool(routine.decorators & POLICIES)


def test_views_are_thin() -> None:
    views = [routine for routine in routines(with_suffix(".py")) if is_view(routine)]
    assert len(views) > len(POLICIES), "the views were not found"
    assert [str(view) for view in views if view.lines > VIEW_LINES] == []


def test_tasks_are_thin() -> None:
    files = [file for file in with_suffix(".py") if "tasks" in (*file.parts, file.stem)]
    tasks = list(routines(files))
    assert tasks, "the tasks were not found"
    assert [str(task) for task in tasks if task.lines > TASK_LINES] == []


def test_functions_branch_little_and_no_code_is_commented_out() -> None:
    command = [
        sys.executable, "-m", "ruff", "check", "--isolated", "--no-cache", "--ignore-noqa",
        "--select", "C901,ERA001", "--config", f"lint.mccabe.max-complexity={COMPLEXITY}",
        "--exclude", "*/migrations/*.py", "--output-format", "concise", ".",
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
