"""Find in a code base which Keras it imports and what it uses of W&B's; nothing is run."""

from __future__ import annotations

import ast
import json
import os
import stat
import warnings
from dataclasses import dataclass, field, replace
from typing import Any, Callable, Iterator, NamedTuple, Tuple

from .arguments import PARAMETERS, Call, arguments, learn

_PRUNED = {"venv", "node_modules", "site-packages", "__pycache__"}  # and all that begin with a dot
_WANDB = ("wandb.keras", "wandb.integration.keras", "wandb.wandb_keras")
KERASES = ("keras", "tf_keras", "tensorflow.keras")
_LARGEST_FILE = 64 << 20  # bytes; the outputs of a notebook count
_LARGEST_CODE, _MOST_LINES = 2 << 20, 50_000  # what is parsed as one takes some 200 times its size
_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


@dataclass(frozen=True)
class Use:
    """One place that uses a name.

    Args:
        name: The dotted name, such as ``"wandb.keras.WandbCallback"``.
        place: File and line: ``"train.py:3"``, or ``"a.ipynb cell 2:3"``.
        module: The module that an import statement names; empty for an attribute.
        handled: What becomes of a failed import: ``""`` (it raises), ``"silent"`` (it is passed
            over), ``"caught"``, or ``"fallback"`` (something else is imported).
        tried: For each ``except`` clause around, what had to fail before.
    """

    name: str
    place: str
    module: str = ""
    handled: str = ""
    tried: Tried = ()

    @property
    def short(self) -> str:
        """The last part of the name."""
        return self.name.rpartition(".")[2]


Tried = Tuple[Tuple[Use, ...], ...]


@dataclass
class Sources:
    """What a code base uses.

    Args:
        wandb: Uses of W&B's Keras modules.
        calls: Constructions of W&B's Keras classes, and classes derived from them.
        kerases: The first use of each Keras in each file, by the name it is imported by.
        config_in_workers: Uses of ``wandb.config`` in the methods of a data set without a run.
        multiprocessing: Places that ask for worker processes.
        unread: Files that cannot be read or parsed, with the reason.
        files: How many files were read.
    """

    wandb: list[Use] = field(default_factory=list)
    calls: list[Call] = field(default_factory=list)
    kerases: list[Use] = field(default_factory=list)
    config_in_workers: list[Use] = field(default_factory=list)
    multiprocessing: list[Use] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)
    files: int = 0


def scan(path: str) -> Sources:
    """Read the Python files and notebooks at or below a path.

    Args:
        path: A file or a folder.

    Raises:
        FileNotFoundError: If there is none.
    """
    if not os.path.exists(path):
        raise FileNotFoundError(path)
    sources = Sources()

    def unread(error: OSError) -> None:
        sources.unread.append(f"{error.filename} ({error.strerror})")

    for file in _files(path, unread):
        sources.files += 1
        try:
            data = _content(file)
            if b"wandb" not in data and b"keras" not in data:
                continue
            visitor = _Visitor(sources)
            for place, text in _units(file, data):
                visitor.read(place, text)
        except SyntaxError as error:
            sources.unread.append(f"{file}:{error.lineno} ({error.msg})")
        except OSError as error:
            sources.unread.append(f"{file} ({error.strerror or error})")
        except (ValueError, RecursionError, MemoryError) as error:
            sources.unread.append(f"{file} ({str(error) or 'nested too deeply'})")
    return sources


def _content(file: str) -> bytes:
    """Return what is in a file.

    Raises:
        OSError: If it cannot be read.
        ValueError: If it is no plain file, or one that would take the memory of all others.
    """
    status = os.stat(file)
    if not stat.S_ISREG(status.st_mode):
        raise ValueError("no plain file")
    if status.st_size > _LARGEST_FILE:
        raise ValueError(f"more than {_LARGEST_FILE >> 20} MiB")
    with open(file, "rb") as stream:
        return stream.read(_LARGEST_FILE)


def _files(path: str, unread: Callable[[OSError], None]) -> Iterator[str]:
    if not os.path.isdir(path):
        yield path
        return
    for folder, folders, names in os.walk(path, onerror=unread):
        folders[:] = sorted(f for f in folders if f not in _PRUNED and not f.startswith("."))
        for name in sorted(names):
            if name.endswith((".py", ".ipynb")):
                yield os.path.normpath(os.path.join(folder, name))


def _units(file: str, data: bytes) -> Iterator[tuple[str, bytes | str]]:
    """Yield what is parsed as one, with its place: a module, or the cells of a notebook."""
    if not file.endswith(".ipynb"):
        yield file, data
        return
    notebook = json.loads(data.decode("utf-8"))
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list) or not all(isinstance(cell, dict) for cell in cells):
        raise ValueError("no notebook of format 4")
    for number, cell in enumerate(cells, start=1):
        if cell.get("cell_type") == "code":
            source = cell.get("source", "")
            parts = source if isinstance(source, list) else [source]
            if not all(isinstance(part, str) for part in parts):
                raise ValueError(f"cell {number} has no text")
            lines = "".join(parts).splitlines()
            yield f"{file} cell {number}", "\n".join(map(_without_magic, lines))


def _without_magic(line: str) -> str:
    code = line.lstrip()
    return line[: len(line) - len(code)] + "pass" if code.startswith(("%", "!")) else line


class _Bound(NamedTuple):
    """What a local name stands for, and what had to fail before."""

    name: str
    tried: Tried


class _Visitor(ast.NodeVisitor):
    """Resolves names through the imports of one file."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self.place = ""
        self.handled = ""
        self.tried: Tried = ()
        self.imported: list[Use] = []  # so far
        self.bound: dict[str, _Bound] = {}  # by local name
        self.constants: dict[str, Any] = {}
        self.seen: set[tuple[str, bool]] = set()
        self.config: list[Use] | None = None  # of the data set class around, if there is one

    def read(self, place: str, text: bytes | str) -> None:
        self.place = place
        lines = text.count(b"\n" if isinstance(text, bytes) else "\n")  # type: ignore[arg-type]
        if len(text) > _LARGEST_CODE or lines > _MOST_LINES:
            raise ValueError(f"more code than {_LARGEST_CODE >> 20} MiB or {_MOST_LINES:,} lines")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # what Python says of strings in the user's code
            tree = ast.parse(text)
        learn(tree, self.constants)
        self.visit(tree)

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            top = alias.name.partition(".")[0]
            self._import(alias.asname or top, alias.name if alias.asname else top)
            self._use(alias.name, node.lineno, alias.name)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        if node.level == 0 and node.module:
            for alias in node.names:
                name = f"{node.module}.{alias.name}"
                self._import(alias.asname or alias.name, name)
                self._use(name, node.lineno, node.module)

    def visit_Attribute(self, node: ast.Attribute) -> None:
        bound = self._resolve(node)
        if bound is None:
            self.generic_visit(node)
        else:
            self._use(bound.name, node.lineno, tried=bound.tried)

    def visit_Try(self, node: ast.Try) -> None:
        handled, tried, known = self.handled, self.tried, len(self.imported)
        self.handled = next(filter(None, map(_handling, node.handlers)), handled)
        for statement in node.body:
            self.visit(statement)
        self.handled = handled
        # Without an import that we know of, nobody knows what the clauses wait for.
        waits_for = tuple(use for use in self.imported[known:] if use.module)
        self.tried = (*tried, waits_for) if waits_for else tried
        for handler in node.handlers:
            self.visit(handler)
        self.tried = tried
        for statement in (*node.orelse, *node.finalbody):
            self.visit(statement)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        methods = {m.name for m in node.body if isinstance(m, ast.FunctionDef)}
        before, self.config = self.config, [] if "__getitem__" in methods else None
        self.generic_visit(node)
        for base in node.bases:
            self._call(base, node.lineno, None)
        starts = any(
            isinstance(n, ast.Attribute) and self._resolve(n) == ("wandb.init", ())
            for n in ast.walk(node)
        )
        if not starts:
            self.sources.config_in_workers += self.config or []
        self.config = before

    def visit_Call(self, node: ast.Call) -> None:
        for keyword in node.keywords:
            off = isinstance(keyword.value, ast.Constant) and not keyword.value.value
            if keyword.arg == "use_multiprocessing" and not off:
                place = f"{self.place}:{node.lineno}"
                self.sources.multiprocessing.append(Use("use_multiprocessing", place))
        self.generic_visit(node)
        self._call(node.func, node.lineno, node)

    def _import(self, local: str, name: str) -> None:
        self.bound[local] = _Bound(name, self.tried)

    def _resolve(self, node: ast.expr) -> _Bound | None:
        if isinstance(node, ast.Name):
            return self.bound.get(node.id)
        if isinstance(node, ast.Attribute):
            head = self._resolve(node.value)
            return None if head is None else _Bound(f"{head.name}.{node.attr}", head.tried)
        return None

    def _call(self, function: ast.expr, line: int, call: ast.Call | None) -> None:
        bound = self._resolve(function)
        names = None if bound is None else PARAMETERS.get(bound.name.rpartition(".")[2])
        if bound is not None and names is not None and _below(bound.name, _WANDB):
            given = None if call is None else arguments(call, names, self.constants)
            self.sources.calls.append(Call(bound.name, f"{self.place}:{line}", given))

    def _use(self, name: str, line: int, module: str = "", tried: Tried = ()) -> None:
        use = Use(name, f"{self.place}:{line}", module, self.handled, tried or self.tried)
        if _below(name, _WANDB):
            self.sources.wandb.append(use)
            self.imported.append(use)
        keras = _below(name, KERASES)
        if keras:
            use = replace(use, name=keras)
            self.imported.append(use)
        if keras and (keras, bool(use.tried)) not in self.seen:
            self.seen.add((keras, bool(use.tried)))
            self.sources.kerases.append(use)
        if self.config is not None and _below(name, ("wandb.config",)):
            self.config.append(use)


def _below(name: str, modules: tuple[str, ...]) -> str:
    """Return the module a dotted name is or lies in, or an empty string."""
    return next((m for m in modules if name == m or name.startswith(f"{m}.")), "")


def _handling(handler: ast.ExceptHandler) -> str:
    """Return what a handler does about a failed import, in the words of ``Use.handled``."""
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    if not any(k is None or (isinstance(k, ast.Name) and k.id in _IMPORT_ERRORS) for k in kinds):
        return ""
    nodes = [node for statement in handler.body for node in ast.walk(statement)]
    if any(isinstance(node, (ast.Import, ast.ImportFrom)) for node in nodes):
        return "fallback"
    if any(isinstance(node, ast.Raise) for node in nodes):
        return ""
    return "silent" if all(isinstance(s, ast.Pass) for s in handler.body) else "caught"
