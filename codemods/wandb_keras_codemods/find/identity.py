"""Whether a module asks for the class itself: its type, its methods, its place in a table."""

from __future__ import annotations

import re
from typing import Iterable, Iterator

import libcst as cst
from libcst.metadata import QualifiedNameSource

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.lookups import RUNS_TEXT
from wandb_keras_codemods.find.names import is_read
from wandb_keras_codemods.find.refusal import Refusal
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.legacy.names import CLASS_NAMES, LEGACY, OURS

_TESTS = (cst.If, cst.While, cst.Assert, cst.IfExp, cst.BooleanOperation, cst.UnaryOperation)
_ITERATES = frozenset({"list", "tuple", "set", "dict", "sorted", "len", "filter", "map", "iter"})

_BINDS = r"\b(?:%s)\s*=[^=]|\b(?:def|class|as)\s+(?:%s)\b"


class Identity:
    """Answers whether objects of another class would be noticed wherever they go.

    Args:
        holders: Who binds and reads what.
        calls: The constructions.
    """

    def __init__(self, holders: Holders, calls: Iterable[cst.Call]) -> None:
        self._holders = holders
        self._module = holders.module
        self._words = {last_name(call.func) for call in calls} | CLASS_NAMES
        for alias in self._holders.words.aliases:
            if alias.asname is not None and last_name(alias.name) in CLASS_NAMES:
                self._words.add(alias.evaluated_alias or "")
        self._seen: set[str] = set()

    def refusal(self) -> Refusal | None:
        """Return why no construction can be replaced; None when nothing asks for the class."""
        while self._words - self._seen:
            word = (self._words - self._seen).pop()
            self._seen.add(word)
            words = self._holders.words
            for node in (*words.names.get(word, ()), *words.attributes.get(word, ())):
                if not self._harmless(node):
                    line = self._module.position(node).start.line
                    return _refusal(line)
        words = self._holders.words
        by_name: list[cst.CSTNode] = [
            node
            for node, text in words.strings
            if (self._words.intersection(text.split(".")[-2:]) and self._patches(node))
            or self._bound_by_text(node, text)
        ]
        # globals().update(WandbCallback=Fake)
        by_name += [arg for word in self._words for arg in words.keywords.get(word, ())]
        by_name += self._all_names()
        if not by_name:
            return None
        return _refusal(min(self._module.position(node).start.line for node in by_name))

    def _bound_by_text(self, node: cst.CSTNode, text: str) -> bool:
        """Whether a string that is run binds a name: ``exec("WandbCallback = Fake")``."""
        call = self._module.parent(self._module.parent(node))
        if not isinstance(call, cst.Call) or last_name(call.func) not in RUNS_TEXT:
            return False
        names = "|".join(word for word in self._words if word in text)
        return bool(names) and re.search(_BINDS % (names, names), text) is not None

    def _all_names(self) -> Iterator[cst.CSTNode]:
        """Yield what reads or writes names of the module that are not spelled out."""
        for word in ("globals", "vars", "locals", "dir"):
            for node in self._holders.words.names.get(word, ()):
                call = self._module.parent(node)
                if not isinstance(call, cst.Call) or call.func is not node or call.args:
                    continue
                if self._module.names(node) != {f"builtins.{word}"}:
                    continue
                inside = word != "globals" and self._module.function(call) is not None
                if not inside and not self._spelled(call):
                    yield call

    def _spelled(self, call: cst.Call) -> bool:
        """Whether all that is asked of a namespace is a name that is spelled out."""
        parent = self._module.parent(call)
        if isinstance(parent, cst.Subscript):
            index = parent.slice[0].slice
            name = string(index.value) if isinstance(index, cst.Index) else None
        elif isinstance(parent, cst.ComparisonTarget):
            comparison = self._module.parent(parent)
            assert isinstance(comparison, cst.Comparison)
            if not isinstance(parent.operator, (cst.In, cst.NotIn)):
                return False
            name = string(comparison.left)
        elif isinstance(parent, cst.Attribute):
            method = self._module.parent(parent)
            if parent.attr.value in ("items", "keys", "values", "copy"):
                return False
            if parent.attr.value == "update" or not isinstance(method, cst.Call):
                return True  # what it puts there is found by its name
            name = string(method.args[0].value) if method.args else None
        elif isinstance(parent, cst.Arg):  # else the globals of a text that runs, found as such
            taker = self._module.parent(parent)
            return not isinstance(taker, cst.Call) or last_name(taker.func) not in _ITERATES
        else:
            return not isinstance(parent, (cst.For, cst.CompFor, cst.StarredDictElement))
        return name is not None and name not in self._words

    def _patches(self, node: cst.CSTNode) -> bool:
        """Whether a string is the name or the path of what a test replaces."""
        arg = self._module.parent(node)
        while isinstance(arg, (cst.BinaryOperation, cst.FormattedString)):
            arg = self._module.parent(arg)  # __name__ + ".WandbCallback"
        if isinstance(arg, cst.Index):  # run.__globals__["WandbCallback"]
            item = self._module.parent(self._module.parent(arg))
            owner = item.value if isinstance(item, cst.Subscript) else item
            return last_name(owner) in ("__globals__", "__dict__")
        if isinstance(arg, cst.DictElement) and arg.key is node:  # patch.dict(globals(), {...})
            arg = self._module.parent(self._module.parent(arg))
            call = self._module.parent(arg)
            return isinstance(call, cst.Call) and last_name(call.func) in (
                "update",
                "dict",
                "multiple",
            )
        call = self._module.parent(arg)
        if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call):
            return False
        return last_name(call.func) in ("patch", "setattr", "object", "multiple")

    def _harmless(self, node: cst.Name | cst.Attribute) -> bool:
        """Whether a use of a name does not look at the class, or is not the class at all."""
        parent = self._module.parent(node)
        if isinstance(parent, (cst.ImportAlias, cst.AsName)) or not is_read(self._module, node):
            return True
        if isinstance(parent, cst.Call) and parent.func is node:
            return True
        return self._another(node) or self._used(node, parent)

    def _another(self, node: cst.Name | cst.Attribute) -> bool:
        """Whether a name is that of an imported class of another library."""
        scope = self._module.scope(node)
        if scope is None or not self._module.names(node):
            return False
        found = scope.get_qualified_names_for(node)
        return all(
            each.source is QualifiedNameSource.IMPORT and each.name not in LEGACY | OURS
            for each in found
        )

    def _used(self, node: cst.CSTNode, parent: cst.CSTNode) -> bool:
        if isinstance(parent, cst.Arg):
            return self._argument(parent)
        if isinstance(parent, (cst.Annotation, cst.Expr, cst.Del, *_TESTS)):
            return True
        if isinstance(parent, cst.Subscript) or self._in_annotation(node):
            return self._in_annotation(node)
        if isinstance(parent, (cst.Comparison, cst.ComparisonTarget)):
            return self._asks_for_none(parent)
        if isinstance(parent, cst.Assign) and parent.value is node:
            targets = [target.target for target in parent.targets]
            self._words |= {target.value for target in targets if isinstance(target, cst.Name)}
            return all(isinstance(target, cst.Name) for target in targets)
        if isinstance(parent, cst.Element):
            arg = self._module.parent(self._module.parent(parent))
            return isinstance(arg, cst.Arg) and _keyword(arg) == "callbacks"
        return False

    def _argument(self, arg: cst.Arg) -> bool:
        above = self._module.parent(arg)
        if isinstance(above, cst.ClassDef):
            return True
        assert isinstance(above, cst.Call)
        return last_name(above.func) == "partial" or _keyword(arg) == "callbacks"

    def _in_annotation(self, node: cst.CSTNode) -> bool:
        for above in self._module.around(node):
            if isinstance(above, (cst.Annotation, cst.TypeParam)):
                return True
            if isinstance(above, (cst.BaseStatement, cst.BaseSmallStatement)):
                return False
        return False

    def _asks_for_none(self, parent: cst.CSTNode) -> bool:
        comparison = (
            self._module.parent(parent) if isinstance(parent, cst.ComparisonTarget) else parent
        )
        assert isinstance(comparison, cst.Comparison)
        sides = [comparison.left, *(target.comparator for target in comparison.comparisons)]
        return any(isinstance(side, cst.Name) and side.value == "None" for side in sides)


def _refusal(line: int) -> Refusal:
    return Refusal(
        "WKM406",
        f"line {line} uses the class itself, and its replacements are others",
        "Change that line first.",
    )


def _keyword(arg: cst.Arg) -> str:
    return "" if arg.keyword is None else arg.keyword.value
