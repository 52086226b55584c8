"""One thing is one file, found by its folder."""

import sys
from pathlib import Path

import pytest

from shopguard.lib.registry import collect, modules_in


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    package = tmp_path / "drawer"
    package.mkdir()
    (package / "__init__.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield package
    for name in [name for name in sys.modules if name.split(".")[0] == "drawer"]:
        del sys.modules[name]


def test_files_are_found_in_name_order_without_private_ones(folder: Path) -> None:
    for name in ("spoon", "fork", "_shared"):
        (folder / f"{name}.py").write_text(f"THING = '{name}'\n")
    assert collect("drawer", "THING", str) == ["fork", "spoon"]
    assert len(modules_in("drawer")) == 2


def test_a_file_that_declares_nothing_is_named(folder: Path) -> None:
    (folder / "empty.py").write_text("")
    with pytest.raises(TypeError, match=r"drawer\.empty declares no THING of type str"):
        collect("drawer", "THING", str)
