"""Imports run one way through the codemod's rooms, and only LibCST reads Python there."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PACKAGE = Path(__file__).parents[2] / "codemods" / "wandb_keras_codemods"
NAME = PACKAGE.name

# What each room may import beside itself, wherever in a file. A room is a folder, or a file beside
# the folders; "" is the face of the whole.
BELOW_FIND = {"findings", "legacy"}
BELOW_COMMAND = {"edit", "metrics", "plan", "find", *BELOW_FIND}
ROOMS = {
    "legacy": set(),
    "findings": {"legacy"},
    "find": BELOW_FIND,
    "plan": {"find", *BELOW_FIND},
    "metrics": {"plan", "find", *BELOW_FIND},
    "edit": {"plan", "find", *BELOW_FIND},
    "command": BELOW_COMMAND,
    "": {"command", *BELOW_COMMAND},
    "files": {"", "command", *BELOW_COMMAND},
    "reports": {"files", "", *BELOW_FIND},
    "dashboards": {"reports", "files", "metrics", *BELOW_FIND},
    "cli": {"dashboards", "reports", "files", "", "find", *BELOW_FIND},
    "__main__": {"cli"},
}
FOLDERS = [room for room in ROOMS if (PACKAGE / room).is_dir() and room]
# what reads Python, or text as Python's tokens, and who may use how much of it
PARSERS = {"ast", "tokenize", "symtable", "lib2to3", "parso", "parser", "code", "codeop", "token"}
ALLOWED = {
    ("find/literals.py", "ast.literal_eval"),
    ("find/strings.py", "ast.literal_eval"),
    ("find/encoding.py", "tokenize.detect_encoding"),
    ("command.py", "ast.PyCF_ONLY_AST"),  # for compile(), as the last check of an output
}


def files():
    found = [path for path in PACKAGE.rglob("*.py") if "_old" not in path.parts]
    assert len(found) > 50
    return found


def imports(tree, package):
    """Yield the full names that a file imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)


def rooms_of(path, text=None):
    """Return the rooms that a file imports from, its own left out."""
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    own = room(".".join(parts))
    package = list(parts[:-1])
    found = set()
    for name in imports(ast.parse(text or path.read_text(encoding="utf-8")), package):
        if name.split(".")[0] == NAME:
            found.add(room(name))
    return own, found - {own}


def room(name):
    second = (name.split(".")[1:] or [""])[0]
    return second if second in ROOMS and second else ""


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path):
    own, found = rooms_of(path)
    assert found <= ROOMS[own]


def test_the_rooms_are_all_there():
    there = {path.name for path in PACKAGE.iterdir() if (path / "__init__.py").exists()} - {"_old"}
    assert there == set(FOLDERS)


def test_a_wrong_direction_would_be_found():
    here = PACKAGE / "find" / "x.py"
    assert rooms_of(here, "from ..files import walk") == ("find", {"files"})
    assert rooms_of(here, "def f():\n    import wandb_keras_codemods.cli.options") == (
        "find",
        {"cli"},
    )
    assert rooms_of(here, "from wandb_keras_codemods import migrate") == ("find", {""})
    assert rooms_of(here, "from .module import Module") == ("find", set())


@pytest.mark.parametrize("folder", FOLDERS)
def test_ruff_forbids_the_other_direction(folder):
    text = (PACKAGE / folder / "ruff.toml").read_text(encoding="utf-8")
    banned = tomllib.loads(text)["lint"]["flake8-tidy-imports"]["banned-api"]
    forbidden = {
        f"{NAME}.{room}" for room in ROOMS if room and room not in {folder, *ROOMS[folder]}
    }
    if "" not in ROOMS[folder]:
        forbidden.add(f"{NAME}.migrate")
    assert {name for name in banned if name.startswith(NAME)} == forbidden


def test_ruff_says_so(tmp_path):
    pytest.importorskip("ruff")
    for folder, line in (
        ("find", f"from {NAME}.files import walk"),
        ("plan", "from ..cli import main"),
    ):
        done = subprocess.run(
            [sys.executable, "-m", "ruff", "check", "--no-cache", "--select", "TID251",
             "--stdin-filename", str(PACKAGE / folder / "x.py"), "-"],
            input=line + "\n", capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == 1, done
        assert "TID251" in done.stdout


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_nothing_but_libcst_reads_python(path):
    name = path.relative_to(PACKAGE).as_posix()
    used = set(parsers_in(path.read_text(encoding="utf-8")))
    assert used <= {what for file, what in ALLOWED if file == name}


def parsers_in(text):
    """Yield what a file uses of modules that read Python."""
    tree = ast.parse(text)
    names = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names.update({alias.asname or alias.name: alias.name for alias in node.names})
        elif isinstance(node, ast.ImportFrom) and node.module in PARSERS and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)
    modules = {alias for alias, name in names.items() if name.split(".")[0] in PARSERS}
    seen = set()
    for node in ast.walk(tree):
        value = getattr(node, "value", None)
        if isinstance(node, ast.Attribute) and getattr(value, "id", None) in modules:
            seen.add(value)
            yield f"{names[value.id]}.{node.attr}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Name) and node.id in modules and node not in seen:
            yield names[node.id]  # the whole module is passed on


def test_another_reader_would_be_found():
    assert list(parsers_in("import ast as a\na.parse('x')")) == ["ast.parse"]
    assert list(parsers_in("import tokenize\nf(tokenize)")) == ["tokenize"]
    assert list(parsers_in("def f():\n    from ast import walk")) == ["ast.walk"]
    assert list(parsers_in("from .ast import walk")) == []


def test_what_is_allowed_is_used():
    used = {
        (path.relative_to(PACKAGE).as_posix(), what)
        for path in files()
        for what in parsers_in(path.read_text(encoding="utf-8"))
    }
    assert used == ALLOWED
