"""Imports run one way: from room to room as the table says, and never in a circle of files."""

from __future__ import annotations

import ast
import importlib
import subprocess
import sys
from pathlib import Path

import pytest
from graphlib import TopologicalSorter

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "compat" / "wandb_keras_compat"
NAME = PACKAGE.name

# Who imports whom, at the top or in a function. A room is a folder, or a file beside the folders;
# "" is the face of the whole.
IMPORTS = {
    "_advice": set(),
    "_answers": set(),
    "_printed": set(),
    "_table": {"_printed"},
    "_reasons": set(),
    "_run": {"_answers", "_printed", "_reasons"},
    "environment": {"_table"},
    "recording": {"_printed", "_table"},
    "_keras": {"_run", "environment"},
    "callbacks": {"_run", "_keras"},
    "legacy": {"_advice", "_keras", "callbacks"},
    "shim": {"_printed", "callbacks", "environment", "legacy", "recording"},
    "doctor": {"_printed", "environment", "shim"},
    "testing": {"environment", "recording"},
    "compare": {"recording"},
    "matrix": {"environment"},
    "": {"callbacks", "environment", "legacy", "shim"},
    "cli": {"", "_printed", "doctor", "environment", "recording", "shim"},
    "__main__": {"cli"},
}
ROOMS = sorted(path.parent for path in PACKAGE.rglob("__init__.py") if path.parent != PACKAGE)


def modules(package: Path) -> dict[str, Path]:
    """Return the files of a package by the names they are imported by."""
    found = {}
    for path in package.rglob("*.py"):
        parts = path.relative_to(package.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


FILES = modules(PACKAGE)


def imported(name: str, path: Path, known: dict[str, Path]) -> set[str]:
    """Return the files of the same package that a file imports, wherever in it."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package.split(".")[: len(package.split(".")) - node.level + 1]
            base = ".".join([*(above if node.level else ()), *filter(None, [node.module])])
            for alias in node.names:
                full = f"{base}.{alias.name}"
                found.add(full if full in known else base)
    return (found & set(known)) - {name}


def edges(known: dict[str, Path]) -> dict[str, set[str]]:
    return {name: imported(name, path, known) for name, path in known.items()}


def room(name: str) -> str:
    return (name.split(".")[1:] or [""])[0]


def test_rooms_import_each_other_as_the_table_says():
    found: dict[str, set[str]] = {room(name): set() for name in FILES}
    for name, others in edges(FILES).items():
        found[room(name)] |= {room(other) for other in others} - {room(name)}
    assert found == IMPORTS
    list(TopologicalSorter(IMPORTS).static_order())  # a circle of rooms is an error


def test_no_file_imports_itself_by_way_of_others():
    list(TopologicalSorter(edges(FILES)).static_order())


def test_a_circle_would_be_found(tmp_path):
    package = tmp_path / "p"
    package.mkdir()
    (package / "__init__.py").touch()
    (package / "a.py").write_text("def f():\n    from .b import x\n")
    (package / "b.py").write_text("from p import a\n")
    found = edges(modules(package))
    assert found == {"p": set(), "p.a": {"p.b"}, "p.b": {"p.a"}}
    with pytest.raises(ValueError, match="cycle"):
        list(TopologicalSorter(found).static_order())


@pytest.mark.parametrize("folder", ROOMS, ids=lambda path: path.name)
def test_a_room_has_a_face(folder):
    name = ".".join(folder.relative_to(PACKAGE.parent).parts)
    face = ast.parse((folder / "__init__.py").read_text(encoding="utf-8"))
    first, _, _ = (ast.get_docstring(face) or "").partition("\n")
    assert first.endswith((".", ";"))
    if {"_keras", "callbacks"} & set(folder.parts):  # they need NumPy and W&B: the rows import them
        return
    module = importlib.import_module(name)
    for public in getattr(module, "__all__", ()):
        assert hasattr(module, public)


@pytest.mark.parametrize(
    "path",
    [
        "detect",
        "Environment",
        "shim.install",
        "shim.uninstall",
        "recording.read",
        "recording.Recording",
        "recording.RecordingError",
        "compare.compare",
        "compare.Difference",
        "matrix.admitted",
        "matrix.render",
        "testing.wandb_offline",
    ],
)
def test_what_is_documented_can_be_imported(path):
    module, _, attribute = f"{NAME}.{path}".rpartition(".")
    code = f"from {module} import {attribute}"
    subprocess.run([sys.executable, "-c", code], check=True)


def test_importing_the_package_imports_nothing_but_itself():
    """What it costs is measured by benchmarks/startup.py."""
    code = (
        "import sys, __future__, typing; before = set(sys.modules);"
        f"import {NAME}; print(*sorted(set(sys.modules) - before))"
    )
    found = subprocess.check_output([sys.executable, "-c", code], text=True).split()
    assert [module for module in found if not module.startswith(NAME)] == []


def test_files_are_short_and_say_what_they_are():
    for name, path in FILES.items():
        text = path.read_text(encoding="utf-8")
        assert ast.get_docstring(ast.parse(text)), name
        assert len(text.splitlines()) <= 300 or path.name == "legacy.py", name  # its docstring
