"""Plan one reference: is it called, are its arguments known, is there room for the new names."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from wandb_keras_codemods._old.decisions import GENERATED, Note, Plan, Refusal
from wandb_keras_codemods._old.imports import Imports
from wandb_keras_codemods._old.plan import plan
from wandb_keras_codemods._old.scopes import NONE, Scopes
from wandb_keras_codemods._old.source import Source
from wandb_keras_codemods._old.suspicions import why_not_called
from wandb_keras_codemods._old.usages import Reference, Usages
from wandb_keras_codemods._old.values import bind, pure


@dataclass(eq=False)
class Planned:
    """One construction on its way: its reference, its plan, the prefix of the new names."""

    reference: Reference
    call: ast.Call
    plan: Plan


class Planner:
    """Plans the references of one module.

    Args:
        source: The module.
        usages: Its legacy usages.
        imports: What is asked of its imports.
        scopes: Its scopes.
        target: The target.
    """

    def __init__(
        self, source: Source, usages: Usages, imports: Imports, scopes: Scopes, target: str
    ) -> None:
        self._source = source
        self._scopes = scopes
        self._usages = usages
        self._imports = imports
        self._target = target

    def plan(self, reference: Reference) -> Planned:
        """Plan one reference.

        Raises:
            Refusal: It must be left as it is.
        """
        source = self._source
        call = source.parent(reference.node)
        if not (isinstance(call, ast.Call) and call.func is reference.node):
            raise why_not_called(source, reference)
        if not reference.certain:
            note = several_meanings(source, reference)
            raise Refusal(note.code, note.message, note.suggestion)
        if NONE in reference.names and not self._only_called(reference):
            raise Refusal("WKM409", "the name is tested for None after a failed import")
        if source.in_fstring(call):
            raise Refusal("WKM415", "it is constructed inside an f-string")
        inside = {other.node for other in self._usages.references} - {reference.node}
        if any(node in inside for node in ast.walk(call)):
            raise Refusal("WKM405", "its arguments use the legacy callback too")
        values, notes = bind(call, source.text_of)
        fit_data, has_data = self._fit_data(call)
        found = plan(values, self._target, fit_data, has_data)
        reason = self._imports.taken(reference, (*found.names, *own_names(found)))
        if reason is not None:
            raise Refusal("WKM410", reason)
        if own_names(found):
            self._check_room(reference)
        for argument in [*call.args, *call.keywords]:
            for node in ast.walk(argument):
                if isinstance(node, ast.NamedExpr):
                    raise Refusal("WKM403", "an argument assigns a name")
        old = {name.rsplit(".", 1)[1] for name in reference.names if "Keras" in name}
        notes += [Note("WKM214", f"{name} is a name of 2018") for name in sorted(old)]
        return Planned(reference, call, Plan(found.parts, (*notes, *found.notes)))

    def _check_room(self, reference: Reference) -> None:
        """Refuse a class of the file's own where no line can follow the import."""
        statement = self._imports.after(reference)
        if isinstance(statement, ast.stmt):
            parent = self._source.parent(statement)
            if isinstance(parent, ast.Module) or parent.lineno != statement.lineno:  # type: ignore[attr-defined]
                return
        raise Refusal("WKM411", "there is no one place for the evaluation class")

    def _only_called(self, reference: Reference) -> bool:
        """Whether all uses of a name are calls; a test for None needs the name to stay."""
        if reference.node is not reference.root:
            return True
        names = [name for binding in reference.bindings for name in binding.references]
        return all(getattr(self._source.parent(name), "func", None) is name for name in names)

    def _fit_data(self, call: ast.Call) -> tuple[str | None, bool]:
        """Return validation_data of the fit around a call, and whether it has any."""
        fit = self._fit_around(call)
        if fit is not None:
            return _validation_data(fit, self._source)
        return self._data_of_the_only_fit(call), True

    def _fit_around(self, node: ast.AST) -> ast.Call | None:
        while not isinstance(node, ast.stmt):
            node = self._source.parent(node)
            name = getattr(node.func, "attr", "") if isinstance(node, ast.Call) else ""
            if name in ("fit", "fit_generator"):
                return node  # type: ignore[return-value]
        return None

    def _data_of_the_only_fit(self, call: ast.Call) -> str | None:
        """Return validation_data of the one fit a callback goes to under a name, if it is there.

        It is when all its names have got their values before the callback is constructed.
        """
        statement = self._source.parent(call)
        if not isinstance(statement, ast.Assign) or not isinstance(statement.targets[0], ast.Name):
            return None
        root = next(node for node in ast.walk(call.func) if isinstance(node, ast.Name))
        held = self._scopes.lookup(self._scopes.scope_of[root], statement.targets[0].id)
        if len(held) != 1 or len(held[0].references) != 1:
            return None
        use = held[0].references[0]
        fit = self._fit_around(use)
        if fit is None or self._scopes.scope_of[use] is not held[0].scope:
            return None
        for node in ast.walk(fit):
            if isinstance(node, ast.keyword) and node.arg == "validation_data":
                names = [name for name in ast.walk(node.value) if isinstance(name, ast.Name)]
                bound = [self._scopes.bindings(name) for name in names]
                early = (b.node.lineno < statement.lineno for bs in bound for b in bs)  # type: ignore[attr-defined]
                if not all(bound) or not all(early):
                    return None
        return _validation_data(fit, self._source)[0]


def several_meanings(source: Source, reference: Reference) -> Note:
    """Say that a name is the legacy class only on some ways through the program."""
    text = source.text_of(reference.node)
    message = f"{text} is the legacy callback only on some ways"
    return Note("WKM409", message, "Import it in one way only.")


def own_names(found: Plan) -> tuple[str, ...]:
    """Return the classes that must be written into the file for a plan."""
    return (GENERATED,) if any(part.name == GENERATED for part in found.parts) else ()


def _validation_data(fit: ast.Call, source: Source) -> tuple[str | None, bool]:
    for keyword in fit.keywords:
        if keyword.arg == "validation_data":
            if isinstance(keyword.value, ast.Constant) and keyword.value.value is None:
                continue
            data = keyword.value
            usable = pure(data) and not _is_generator_like(data)
            return (source.text_of(data) if usable else None), True
        if keyword.arg in (None, "validation_split"):
            return None, True
    return None, len(fit.args) > 6 or any(isinstance(a, ast.Starred) for a in fit.args)


def _is_generator_like(node: ast.expr) -> bool:
    """Whether validation data is not seen to be a pair of arrays."""
    return not isinstance(node, (ast.Tuple, ast.List)) or len(node.elts) < 2
