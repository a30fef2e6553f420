"""What can hold a value: names, parameters, attributes, functions; who binds them, who reads them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Iterable, Union

import libcst as cst
from libcst.metadata import ClassScope, GlobalScope, Scope

from wandb_keras_codemods.find.module import Function, Module
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.words import Words

Target = Union[cst.Name, cst.Attribute]
# builtins that reach names by other ways than by naming them
_WHOLE = frozenset(
    {"globals", "locals", "eval", "exec", "vars", "builtins", "__builtins__", "__main__"}
)
_FRAMES = frozenset({"f_locals", "f_globals", "_getframe", "getmembers", "currentframe"})
_RUN_TEXT = frozenset("run_cell run_line_magic run_cell_magic timeit repeat Timer".split())
_WORD = re.compile(r"[^\W\d]\w*")
# methods of IPython's and the standard library's shells that run a text as a program
_SHELLS = frozenset(
    {"run_cell", "run_cell_async", "run_cell_magic", "run_line_magic", "run_code", "runsource"}
)
_OPEN_ATTRIBUTES = frozenset({"__getattr__", "__getattribute__", "__setattr__", "__new__"})
_PLAIN_BASES = frozenset({"builtins.object", "abc.ABC", "typing.Generic"})


class Unseen(Exception):
    """Not all that binds or reads something can be seen; the text says why."""


@dataclass(frozen=True)
class Binding:
    """One place that binds a name or an attribute.

    Args:
        kind: ``"value"``, ``"parameter"``, ``"function"``, ``"class"``, ``"augmented"`` or
            ``"other"``.
        node: The value, the parameter, the definition or the target.
    """

    kind: str
    node: cst.CSTNode


@dataclass(frozen=True)
class Callee:
    """A function that a call may run; ``skip`` parameters are filled by what it is bound to."""

    function: Function
    skip: int = 0


class Holders:
    """Answers who binds and who reads.

    Args:
        module: The module.
        words: Its index.
    """

    def __init__(self, module: Module, words: Words) -> None:
        self.module = module
        self.words = words

    # names

    def home(self, name: cst.Name) -> Scope:
        """Return the scope that a name belongs to; the module's when nothing binds it."""
        scope = self.module.scope(name)
        assert scope is not None
        homes = {found.scope for found in scope[name.value]}
        if len(homes) > 1:
            raise Unseen(f"{name.value} has several scopes")
        return homes.pop() if homes else scope.globals

    def occurrences(self, home: Scope, name: str) -> list[cst.Name]:
        """Return each place of a name that belongs to a scope, in the order of the text.

        Raises:
            Unseen: The name may be bound or read in ways that scopes do not show.
        """
        self._check_hidden(home, name)
        found = []
        for node in self.words.names[name]:
            parent = self.module.parent(node)
            if isinstance(parent, (cst.ImportAlias, cst.NameItem)):
                continue
            if isinstance(parent, (cst.MatchAs, cst.MatchStar, cst.MatchMapping)):
                raise Unseen(f"{name} is bound by a match statement")
            if isinstance(parent, (cst.TypeVar, cst.TypeVarTuple, cst.ParamSpec, cst.TypeAlias)):
                raise Unseen(f"{name} is a type parameter")
            if isinstance(parent, cst.NamedExpr) and parent.target is node and self._inner(parent):
                raise Unseen(f"{name} is bound in a comprehension")
            scope = self.home(node)
            inside = self.module.scope(node)
            # a class may read the outer name before it binds its own
            early = isinstance(scope, ClassScope) and inside is scope and is_read(self.module, node)
            if scope is home or (early and self._around(scope, home)):
                found.append(node)
        return found

    def _around(self, scope: Scope, home: Scope) -> bool:
        while scope is not home and scope is not scope.parent:
            scope = scope.parent
        return scope is home

    def _inner(self, node: cst.CSTNode) -> bool:
        for above in self.module.around(node):
            if isinstance(above, (cst.BaseComp, cst.CompFor)):
                return True
            if isinstance(above, (cst.BaseStatement, cst.Lambda)):
                return False
        return False

    def _check_hidden(self, home: Scope, name: str) -> None:
        for word in self._reflection:
            raise Unseen(f"{word}() may read {name}")
        if name in self._code_words:
            raise Unseen(f"code in a string uses {name}")
        if self._named_in_run_text(name):
            raise Unseen(f"a text that is run may name {name}")
        if isinstance(home, GlobalScope):
            if self._named_in_strings(name):
                raise Unseen(f"a string names {name}")
            for modules in self.words.attributes.get("modules", ()):
                if self.module.names(modules) == {"sys.modules"}:
                    raise Unseen(f"sys.modules may give {name}")

    @cached_property
    def _reflection(self) -> list[str]:
        """The builtins in use that read names by their text."""
        found = []
        for word in _WHOLE & self.words.names.keys():
            for node in self.words.names[word]:
                call = self.module.parent(node)
                called = isinstance(call, cst.Call) and call.func is node
                if word == "vars" and called and isinstance(call, cst.Call) and call.args:
                    continue
                found.append(word)
        found += [word for word in _FRAMES if self.words.attributes.get(word)]
        return found

    @cached_property
    def _code_words(self) -> frozenset[str]:
        """The words of strings that are run as code."""
        found: set[str] = set()
        for node, text in self.words.strings:
            for above in self.module.around(node):
                if isinstance(above, cst.Call):
                    function = above.func
                    last = function.attr if isinstance(function, cst.Attribute) else function
                    if isinstance(last, cst.Name) and last.value in _RUN_TEXT:
                        found.update(_WORD.findall(text))
                if isinstance(above, (cst.BaseStatement, cst.BaseSmallStatement)):
                    break
        return frozenset(found)

    def _named_in_run_text(self, name: str) -> bool:
        """Whether a shell runs a text that uses a name, or one that is not known."""
        word = re.compile(rf"\b{re.escape(name)}\b")
        for method in _SHELLS & self.words.attributes.keys():
            for node in self.words.attributes[method]:
                call = self.module.parent(node)
                if not isinstance(call, cst.Call) or call.func is not node:
                    return True
                texts = [string(arg.value) for arg in call.args]
                if any(text is None or word.search(text) for text in texts):
                    return True
        return False

    def _named_in_strings(self, name: str) -> bool:
        """Whether a string that is no key names something, alone or at the end of a path."""
        for node, text in self.words.strings:
            if text != name and not text.endswith(f".{name}"):
                continue
            if not self._harmless_string(node):
                return True
        return False

    def _harmless_string(self, node: cst.CSTNode) -> bool:
        parent = self.module.parent(node)
        if isinstance(parent, (cst.Expr, cst.ComparisonTarget, cst.Comparison)):
            return True
        if isinstance(parent, cst.DictElement):
            return parent.key is node
        if isinstance(parent, cst.Index):
            return True
        if isinstance(parent, cst.Arg):
            call = self.module.parent(parent)
            assert isinstance(call, cst.Call)
            if isinstance(call.func, cst.Attribute):
                return call.func.attr.value in {"get", "pop", "setdefault", "add_argument"}
            return isinstance(call.func, cst.Name) and call.func.value in {"hasattr", "print"}
        for above in self.module.around(node):
            if isinstance(above, (cst.Assign, cst.AnnAssign, cst.AugAssign)):
                targets = above.targets if isinstance(above, cst.Assign) else [above]
                return any(
                    isinstance(target.target, cst.Name) and target.target.value == "__all__"
                    for target in targets
                )
            if isinstance(above, cst.BaseStatement):
                break
        return False

    def bindings(self, home: Scope, name: str) -> list[Binding]:
        """Return each place that binds a name."""
        found = [
            binding
            for node in self.occurrences(home, name)
            for binding in [self.binding(node)]
            if binding is not None
        ]
        if any(type(known).__name__ == "ImportAssignment" for known in home[name]):
            found.append(Binding("other", self.module.tree))
        return found

    def binding(self, node: cst.Name | cst.Attribute) -> Binding | None:
        """Return how a name or attribute is bound at one place; None where it is read."""
        parent = self.module.parent(node)
        if isinstance(parent, cst.AssignTarget):
            statement = self.module.parent(parent)
            assert isinstance(statement, cst.Assign)
            return Binding("value", statement.value)
        if isinstance(parent, cst.AnnAssign) and parent.target is node:
            return None if parent.value is None else Binding("value", parent.value)
        if isinstance(parent, cst.NamedExpr) and parent.target is node:
            return Binding("value", parent.value)
        if isinstance(parent, cst.Param) and parent.name is node:
            return Binding("parameter", parent)
        if isinstance(parent, cst.FunctionDef) and parent.name is node:
            return Binding("function", parent)
        if isinstance(parent, cst.ClassDef) and parent.name is node:
            return Binding("class", parent)
        if isinstance(parent, cst.AugAssign) and parent.target is node:
            return Binding("augmented", node)
        if not is_read(self.module, node) and not isinstance(parent, cst.Del):
            return Binding("other", node)
        return None

    # attributes

    def check_attribute(self, name: str) -> None:
        """Check that attributes of this name are read and bound by nothing but their name.

        Raises:
            Unseen: They may be.
        """
        if self._named_in_strings(name):
            raise Unseen(f"a string names {name}")
        if name in self._code_words:
            raise Unseen(f"code in a string uses {name}")
        for function in ("getattr", "setattr", "delattr", "attrgetter", "methodcaller"):
            for node in self.words.names[function] + self.words.attributes[function]:  # type: ignore[operator]
                if self._any_attribute(self.module.parent(node), node):
                    raise Unseen(f"{function}() may use the attribute {name}")
        for node in self.words.names["vars"]:
            call = self.module.parent(node)
            if not (isinstance(call, cst.Call) and call.args and self.parsed(call.args[0].value)):
                raise Unseen(f"vars() may use the attribute {name}")
        for attribute in self.words.attributes["__dict__"]:
            if not self.parsed(attribute.value):
                raise Unseen(f"__dict__ may use the attribute {name}")

    def _any_attribute(self, call: cst.CSTNode, function: cst.CSTNode) -> bool:
        """Whether a getattr or the like takes names that are not spelled out here."""
        if not isinstance(call, cst.Call) or call.func is not function:
            return True
        if len(call.args) < 2:
            return True
        if isinstance(call.args[1].value, cst.SimpleString):
            return False  # a string that names it is found as such
        owner = call.args[0].value
        return not self._is_import(owner) and not self.parsed(owner)

    def _is_import(self, owner: cst.BaseExpression) -> bool:
        while isinstance(owner, cst.Attribute):
            owner = owner.value
        if not isinstance(owner, cst.Name):
            return False
        found = self.module.assignments(owner)
        return bool(found) and all(type(a).__name__ == "ImportAssignment" for a in found)

    def parsed(self, owner: cst.BaseExpression) -> bool:
        """Whether an expression is a name for parsed arguments of the command line."""
        if not isinstance(owner, cst.Name):
            return False
        found = [self.module.parent(n) for n in self.words.names[owner.value]]
        values = [
            statement.value
            for target in found
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

    def receiver_class(self, node: cst.BaseExpression) -> cst.ClassDef | None:
        """Return the class in whose method an expression is the first parameter."""
        if not isinstance(node, cst.Name):
            return None
        home = self.home(node)
        bound = self.bindings(home, node.value)
        if len(bound) != 1 or bound[0].kind != "parameter":
            return None
        parameters = self.module.parent(bound[0].node)
        function = self.module.parent(parameters)
        if not isinstance(parameters, cst.Parameters) or not isinstance(function, cst.FunctionDef):
            return None
        order = (*parameters.posonly_params, *parameters.params)
        if not order or order[0] is not bound[0].node:
            return None
        if any(self.decorators(function) - {"property", "classmethod"}):
            return None
        return self.class_around(function)

    def class_around(self, node: cst.CSTNode) -> cst.ClassDef | None:
        """Return the class that a function is a method of."""
        below: cst.CSTNode = node
        for above in self.module.around(node):
            if isinstance(above, cst.ClassDef) and above.body is below:
                return above
            if isinstance(above, (cst.FunctionDef, cst.Lambda, cst.ClassDef)):
                return None
            below = above
        return None

    def decorators(self, node: cst.FunctionDef | cst.ClassDef) -> set[str]:
        """Return the names of a definition's decorators; ``"?"`` for what has none."""
        return {
            decorator.decorator.value if isinstance(decorator.decorator, cst.Name) else "?"
            for decorator in node.decorators
        }

    # classes

    def ancestry(self, owner: cst.ClassDef) -> list[cst.ClassDef] | None:
        """Return a class and its bases; None when one of them is not defined here."""
        if owner.decorators or any(
            keyword.keyword is None
            or keyword.keyword.value != "metaclass"
            or not self._abc(keyword)
            for keyword in owner.keywords
        ):
            return None
        found = [owner]
        for base in owner.bases:
            value = base.value
            if base.star:
                return None
            if isinstance(value, cst.Subscript):
                value = value.value
            names = self.module.names(value)
            if names and names <= _PLAIN_BASES:
                continue
            known = self.class_of(value)
            above = None if known is None else self.ancestry(known)
            if above is None or owner in above:
                return None
            found += above
        return found

    def known_bases(self, owner: cst.ClassDef) -> list[cst.ClassDef]:
        """Return a class and those of its bases that are defined here."""
        found = [owner]
        for member in found:
            for base in member.bases:
                known = self.class_of(base.value)
                if known is not None and known not in found:
                    found.append(known)
        return found

    def _abc(self, keyword: cst.Arg) -> bool:
        return self.module.names(keyword.value) == {"abc.ABCMeta"}

    def class_of(self, node: cst.BaseExpression) -> cst.ClassDef | None:
        """Return the class defined here that a name means, if it can mean nothing else."""
        if not isinstance(node, cst.Name):
            return None
        bound = self.bindings(self.home(node), node.value)
        if len(bound) != 1 or bound[0].kind != "class":
            return None
        found = bound[0].node
        assert isinstance(found, cst.ClassDef)
        return found

    def open_class(self, owner: cst.ClassDef) -> str | None:
        """Return why attributes of a class may be used unseen; None when they are not."""
        family = self.ancestry(owner)
        if family is None:
            return f"{owner.name.value} has bases or decorators that are not seen"
        for heir in self.heirs(family):
            if self.ancestry(heir) is None:
                return f"{heir.name.value} has bases or decorators that are not seen"
            family.append(heir)
        for member in family:
            for name in _OPEN_ATTRIBUTES:
                if self.defines(member, name):
                    return f"{member.name.value} defines {name}"
        return None

    def heirs(self, family: list[cst.ClassDef]) -> list[cst.ClassDef]:
        """Return the classes here that derive from some, directly or not."""
        found = []
        known = list(family)
        for member in known:
            for other in self.words.classes:
                bases = [self.class_of(base.value) for base in other.bases]
                if member in bases and other not in known:
                    known.append(other)
                    found.append(other)
        return found

    def defines(self, owner: cst.ClassDef, name: str) -> cst.FunctionDef | None:
        """Return the method of a class that has a name, the last one when there are several."""
        found = None
        for node in self.words.names[name]:
            function = self.module.parent(node)
            if isinstance(function, cst.FunctionDef) and function.name is node:
                found = function if self.class_around(function) is owner else found
        return found

    # calls

    def callees(self, call: cst.Call) -> list[Callee] | None:
        """Return the functions defined here that a call runs; None when others may run."""
        function = call.func
        if isinstance(function, cst.Name):
            return self._named_callees(function)
        if isinstance(function, cst.Attribute):
            owner = self.receiver_class(function.value) or self.instance_of(function.value)
            if owner is None or self.open_class(owner) is not None:
                return None
            return self.methods_named(function.attr.value) or None
        if isinstance(function, cst.Lambda):
            return [Callee(function)]
        return None

    def _named_callees(self, name: cst.Name) -> list[Callee] | None:
        bound = self.bindings(self.home(name), name.value)
        if len(bound) != 1:
            return None
        node = bound[0].node
        if isinstance(node, cst.FunctionDef):
            return None if node.decorators else [Callee(node)]
        if isinstance(node, cst.Lambda):
            return [Callee(node)]
        if not isinstance(node, cst.ClassDef) or self.open_class(node) is not None:
            return None
        for member in self.ancestry(node) or []:
            method = self.defines(member, "__init__")
            if method is not None:
                return None if method.decorators else [Callee(method, 1)]
        return None

    def instance_of(self, node: cst.BaseExpression) -> cst.ClassDef | None:
        """Return the class defined here whose instance a name or call is."""
        if isinstance(node, cst.Call):
            return self.class_of(node.func)
        if not isinstance(node, cst.Name):
            return None
        found = set()
        for binding in self.bindings(self.home(node), node.value):
            value = binding.node
            known = self.class_of(value.func) if isinstance(value, cst.Call) else None
            if binding.kind != "value" or known is None:
                return None
            found.add(known)
        return found.pop() if len(found) == 1 else None

    def methods_named(self, name: str) -> list[Callee] | None:
        """Return every method of that name; None when one of them is not plain."""
        found = []
        for node in self.words.names[name]:
            binding = self.binding(node)
            if binding is None or not isinstance(self.home(node), ClassScope):
                continue
            method = binding.node
            if not isinstance(method, cst.FunctionDef):
                return None
            decorators = self.decorators(method)
            if decorators - {"staticmethod", "classmethod"}:
                return None
            found.append(Callee(method, 0 if "staticmethod" in decorators else 1))
        return found


def is_read(module: Module, node: cst.Name | cst.Attribute) -> bool:
    """Whether a name or attribute is read, not bound or deleted."""
    above: Iterable[cst.CSTNode] = module.around(node)
    below: cst.CSTNode = node
    for parent in above:
        if isinstance(parent, (cst.Element, cst.StarredElement, cst.Tuple, cst.List)):
            below = parent
            continue
        if isinstance(parent, (cst.AssignTarget, cst.Del, cst.NameItem, cst.ImportAlias)):
            return False
        if isinstance(parent, (cst.For, cst.CompFor, cst.AugAssign, cst.AnnAssign, cst.NamedExpr)):
            return parent.target is not below
        if isinstance(parent, cst.AsName):
            return False
        if isinstance(parent, (cst.FunctionDef, cst.ClassDef, cst.Param)):
            return parent.name is not below
        return True
    return True
