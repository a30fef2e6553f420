"""Read code through the codemod's rooms: what it imports, uses and calls of W&B's and of Keras."""

from __future__ import annotations

import re
from typing import Any, Callable, Iterator, Mapping, Sequence, Union

import libcst as cst

from wandb_keras_codemods.files.notebook import join
from wandb_keras_codemods.files.notebook_json import read
from wandb_keras_codemods.find.encoding import decode
from wandb_keras_codemods.find.meanings import LOCAL, NONE, Binding, Meanings, from_module
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.parsing import parse
from wandb_keras_codemods.find.usages import Reference, Usages
from wandb_keras_codemods.find.values import arguments, constants_of
from wandb_keras_codemods.legacy.names import CLASS, LEGACY

from .arguments import PARAMETERS, Call
from .uses import KERASES, WANDB, Sources, Tried, Use, below

_LARGEST_CODE = 2 << 20  # bytes
_MOST_WORDS = 250_000  # and signs; LibCST keeps some 2 KiB for each
_WORD = re.compile(rb"\w+|[^\w \t]")
_ROOTS = ("wandb", "keras", "tf_keras", "tensorflow")
_IMPORT_ERRORS = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}

_Try = Union[cst.Try, cst.TryStar]
_Place = Callable[[int], str]


def read_file(file: str, data: bytes, sources: Sources) -> None:
    """Add to the sources what a file uses.

    Args:
        file: Its name.
        data: Its bytes.
        sources: What is known of the code base.

    Raises:
        ParseFailure: It is no Python.
        Undecodable: It is not text in the encoding it declares.
        BadNotebook: It is no notebook.
        ValueError: It has so much code that reading it would take the memory of all others.
    """
    if not file.lower().endswith(".ipynb"):
        _bounded(data)
        _Reading(Module(parse(data).tree, file), lambda line: f"{file}:{line}", sources).run()
        return
    notebook = read(decode(data).content)
    code = "\n".join(cell.source for cell in notebook.cells if cell.kind == "code")
    _bounded(code.encode("utf-8", "surrogatepass"))
    joined = join(notebook)
    for finding in joined.findings:
        if finding.code in ("WKM216", "WKM423"):
            reason = finding.message.partition(": ")[2]
            sources.unread.append(f"{file} cell {finding.cell}:{finding.line} ({reason})")

    # of a cell in another language the joined code has the names alone, in one line
    named = {found.cell: found.line for found in joined.findings if found.code == "WKM422"}

    def place(line: int) -> str:
        cell, inside = joined.cell(line)
        return f"{file} cell {cell.number}:{named.get(cell.number, inside)}"

    if joined.starts:
        _Reading(Module(parse(joined.code).tree, file), place, sources).run()


def _bounded(code: bytes) -> None:
    if len(code) > _LARGEST_CODE or sum(1 for _ in _WORD.finditer(code)) > _MOST_WORDS:
        raise ValueError(
            f"more code than {_LARGEST_CODE >> 20} MiB or {_MOST_WORDS:,} words and signs"
        )


class _Reading:
    """One module: its names are resolved by the scopes they stand in."""

    def __init__(self, module: Module, place: _Place, sources: Sources) -> None:
        self.module = module
        self.sources = sources
        self._place = place
        self._meanings = Meanings(module)
        self._usages = Usages(module, self._meanings)
        self._imports = sorted(module.all(cst.Import, cst.ImportFrom), key=module.order)
        self._by_statement: dict[cst.CSTNode, list[Use]] = {}

    def run(self) -> None:
        """Read the module."""
        for statement in self._imports:
            self._imported(statement)
        attributes = sorted(self._attributes(), key=lambda pair: self.module.order(pair[0]))
        found = [use for uses in self._by_statement.values() for use in uses]
        found += [self._use(node, name, tried=tried) for node, (name, tried) in attributes]
        self.sources.wandb += [use for use in found if below(use.name, WANDB)]
        self._kerases(found)
        self._constructions()
        self._workers(attributes)

    # imports

    def _imported(self, statement: cst.CSTNode) -> None:
        uses = self._by_statement.setdefault(statement, [])
        if isinstance(statement, cst.Import):
            for alias in statement.names:
                name = alias.evaluated_name
                uses.append(self._use(statement, name, name))
        elif isinstance(statement, cst.ImportFrom) and not statement.relative:
            home = from_module(statement)
            if isinstance(statement.names, cst.ImportStar):
                uses.append(self._use(statement, home, home))
                return
            for alias in statement.names:
                uses.append(self._use(statement, f"{home}.{alias.evaluated_name}", home))

    def _use(
        self, node: cst.CSTNode, name: str, module: str = "", tried: Tried | None = None
    ) -> Use:
        handled, before = self._around(node)
        line = self.module.position(node).start.line
        return Use(name, self._place(line), module, handled, tried or before)

    def _around(self, node: cst.CSTNode) -> tuple[str, Tried]:
        """Return what becomes of a failure here, and what had to fail before."""
        handled = ""
        tried: list[tuple[Use, ...]] = []
        below_it: cst.CSTNode = node
        for above in self.module.around(node):
            if isinstance(above, (cst.Try, cst.TryStar)):
                if below_it is above.body:
                    handled = handled or next(filter(None, map(_handling, above.handlers)), "")
                elif below_it in above.handlers:
                    waits = tuple(use for use in self._tried_in(above) if use.module)
                    if waits:
                        tried.insert(0, waits)
            below_it = above
        return handled, tuple(tried)

    def _tried_in(self, node: _Try) -> Iterator[Use]:
        for statement, uses in self._by_statement.items():
            if any(above is node.body for above in self.module.around(statement)):
                known = (use for use in uses if below(use.name, (*WANDB, *KERASES)))
                yield from known

    # names

    def _attributes(self) -> Iterator[tuple[cst.BaseExpression, tuple[str, Tried]]]:
        """Yield the longest chains of names and attributes that W&B's or a Keras begins."""
        for node in self.module.all(cst.Attribute):
            if isinstance(self.module.parent(node), cst.Attribute):
                continue
            if isinstance(self.module.statement(node), (cst.Import, cst.ImportFrom)):
                continue
            found = self._resolved(node)
            if found is not None:
                yield node, found

    def _resolved(self, node: cst.BaseExpression) -> tuple[str, Tried] | None:
        """Return the name that an expression stands for as the last import has it."""
        rest: list[str] = []
        while isinstance(node, cst.Attribute):
            rest.insert(0, node.attr.value)
            node = node.value
        if not isinstance(node, cst.Name):
            return None
        known = [b for b in self._meanings.bindings(node) if b.meaning not in (LOCAL, NONE)]
        if not known or known[-1].meaning.split(".")[0] not in _ROOTS:
            return None
        return ".".join([known[-1].meaning, *rest]), self._tried_by(known[-1])

    def _tried_by(self, binding: Binding) -> Tried:
        return () if binding.statement is None else self._around(binding.statement)[1]

    def _kerases(self, found: Sequence[Use]) -> None:
        seen: set[tuple[str, bool]] = set()
        for use in found:
            keras = below(use.name, KERASES)
            if keras and (keras, bool(use.tried)) not in seen:
                seen.add((keras, bool(use.tried)))
                fields = use.place, use.module, use.handled, use.tried
                self.sources.kerases.append(Use(keras, *fields))

    # constructions

    def _constructions(self) -> None:
        constants: dict[str, Any] | None = None
        # the codemod's own list; what is only called like the class is not in it
        legacy = {reference.node: reference for reference in self._usages.references}
        for node in sorted(self.module.all(cst.Call, cst.ClassDef), key=self.module.order):
            if isinstance(node, cst.Call):
                name = self._class(node.func, legacy)
                if name is not None:
                    if constants is None:
                        constants = constants_of(self.module)
                    names = PARAMETERS[name.rpartition(".")[2]]
                    self._construct(node, name, arguments(node, names, constants))
            elif isinstance(node, cst.ClassDef):
                for base in node.bases:
                    name = self._class(base.value, legacy)
                    if name is not None:
                        self._construct(node.name, name, None)

    def _class(
        self, node: cst.BaseExpression, legacy: Mapping[cst.BaseExpression, Reference]
    ) -> str | None:
        """Return the name of W&B's class that an expression is."""
        found = self._resolved(node)
        if node in legacy and (found is None or found[0] not in LEGACY):
            names = sorted(name for name in legacy[node].names if below(name, WANDB))
            found = (names[0], ()) if names else None
        if found is not None and found[0] in LEGACY:
            return f"{found[0].rpartition('.')[0]}.{CLASS}"  # older names are the same class
        if found is None or not below(found[0], WANDB):
            return None
        return found[0] if found[0].rpartition(".")[2] in PARAMETERS else None

    def _construct(self, node: cst.CSTNode, name: str, given: dict[str, Any] | None) -> None:
        line = self.module.position(node).start.line
        self.sources.calls.append(Call(name, self._place(line), given))

    # worker processes

    def _workers(self, attributes: Sequence[tuple[cst.BaseExpression, tuple[str, Tried]]]) -> None:
        for call in self.module.all(cst.Call):
            for arg in call.args:
                if arg.keyword is None or arg.keyword.value != "use_multiprocessing":
                    continue
                off = isinstance(arg.value, cst.Name) and arg.value.value in ("False", "None")
                if not off:
                    place = self._place(self.module.position(call).start.line)
                    self.sources.multiprocessing.append(Use("use_multiprocessing", place))
        for node in self.module.all(cst.ClassDef):
            methods = {m.name.value for m in node.body.body if isinstance(m, cst.FunctionDef)}
            if "__getitem__" not in methods:
                continue
            inside = [
                (place, name)
                for place, (name, _) in attributes
                if any(above is node for above in self.module.around(place))
            ]
            if any(name == "wandb.init" for _, name in inside):
                continue
            self.sources.config_in_workers += [
                self._use(place, name) for place, name in inside if below(name, ("wandb.config",))
            ]


def _handling(handler: cst.ExceptHandler | cst.ExceptStarHandler) -> str:
    """Return what a handler does about a failed import, in the words of ``Use.handled``."""
    kinds = [handler.type]
    if isinstance(handler.type, cst.Tuple):
        kinds = [element.value for element in handler.type.elements]
    if not any(k is None or (isinstance(k, cst.Name) and k.value in _IMPORT_ERRORS) for k in kinds):
        return ""
    nodes = list(_below(handler.body))
    if any(isinstance(node, (cst.Import, cst.ImportFrom)) for node in nodes):
        return "fallback"
    if any(isinstance(node, cst.Raise) for node in nodes):
        return ""
    smalls = [node for node in nodes if isinstance(node, cst.BaseSmallStatement)]
    compound = any(isinstance(node, cst.BaseCompoundStatement) for node in nodes)
    silent = not compound and all(isinstance(small, cst.Pass) for small in smalls)
    return "silent" if silent else "caught"


def _below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for child in node.children:
        yield child
        yield from _below(child)
