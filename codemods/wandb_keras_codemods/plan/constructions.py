"""Plan one construction: is it called, are its arguments known, is there room for the new names."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Callable, Iterator

import libcst as cst
from libcst.metadata import ExpressionContext

from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.meanings import NONE
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.refusal import Note, Refusal
from wandb_keras_codemods.find.suspicions import in_fstring, why_not_called
from wandb_keras_codemods.find.usages import Reference, Usages
from wandb_keras_codemods.legacy.names import COMPAT, OLD_MODULES, TRIO, UPSTREAM

from .arguments import Arguments, bind
from .compat import plan_compat
from .constants import Constants
from .effects import Values, settle
from .expressions import UNKNOWN, Computed, literal
from .fits import Seen
from .guards import Guards
from .parts import Plan
from .trio import plan_trio

ELSEWHERE = "its import binds a name of another scope"
_NOTHING = Seen()


@dataclass(eq=False)
class Planned:
    """One construction on its way: its reference, its call, its arguments, its plan."""

    reference: Reference
    call: cst.Call
    values: Values
    plan: Plan


def plan(
    values: Values,
    target: str,
    seen: Seen = _NOTHING,
) -> Plan:
    """Say which callbacks do the work of ``WandbCallback(**values)``.

    Args:
        values: The given arguments, as ``bind`` returns them.
        target: ``"wandb"`` or ``"compat"``.
        seen: What is seen of the calls it goes to.

    Raises:
        Refusal: The target has no faithful answer.
    """
    arguments = Arguments(values)
    if arguments["log_gradients"].truth and arguments["training_data"].literal is None:
        raise Refusal(
            "WKM412",
            "log_gradients without training_data raises ValueError",
            "Give training_data=(x, y).",
        )
    if target == "compat":
        return plan_compat(arguments, seen)
    return plan_trio(arguments, seen)


class Planner:
    """Plans the references of one module.

    Args:
        holders: Who binds and reads what.
        usages: Its legacy usages.
        target: The target.
        seen: Tells what is seen of the calls that a construction goes to.
        project: What other files read.
    """

    def __init__(
        self,
        holders: Holders,
        usages: Usages,
        target: str,
        seen: Callable[[cst.Call], Seen],
        project: Project,
    ) -> None:
        self._module = module = holders.module
        self._usages = usages
        self._target = target
        self._seen = seen
        self._constants = Constants(holders, project)
        self._computed = Computed(module)
        self._guards = Guards(module, project)
        self._taken: set[str] = set()
        self._gone: set[cst.BaseExpression] = set()  # constructions that are left out

    def plan(self, reference: Reference) -> Planned:
        """Plan one reference.

        Raises:
            Refusal: It must be left as it is.
        """
        module = self._module
        call = module.parent(reference.node)
        if not (isinstance(call, cst.Call) and call.func is reference.node):
            raise why_not_called(module, reference)
        if not reference.certain:
            note = several_meanings(module, reference)
            raise Refusal(note.code, note.message, note.suggestion)
        if NONE in reference.names and not self._only_called(reference):
            raise Refusal("WKM409", "the name is tested for None after a failed import")
        if in_fstring(module, call):
            raise Refusal("WKM415", "it is constructed inside an f-string")
        inside = {other.node for other in self._usages.references} - {reference.node}
        below = list(_below(call))
        if any(node in inside for node in below):
            raise Refusal("WKM405", "its arguments use the legacy callback too")
        values, notes = bind(
            call, self._constants.display, self._constants.value, self._constants.assigned
        )
        self._check_raises(call, values)
        seen = self._seen(call)

        def planned(given: Values) -> Plan:
            return plan(given, self._target, seen)

        found = planned(values)
        reason = self._name_taken(reference, (*found.names, *found.own_names))
        if reason is not None:
            raise Refusal("WKM410", reason)
        if found.own_names:
            self._check_room(reference)
        if any(isinstance(node, cst.NamedExpr) for node in below):
            raise Refusal("WKM403", "an argument assigns a name")

        def caught(node: cst.BaseExpression) -> bool:
            return self._guards.may_be_caught(call, node)

        plain = self._plain(call, below)
        found = settle(values, planned, self._fresh, plain, self._computed, caught)
        old = {name.rsplit(".", 1)[1] for name in reference.names if "Keras" in name}
        if not found.parts:
            self._gone.add(call)
        notes += [Note("WKM214", f"{name} is a name of 2018") for name in sorted(old)]
        return Planned(reference, call, values, replace(found, notes=(*notes, *found.notes)))

    def _check_raises(self, call: cst.Call, values: Values) -> None:
        """Refuse what fails in some runs, and the program counts on that."""
        arguments = Arguments(values)
        perhaps = arguments["log_gradients"].truth is None
        without = arguments["training_data"].literal is None
        if self._target == "wandb" and perhaps and without and self._guards.guarded(call):
            raise Refusal("WKM412", "log_gradients without training_data raises ValueError")

    def _check_room(self, reference: Reference) -> None:
        """Refuse a class of the file's own where no line can follow the import."""
        statement = self._usages.after(reference)
        declared = any(binding.declared for binding in reference.bindings)
        if statement is not None and not declared:
            line = self._module.parent(statement)
            if isinstance(line, cst.SimpleStatementLine):
                return
        raise Refusal("WKM411", "there is no one place for the evaluation class")

    def _only_called(self, reference: Reference) -> bool:
        """Whether all uses of a name are calls; a test for None needs the name to stay."""
        if reference.node is not reference.root:
            return True
        names = [name for b in reference.bindings for name in self._usages.reads(b)]
        return all(getattr(self._module.parent(name), "func", None) is name for name in names)

    def _name_taken(self, reference: Reference, names: tuple[str, ...]) -> str | None:
        """Say why the names cannot be imported where the old one is; None when they can."""
        declared = any(binding.declared for binding in reference.bindings)
        if declared and reference.kind == "dotted" and self._target == "compat":
            return ELSEWHERE
        named = reference.kind == "dotted" and self._target == "wandb" and not reference.loaded
        if reference.kind not in ("class", "star", "plain", "ours") and not named:
            return None
        if reference.ours and reference.node is not reference.root:
            if self._target == "compat" and reference.rooted:
                return None
        elif reference.ours and reference.kind == "star" and self._target == "wandb":
            read = {name.value for name in self._usages.star_names}
            clash = next((name for name in names if name in read), None)
            if clash is not None or self._usages.after(reference) is None:
                return f"{clash or 'a name'} comes from a star import"
        if declared:
            return ELSEWHERE
        scope = self._module.scope(reference.root)
        homes = {UPSTREAM, COMPAT, *OLD_MODULES}
        scopes = [scope, *(binding.scope for binding in reference.bindings)]
        again = reference.kind != "plain" and self._usages.overridden(reference)
        if self._target == "compat" and TRIO & {*names} and again:
            return f"{min(TRIO & {*names})} comes from a star import"
        for name in names:
            free = {f"{home}.{name}" for home in homes}
            found = [
                b for s in scopes if s is not None for b in self._usages.meanings.lookup(s, name)
            ]
            if any(binding.meaning not in free for binding in found):
                return f"{name} already means something else here"
            if name in self._deleted:
                return f"the name {name} is deleted"
        return None

    @cached_property
    def _deleted(self) -> set[str]:
        contexts = self._module.contexts
        names = self._module.all(cst.Name) if "del" in self._module.code else []
        return {node.value for node in names if contexts.get(node) is ExpressionContext.DEL}

    def _fresh(self, name: str) -> str:
        """Return a name that nothing in the module has."""
        if not self._taken:
            self._taken = {node.value for node in self._module.all(cst.Name)}
        number, found = 1, f"wandb_{name}"
        while found in self._taken:
            number += 1
            found = f"wandb_{name}_{number}"
        self._taken.add(found)
        return found

    def _plain(self, call: cst.Call, below: list[cst.CSTNode]) -> bool:
        """Whether arguments can be evaluated before the statement without a difference.

        They can in a simple statement that evaluates them once, for sure, and nothing before them
        that has effects or that they may change.
        """
        module = self._module
        child: cst.CSTNode = call
        for above in module.around(call):
            if isinstance(above, cst.BaseSmallStatement):
                line = module.parent(above)
                alone = isinstance(line, cst.SimpleStatementLine) and len(line.body) == 1
                if isinstance(above, cst.AugAssign):
                    fixed = not self._computed.order_matters(above.target)
                    return alone and fixed and isinstance(above.target, cst.Name)
                simple = (cst.Assign, cst.AnnAssign, cst.Expr, cst.Return)
                return alone and isinstance(above, simple)
            if isinstance(above, _ONCE):
                before = above.children[: above.children.index(child)]
                if isinstance(above, cst.Call) and isinstance(child, cst.Arg):
                    before = [above.func, *above.args[: above.args.index(child)]]
                if any(self._matters(node) for node in before if not self._goes(node, above)):
                    return False
            elif not isinstance(above, _PASSING):
                return False
            child = above
        return False

    def _matters(self, node: cst.CSTNode) -> bool:
        made = node.value if isinstance(node, (cst.Element, cst.Arg)) else node
        if isinstance(made, cst.Call) and self._makes_keras(made):
            return False
        return not self._computed.pure(node) or self._computed.order_matters(_called(node))

    def _makes_keras(self, call: cst.Call) -> bool:
        """Whether a call makes one of Keras' own callbacks of literals, which nothing else sees."""
        names = self._module.names(call.func)
        return (
            bool(names)
            and all(_OF_KERAS.fullmatch(name) for name in names)
            and all(not arg.star and literal(arg.value) is not UNKNOWN for arg in call.args)
            and not _REPLACES.search(self._module.code)
        )

    def _goes(self, node: cst.CSTNode, display: cst.CSTNode) -> bool:
        """Whether an element is a construction that is left out; a comment keeps it."""
        gone = isinstance(node, cst.Element) and node.value in self._gone
        return gone and "#" not in self._module.text(display)


_ONCE = (cst.Call, cst.List, cst.Tuple, cst.Set, cst.Dict, cst.BinaryOperation)
_OF_KERAS = re.compile(r"(?:tf_keras|(?:tensorflow\.)?(?:python\.)?keras)\.callbacks\.[A-Z]\w*")
# what may put something else in the place of a class of Keras' or of its methods
_REPLACES = re.compile(r"patch|\bsetattr\b|__\s*=[^=]|\.\s*[A-Z]\w*\s*=[^=]")
_PASSING = (cst.Arg, cst.Attribute, cst.Element, cst.StarredElement, cst.DictElement)


def _called(node: cst.CSTNode) -> cst.CSTNode:
    """Take a method that is looked up before its arguments for a name."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return node


def several_meanings(module: Module, reference: Reference) -> Note:
    """Say that a name is the legacy class only on some ways through the program."""
    message = f"{module.text(reference.node)} is the legacy callback only on some ways"
    return Note("WKM409", message, "Import it in one way only.")


def _below(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for child in node.children:
        yield child
        yield from _below(child)
