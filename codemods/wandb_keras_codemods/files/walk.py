"""Walk paths and yield the files that may hold something, reading each one's bytes once."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Iterator, NamedTuple, Sequence

from wandb_keras_codemods.findings import mentions

from . import configurations

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

KINDS = {
    ".py": "python",
    ".pyw": "python",
    ".pyi": "python",
    ".ipynb": "notebook",
    ".md": "markdown",
    ".markdown": "markdown",
    ".rmd": "markdown",
    ".qmd": "markdown",
    ".json": "configuration",
    ".toml": "configuration",
    ".gin": "configuration",
    ".ini": "configuration",
    ".cfg": "configuration",
    ".yaml": "yaml",
    ".yml": "yaml",
}
_PRUNED = frozenset(
    {
        ".git", ".hg", ".svn", ".venv", "venv", ".tox", ".nox", ".eggs", "node_modules",
        "__pycache__", "__pypackages__", "site-packages", ".ipynb_checkpoints", ".mypy_cache",
        ".pytest_cache", ".ruff_cache", ".direnv",
    }
)  # fmt: skip
_RECORDED = ("run-", "offline-run-", "sweep-")  # below wandb/: copies of code that already ran
_REQUIREMENTS = ("Pipfile", "pixi.toml", "pyproject.toml", "setup.cfg", "setup.py", "tox.ini")
_LISTS = ("requirements", "constraints")  # in the name of a text file, or of its folder
_COMMANDS = ("Makefile", "makefile", "GNUmakefile", "Dockerfile", "Containerfile", "justfile")
_SCRIPT = "script"  # without an ending: its first line says whether it is Python
_SMALL, _LARGEST = (_SCRIPT, "configuration", "yaml"), 1 << 20  # bytes
_SHEBANG = re.compile(rb"#![^\n]*\bpython[\d.]*\b")
_PINS = re.compile(rb"install\b|\badd\b|^dependencies:", re.MULTILINE)
_READERS = (b"metric", b"summary", b"history(", b"model-best.h5")
_OTHERS = (  # it trains something else, so its metrics are its own
    b".fit(", b"torch", b"fastai", b"lightning", b"transformers", b"stable_baselines", b"xgboost",
)  # fmt: skip


_CONTEXT = ("yaml", "requirements", "commands")  # of interest only beside code that migrates


class Candidate(NamedTuple):
    """A file worth a closer look."""

    path: str
    kind: str
    data: bytes
    context: bool = False  # matters only where other files migrate


class Unreadable(NamedTuple):
    """A file or folder that cannot be read."""

    path: str
    reason: str


class Scan:
    """One pass over paths.

    Args:
        paths: Files and folders; what is named is taken whatever a file's ending, and though git
            ignores it.
        exclude: Folders, each with patterns as in a .gitignore file that stands there.

    Example:
        >>> scan = Scan(["."])
        >>> candidates = list(scan)
        >>> scan.files > 0
        True
    """

    def __init__(
        self, paths: Sequence[str], exclude: Sequence[tuple[str, Sequence[str]]] = ()
    ) -> None:
        self.paths = paths
        self.files = 0
        self.size = 0
        self.programs: list[str] = []  # Python files and notebooks, whatever stands in them
        self._excluded = [_Patterns(os.path.abspath(base), list(lines)) for base, lines in exclude]

    def __iter__(self) -> Iterator[Candidate | Unreadable]:
        seen: set[str] = set()
        for path in self.paths:
            if os.path.isdir(path):
                for found in self._folder(path):
                    if found.path not in seen:
                        seen.add(found.path)
                        yield found
            elif os.path.normpath(path) not in seen:
                seen.add(os.path.normpath(path))
                kind = kind_of(path) or "python"
                kind = "python" if kind == _SCRIPT else kind
                if not self._ignored(path, ()):
                    yield from self._file(path, kind)

    def _folder(self, top: str) -> Iterator[Candidate | Unreadable]:
        top = os.path.normpath(top)
        ignores = _above(os.path.abspath(top))
        if _ignored_by(ignores, os.path.abspath(top) + "/"):
            ignores = []  # it is named all the same, so what it lies in does not count
        todo: list[tuple[str, list[_Patterns]]] = [(top, ignores)]
        while todo:
            folder, ignores = todo.pop()
            try:
                with os.scandir(folder) as entries:
                    listed = sorted(entries, key=lambda entry: entry.name)
            except OSError as error:
                yield Unreadable(folder, error.strerror or str(error))
                continue
            if any(entry.name == ".gitignore" for entry in listed):
                ignores = [*ignores, *_read(os.path.abspath(folder))]
            below: list[tuple[str, list[_Patterns]]] = []
            for entry in listed:
                name = entry.name
                try:
                    path = name if folder == "." else entry.path
                    if entry.is_dir(follow_symlinks=False):
                        if not self._pruned(folder, path, name, ignores):
                            below.append((path, ignores))
                        continue
                    kind = kind_of(path)
                    if kind is None or not entry.is_file(follow_symlinks=False):
                        continue  # links are left to the place they point to
                except OSError as error:
                    yield Unreadable(entry.path, error.strerror or str(error))
                    continue
                for found in self._file(path, kind):
                    if not self._ignored(path, ignores):
                        yield found
            todo += reversed(below)

    def _pruned(self, folder: str, path: str, name: str, ignores: Sequence[_Patterns]) -> bool:
        if name in _PRUNED:
            return True
        if name.startswith(_RECORDED) and os.path.basename(os.path.abspath(folder)) == "wandb":
            return True
        if self._ignored(path, ignores, folder=True):
            return True
        return os.path.exists(os.path.join(path, "pyvenv.cfg"))

    def _ignored(self, path: str, ignores: Sequence[_Patterns], folder: bool = False) -> bool:
        if not ignores and not self._excluded:
            return False
        full = os.path.abspath(path) + ("/" if folder else "")
        if any(patterns.match(full) for patterns in self._excluded):
            return True
        return _ignored_by(ignores, full)

    def _file(self, path: str, kind: str) -> Iterator[Candidate | Unreadable]:
        try:
            if kind in _SMALL and os.path.getsize(path) > _LARGEST:
                return  # data, and not what people write
            data = _bytes(path)
        except FileNotFoundError:
            if not os.path.lexists(path) and path not in self.paths:
                return  # it vanished while we looked
            yield Unreadable(path, "no such file")
            return
        except (OSError, ValueError) as error:
            yield Unreadable(path, getattr(error, "strerror", None) or str(error))
            return
        if kind == _SCRIPT:
            if _SHEBANG.match(data) is None:
                return
            kind = "python"
        self.files += 1
        self.size += len(data)
        program = kind in ("python", "notebook")
        if program:
            self.programs.append(path)
        if program and b"andb" not in data and "sweep" not in path:
            return  # most files: one search is enough, for wandb and .WandbCallback
        if worth(kind, data):
            yield Candidate(path, kind, data, context=kind in _CONTEXT)
        elif program:
            if (b"wandb" in data or "sweep" in path) and reads_runs(data):
                yield Candidate(path, kind, data, context=True)
        elif kind == "markdown" and _pins(data):
            yield Candidate(path, kind, data, context=True)


def kind_of(path: str) -> str | None:
    """Return the kind of a file by its name, None when there is nothing to find in it."""
    folder, name = map(os.path.basename, os.path.split(path))
    stem, ending = os.path.splitext(name)
    ending = ending.lower()
    if stem in _COMMANDS or ending in (".mk", ".dockerfile", ".sh", ".bash"):
        return "commands"
    if name in _REQUIREMENTS:
        return "requirements"
    if ending in (".txt", ".in") and any(word in f"{folder}/{name}" for word in _LISTS):
        return "requirements"
    if ending == ".json" and "sweep" in stem:
        return "yaml"  # which JSON is, too
    return KINDS.get(ending) if ending else _SCRIPT


def worth(kind: str, data: bytes) -> bool:
    """Tell whether a file's bytes ask for a closer look; False is certain."""
    if kind == "yaml":
        return b"metric" in data or configurations.mentions(data) or _pins(data)
    if kind == "commands":
        return b"wandb" in data
    if kind == "configuration":
        return configurations.mentions(data)
    if kind == "requirements":
        return b"wandb" in data
    return mentions(data)


def _pins(data: bytes) -> bool:
    return b"wandb" in data and _PINS.search(data) is not None


def reads_runs(data: bytes) -> bool:
    """Tell whether a program without the callback may name metrics of Keras runs."""
    return any(word in data for word in _READERS) and not any(word in data for word in _OTHERS)


def _bytes(path: str) -> bytes:
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))
    try:
        size = os.fstat(handle).st_size
        data = os.read(handle, size + 1)
        if len(data) != size:  # a pipe, a device, or a file that grows
            pieces = [data]
            while pieces[-1]:
                pieces.append(os.read(handle, 1 << 20))
            data = b"".join(pieces)
        return data
    finally:
        os.close(handle)


class _Patterns:
    """Patterns of one .gitignore file, and the folder it stands in."""

    def __init__(self, folder: str, lines: Sequence[str]) -> None:
        from pathspec import GitIgnoreSpec

        self._folder = folder.rstrip(os.sep) + os.sep
        self._spec: GitIgnoreSpec = GitIgnoreSpec.from_lines(lines)

    def match(self, path: str) -> bool | None:
        if not path.startswith(self._folder):
            return None
        relative = path[len(self._folder) :]
        return self._spec.check_file(relative).include


def _read(folder: str) -> list[_Patterns]:
    try:
        with open(os.path.join(folder, ".gitignore"), encoding="utf-8", errors="replace") as file:
            return [_Patterns(folder, file.read().splitlines())]
    except (OSError, ValueError):
        return []


def _ignored_by(ignores: Sequence[_Patterns], path: str) -> bool:
    for patterns in reversed(ignores):  # the nearest file that has an opinion decides
        opinion = patterns.match(path)
        if opinion is not None:
            return opinion
    return False


def _above(folder: str) -> list[_Patterns]:
    """Read the .gitignore files between a repository's root and a folder."""
    chain: list[str] = []
    while not os.path.exists(os.path.join(folder, ".git")):
        parent = os.path.dirname(folder)
        if parent == folder:
            return []
        chain.append(parent)
        folder = parent
    found: list[_Patterns] = []
    for parent in reversed(chain):
        if os.path.exists(os.path.join(parent, ".gitignore")):
            found += _read(parent)
    return found
