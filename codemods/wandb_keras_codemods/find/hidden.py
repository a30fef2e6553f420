"""Reads and writes that no name shows: by strings, by namespaces, by code in texts."""

from __future__ import annotations

import re
from functools import cached_property

import libcst as cst
from libcst.metadata import GlobalScope, ImportAssignment, Scope

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.words import Words

# builtins that reach names by other ways than by naming them: the module's, those around, both
_WHOLE = {
    "globals": "module", "__main__": "module", "locals": "around", "vars": "around",
    "eval": "both", "exec": "both", "builtins": "all", "__builtins__": "all",
}  # fmt: skip
# attributes of frames and functions that show names or values
_FRAMES = frozenset(
    {
        "f_locals", "f_globals", "_getframe", "getmembers", "currentframe", "__defaults__",
        "__kwdefaults__", "__closure__", "__globals__", "cell_contents", "signature",
        "getfullargspec", "getclosurevars", "user_ns", "user_global_ns",
    }
)  # fmt: skip
_INSPECT = frozenset({"getmembers", "currentframe", "signature"})  # common names
_BY_NAME = ("getattr", "setattr", "delattr", "attrgetter", "methodcaller")
# functions that run a text as a program: IPython's and the standard library's
_SHELLS = frozenset(
    {
        "run_cell", "run_cell_async", "run_cell_magic", "run_line_magic", "run_code", "runsource",
        "timeit", "repeat", "Timer",
    }
)  # fmt: skip
# libraries to whose functions a text is data: they look up no name of the program
_TAKES_DATA = frozenset(
    {
        "datasets", "keras", "numpy", "os", "pandas", "pathlib", "sklearn", "tensorflow",
        "tensorflow_datasets", "tf_keras", "wandb",
    }
)  # fmt: skip
_WORD = re.compile(r"[^\W\d]\w*")


class Unseen(Exception):
    """Not all that binds or reads something can be seen; the text says why."""


class Hidden:
    """Answers whether a name or attribute may be used without standing there.

    Args:
        module: The module.
        words: Its index.
    """

    def __init__(self, module: Module, words: Words) -> None:
        self.module = module
        self.words = words

    def check_name(self, home: Scope, name: str) -> None:
        """Check that a name of a scope is used by nothing but its name.

        Raises:
            Unseen: It may be.
        """
        word = self._reflects(home)
        if word is not None:
            raise Unseen(f"{word} may read {name}")
        self._check_code(name)
        if not isinstance(home, GlobalScope):
            return
        self._check_strings(name)
        for arg in self.words.keywords.get(name, ()):
            call = self.module.parent(arg)
            if isinstance(call, cst.Call) and last_name(call.func) == "multiple":
                raise Unseen(f"patch.multiple replaces {name}")
        for modules in self.words.attributes.get("modules", ()):
            if self.module.names(modules) == {"sys.modules"}:
                raise Unseen(f"sys.modules may give {name}")

    def _reflects(self, home: Scope) -> str | None:
        """Return what is in use that reads whatever names a scope has."""
        words = self.words
        for word in _FRAMES:
            nodes = (*words.attributes.get(word, ()), *words.names.get(word, ()))
            if any(word not in _INSPECT or self._of_inspect(node) for node in nodes):
                return word
        for word, reach in _WHOLE.items():
            for node in words.names.get(word, ()):
                call = self.module.parent(node)
                if (
                    word == "vars"
                    and isinstance(call, cst.Call)
                    and call.func is node
                    and call.args
                ):
                    continue  # of an object
                if self._reaches(node, home, reach):
                    return word
        return None

    def _of_inspect(self, node: cst.Name | cst.Attribute) -> bool:
        names = self.module.names(node)
        return not names or any(name.startswith("inspect.") for name in names)

    def _reaches(self, node: cst.Name, home: Scope, reach: str) -> bool:
        """Whether a builtin at a place reads the names of a scope."""
        whole = isinstance(home, GlobalScope)
        if reach == "all" or (reach in ("module", "both") and whole):
            return True
        scope = self.module.scope(node)
        if reach == "module" or scope is None:
            return False
        if whole:
            return scope is home
        while scope is not home and scope is not scope.parent:
            scope = scope.parent
        return scope is home

    def _check_code(self, name: str) -> None:
        words = self._code_words
        if words is None:
            raise Unseen(f"a text that is not known is run and may use {name}")
        if name in words:
            raise Unseen(f"code in a string uses {name}")

    @cached_property
    def _code_words(self) -> frozenset[str] | None:
        """The words of texts that are run as code; None when one of them is not known."""
        found: set[str] = set()
        for word in _SHELLS:
            nodes = (*self.words.attributes.get(word, ()), *self.words.names.get(word, ()))
            for node in nodes:
                call = self.module.parent(node)
                if not isinstance(call, cst.Call) or call.func is not node:
                    continue
                for arg in call.args:
                    text = string(arg.value)
                    if text is None and word.startswith("run"):
                        return None
                    found.update(_WORD.findall(text or ""))
        return frozenset(found)

    def _check_strings(self, name: str) -> None:
        """Check that no string but a key names something, alone or at the end of a path."""
        for node, text in self.words.strings:
            ends = self.words.attribute(text) == name or text.endswith((f".{name}", f":{name}"))
            if ends and not self._harmless(node):
                raise Unseen(f"a string names {name}")

    def _harmless(self, node: cst.CSTNode) -> bool:
        parent = self.module.parent(node)
        if isinstance(parent, (cst.Expr, cst.ComparisonTarget, cst.Comparison, cst.Index)):
            return True
        if isinstance(parent, cst.DictElement):
            return parent.key is node
        if isinstance(parent, cst.Param):
            return parent.default is node
        while isinstance(parent, (cst.Element, cst.List, cst.Tuple)):
            node, parent = parent, self.module.parent(parent)
        if isinstance(parent, cst.Arg):
            call = self.module.parent(parent)
            function = call.func if isinstance(call, cst.Call) else None
            names = frozenset() if function is None else self.module.names(function)
            if names and {name.split(".")[0] for name in names} <= _TAKES_DATA:
                return True
            if isinstance(function, cst.Name) and self._defined(function):
                return True  # what it may do with names is seen here
            if isinstance(function, cst.Attribute):
                return function.attr.value in {"get", "pop", "setdefault", "add_argument"}
            return isinstance(function, cst.Name) and function.value in {"hasattr", "print"}
        for above in self.module.around(node):
            if isinstance(above, (cst.Assign, cst.AnnAssign, cst.AugAssign)):
                targets = above.targets if isinstance(above, cst.Assign) else [above]
                return any(
                    isinstance(target.target, cst.Name)
                    and target.target.value in ("__all__", "__slots__")
                    for target in targets
                )
            if isinstance(above, cst.BaseStatement):
                break
        return False

    def _defined(self, name: cst.Name) -> bool:
        """Whether a name can only be a function of this module."""
        found = self.module.assignments(name)
        nodes = [getattr(each, "node", None) for each in found]
        return bool(nodes) and all(isinstance(node, cst.FunctionDef) for node in nodes)

    def check_attribute(self, name: str) -> None:
        """Check that attributes of this name are read and bound by nothing but their name.

        Raises:
            Unseen: They may be.
        """
        self._check_strings(name)
        self._check_code(name)
        for node in self.words.names.get(name, ()):
            if isinstance(self.module.parent(node), cst.MatchKeywordElement):
                raise Unseen(f"a match statement reads the attribute {name}")
        for function in _BY_NAME:
            nodes = (*self.words.names.get(function, ()), *self.words.attributes.get(function, ()))
            if any(self._any_attribute(self.module.parent(node), node) for node in nodes):
                raise Unseen(f"{function}() may use the attribute {name}")
        for node in self.words.names.get("vars", ()):
            call = self.module.parent(node)
            if not (isinstance(call, cst.Call) and call.args and self.parsed(call.args[0].value)):
                raise Unseen(f"vars() may use the attribute {name}")
        for attribute in self.words.attributes.get("__dict__", ()):
            if not self.parsed(attribute.value):
                raise Unseen(f"__dict__ may use the attribute {name}")

    def _any_attribute(self, call: cst.CSTNode, function: cst.CSTNode) -> bool:
        """Whether a getattr or the like takes names that are not spelled out here."""
        if not isinstance(call, cst.Call) or call.func is not function or len(call.args) < 2:
            return not isinstance(self.module.parent(function), cst.ImportAlias)
        if isinstance(call.args[1].value, cst.SimpleString):
            return False  # a string that names it is found as such
        owner = call.args[0].value
        return not self.imported(owner) and not self.parsed(owner)

    def imported(self, owner: cst.BaseExpression) -> bool:
        """Whether an expression begins with a name that only imports bind."""
        while isinstance(owner, cst.Attribute):
            owner = owner.value
        if not isinstance(owner, cst.Name):
            return False
        found = self.module.assignments(owner)
        return bool(found) and all(isinstance(each, ImportAssignment) for each in found)

    def parsed(self, owner: cst.BaseExpression) -> bool:
        """Whether an expression is a name for parsed arguments of the command line."""
        if not isinstance(owner, cst.Name):
            return False
        values = [
            statement.value
            for node in self.words.names[owner.value]
            for target in [self.module.parent(node)]
            if isinstance(target, cst.AssignTarget)
            for statement in [self.module.parent(target)]
            if isinstance(statement, cst.Assign)
        ]
        return bool(values) and all(
            isinstance(value, cst.Call)
            and isinstance(value.func, cst.Attribute)
            and value.func.attr.value == "parse_args"
            for value in values
        )
