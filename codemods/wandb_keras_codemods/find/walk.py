"""Follow one construction through a module, from use to use, and note what takes what."""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import Callable, Collection

import libcst as cst
from libcst.metadata import ClassScope, GlobalScope, Scope

from wandb_keras_codemods.find.callers import Callers, parameter_for
from wandb_keras_codemods.find.carriers import (
    SEQUENCE,
    Carrier,
    Findings,
    Layers,
    Slot,
)
from wandb_keras_codemods.find.elsewhere import places
from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Callee, Holders
from wandb_keras_codemods.find.module import Function, Module
from wandb_keras_codemods.find.names import is_read
from wandb_keras_codemods.find.narrowing import is_let_through
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.refusal import Refusal
from wandb_keras_codemods.find.sources import Sources

_DEPTH = 4
_FILES = 4
_KEEP_PLACES = (
    cst.Assign, cst.Subscript, cst.Return, cst.IfExp, cst.ListComp, cst.GeneratorExp, cst.Element,
    cst.DictElement, cst.Yield, cst.Lambda, cst.NamedExpr, cst.AnnAssign,
)  # fmt: skip

Use = Callable[["Walk", Carrier, cst.CSTNode], None]


class Walk:
    """The way of one construction.

    Args:
        holders: Who binds and reads what.
        project: What other files read.
        call: The construction, or where another file reads what has it.
        uses: What to do at each kind of parent.
        layers: The containers around the callback there.
        listed: Whether a place that changes is noted already, or must be.
        files: How many files it has come through.
    """

    def __init__(
        self,
        holders: Holders,
        project: Project,
        call: cst.BaseExpression,
        uses: dict[type[cst.CSTNode], Use],
        layers: Layers = (),
        listed: bool = True,
        files: int = 1,
    ) -> None:
        self.holders = holders
        self.module: Module = holders.module
        self.project = project
        self.callers = Callers(holders, project)
        self.call = call
        self.found = Findings()
        self._uses = uses
        self._start = layers, listed
        self._files = files
        self._todo: deque[Carrier] = deque()
        self._seen: set[object] = set()
        self._objects: deque[tuple[cst.BaseExpression, Carrier, Layers]] = deque()
        self.nested = False  # whether an object that lies in a container gets the callback
        self.stores: list[tuple[Carrier, cst.BaseExpression | None, Layers]] = []

    def run(self) -> Findings:
        """Follow the construction to the end."""
        self.follow(self.call, *self._start)
        while not (self.found.several and self.found.one):
            if self._todo:
                self._go_on(self._todo.popleft())
            elif self._objects:
                self._look_into(*self._objects.popleft())
            elif self.nested and self.stores:
                self._store(*self.stores.pop())
            else:
                break
        return self.found

    def _go_on(self, carrier: Carrier) -> None:
        if not carrier.layers and not is_let_through(self.holders, carrier.node):
            return
        parent = self.module.parent(carrier.node)
        place = bool(carrier.layers) and carrier.layers[0].startswith("at:")
        if place and not isinstance(parent, _KEEP_PLACES):
            carrier = replace(carrier, layers=(SEQUENCE, *carrier.layers[1:]))
        use = self._uses.get(type(parent))
        try:
            if use is None:
                self.refuse(carrier, "it stands where one callback fits")
            else:
                use(self, carrier, parent)
        except Unseen as reason:
            self.refuse(carrier, str(reason))

    def _look_into(self, node: cst.BaseExpression, carrier: Carrier, layers: Layers) -> None:
        try:
            Sources(self, carrier, layers).visit(node)
        except Unseen as reason:
            self.refuse(carrier, str(reason))

    def _store(self, carrier: Carrier, value: cst.BaseExpression | None, layers: Layers) -> None:
        """Go on with what is stored in a container in which an object gets the callback."""
        try:
            if value is None:
                raise Unseen("what it lies in is changed")
            self.contain(value, carrier, layers)
        except Unseen as reason:
            self.refuse(carrier, str(reason))

    # what a use says

    def follow(
        self,
        node: cst.BaseExpression,
        layers: Layers,
        listed: bool,
        source: cst.BaseExpression | None = None,
    ) -> None:
        """Go on with an expression that has the callback."""
        carrier = Carrier(node, layers[:_DEPTH], listed, source or node)
        if len(layers) > _DEPTH:
            # what is forbidden for a container is forbidden for the callback itself, too
            self.not_several(carrier, "it lies in too many containers")
        key = (node, carrier.layers, listed)
        if key not in self._seen:
            self._seen.add(key)
            self._todo.append(carrier)

    def refuse(self, carrier: Carrier, why: str, *, several: bool = True, one: bool = True) -> None:
        """Say that a use does not take several callbacks, or not even another one."""
        used = carrier.source is not self.call
        text = self.module.text(carrier.source)
        refusal = Refusal(
            "WKM408" if used else "WKM407",
            f"{text if used else 'the callback'}: {why}",
            "Put the callbacks into a list and splat it where it is used.",
        )
        if several and self.found.several is None:
            self.found.several = refusal
        if one and self.found.one is None:
            self.found.one = refusal

    def not_several(self, carrier: Carrier, why: str) -> None:
        """Say that a use takes one other callback, but not several."""
        self.refuse(carrier, why, one=False)

    def slot(self, kind: str, carrier: Carrier, owner: cst.CSTNode | None) -> None:
        """Note a place that changes."""
        self.found.slots.append(Slot(carrier.source, kind, owner))

    def hold(self, carrier: Carrier, owner: cst.CSTNode) -> None:
        """Note that a construction stands where it is handed on as it is."""
        if carrier.source is self.call and carrier.layers == ():
            self.slot("holder", carrier, owner)

    # names

    def into_name(self, name: cst.Name, carrier: Carrier, layers: Layers) -> None:
        """Go on with each use of a name."""
        home = self.holders.home(name)
        self.name(home, name.value, carrier, layers)

    def name(self, home: Scope, name: str, carrier: Carrier, layers: Layers) -> None:
        """Go on with each use of a name of a scope."""
        key = (home, name, layers, carrier.listed)
        if key in self._seen:
            return
        self._seen.add(key)
        if isinstance(home, ClassScope):
            self.refuse(carrier, f"{name} is an attribute of a class")
            return
        if self.callers.others_read(home, name):
            if not self.callers.follows(home, name):
                self.refuse(carrier, f"other files may read {name}")
                return
            self._elsewhere(name, carrier, layers, called=False)
        read = False
        for node in self.holders.occurrences(home, name):
            parent = self.module.parent(node)
            if isinstance(parent, cst.AugAssign) and parent.target is node:
                self._augmented(parent, carrier, layers)
            elif is_read(self.module, node):
                read = True
                self.follow(node, layers, carrier.listed)
        if not read and not layers and isinstance(home, GlobalScope):
            self.not_several(carrier, f"{name} is not read here; who reads it may expect one")

    def _augmented(self, statement: cst.AugAssign, carrier: Carrier, layers: Layers) -> None:
        if not layers or not isinstance(statement.operator, cst.AddAssign):
            self.refuse(carrier, "it is changed in place")
        elif len(layers) > 1:
            self.stores.append((carrier, statement.value, layers))

    # attributes

    def into_attribute(self, node: cst.Attribute, carrier: Carrier, layers: Layers) -> None:
        """Go on with each use of an attribute's name."""
        owner = self.holders.receiver_class(node.value)
        if owner is None:
            self.refuse(carrier, "it becomes an attribute of an object that is not known")
            return
        reason = self.callers.open_class(owner)
        if reason is not None:
            self.refuse(carrier, f"it becomes an attribute, and {reason}")
            return
        self.attribute(self.holders.words.attribute(node.attr.value), carrier, layers)

    def attribute(self, name: str, carrier: Carrier, layers: Layers) -> None:
        """Go on with each use of an attribute."""
        key = ("attribute", name, layers, carrier.listed)
        if key in self._seen:
            return
        self._seen.add(key)
        if self.project.reads_attribute(self.module.filename, name):
            self.refuse(carrier, f"other files may read the attribute {name}")
            return
        self.holders.check_attribute(name)
        for node in self.holders.words.names[name]:
            inside = isinstance(self.holders.home(node), ClassScope)
            if inside and not self.holders.only_typed(node):
                raise Unseen(f"{name} is an attribute of a class")
        read = False
        for attribute in self.holders.members(name):
            parent = self.module.parent(attribute)
            if isinstance(parent, cst.AugAssign) and parent.target is attribute:
                self._augmented(parent, carrier, layers)
            elif is_read(self.module, attribute):
                read = True
                self.follow(attribute, layers, carrier.listed)
        if not read and not layers:
            self.not_several(carrier, f"the attribute {name} is not read here")

    # functions

    def returned(self, function: Function, carrier: Carrier, layers: Layers) -> None:
        """Go on with each call of a function."""
        key = ("function", function, layers, carrier.listed)
        if key in self._seen:
            return
        self._seen.add(key)
        elsewhere = isinstance(function, cst.FunctionDef) and self._others_call(function)
        calls = self.callers.calls_of(function, elsewhere=elsewhere)
        if elsewhere:
            assert isinstance(function, cst.FunctionDef)
            self._elsewhere(function.name.value, carrier, layers, called=True)
        elif not calls and not layers:
            self.not_several(carrier, "the function that returns it is not called here")
        for call in calls:
            self.follow(call, layers, carrier.listed)

    def _others_call(self, function: cst.FunctionDef) -> bool:
        home, name = self.holders.home(function.name), function.name.value
        return self.callers.others_read(home, name) and self.callers.follows(home, name)

    def _elsewhere(self, name: str, carrier: Carrier, layers: Layers, *, called: bool) -> None:
        """Go on in the other files that read a name: nothing changes there."""
        if self._files > _FILES:
            raise Unseen("it goes through too many files")
        for place in places(self.project, self.module.filename, name, called=called):
            way = self._uses, layers, carrier.listed, self._files + 1
            walk = Walk(place.holders, place.project, place.node, *way)
            found = walk.run()
            line = walk.module.position(place.node).start.line
            where = f"in {place.path}, line {line}"
            for refusal, one in ((found.several, False), (found.one, True)):
                if refusal is not None:
                    self.refuse(carrier, f"{where}, {refusal.message}", several=not one, one=one)
            if found.slots:
                self.not_several(carrier, f"{where}, it is taken out of its list")
            self.found.elsewhere.update({**found.fits, **found.elsewhere})
            self.found.by_hand |= found.by_hand

    def into_parameter(
        self, callees: Collection[Callee], arg: cst.Arg, call: cst.Call, carrier: Carrier
    ) -> None:
        """Go on with the parameter that an argument fills."""
        for callee in callees:
            self._parameter(callee, arg, call, carrier, carrier.layers)

    def _parameter(
        self, callee: Callee, arg: cst.Arg, call: cst.Call, carrier: Carrier, layers: Layers
    ) -> None:
        param, layers = parameter_for(callee, arg, call, layers)
        self.hold(carrier, arg)
        scope = self.module.scope(param.name)
        assert scope is not None
        self.name(scope, param.name.value, carrier, layers)

    # containers that get it from elsewhere

    def contain(self, node: cst.BaseExpression, carrier: Carrier, layers: Layers) -> None:
        """Go on with an object that now contains the callback: where it comes from, all it is.

        Raises:
            Unseen: It lies too deep.
        """
        if len(layers) > _DEPTH:
            raise Unseen("it lies in too many containers")
        key = ("contain", node, layers, carrier.listed)
        if key not in self._seen:
            self._seen.add(key)
            self._objects.append((node, carrier, layers))
