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
    item_layer,
)
from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Callee, Holders
from wandb_keras_codemods.find.module import Function, Module
from wandb_keras_codemods.find.names import is_read
from wandb_keras_codemods.find.narrowing import is_let_through
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.refusal import Refusal
from wandb_keras_codemods.find.sources import Sources

_DEPTH = 4
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
        call: The construction.
        uses: What to do at each kind of parent.
    """

    def __init__(
        self,
        holders: Holders,
        project: Project,
        call: cst.Call,
        uses: dict[type[cst.CSTNode], Use],
    ) -> None:
        self.holders = holders
        self.module: Module = holders.module
        self.project = project
        self.callers = Callers(holders, project)
        self.call = call
        self.found = Findings()
        self._uses = uses
        self._todo: deque[Carrier] = deque()
        self._seen: set[object] = set()
        self._objects: deque[tuple[cst.BaseExpression, Carrier, Layers]] = deque()
        self.nested = False  # whether an object that lies in a container gets the callback
        self.stores: list[tuple[Carrier, cst.BaseExpression | None, Layers]] = []

    def run(self) -> Findings:
        """Follow the construction to the end."""
        self.follow(self.call, (), True)
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

    def into(self, target: cst.BaseExpression, carrier: Carrier, layers: Layers) -> None:
        """Go on with what a value is bound to."""
        if isinstance(target, cst.Name):
            self.into_name(target, carrier, layers)
        elif isinstance(target, cst.Attribute):
            self.into_attribute(target, carrier, layers)
        elif isinstance(target, (cst.Tuple, cst.List)):
            self._unpack(target, carrier, layers)
        elif isinstance(target, cst.Subscript):
            self._store_item(target, carrier, layers)
        else:
            self.refuse(carrier, "it is bound in a way that is not followed")

    def _unpack(self, target: cst.Tuple | cst.List, carrier: Carrier, layers: Layers) -> None:
        carrier = replace(carrier, layers=layers)
        if layers and layers[0].startswith("at:"):
            if carrier.grows:
                self.not_several(carrier, "it is unpacked, so the number of elements matters")
                carrier = replace(carrier, listed=False)
            place = int(layers[0][len("at:") :])
            before = target.elements[: place + 1]
            if not any(isinstance(element, cst.StarredElement) for element in before):
                if len(before) > place:
                    self.into(before[place].value, carrier, layers[1:])
                return
            layers = (SEQUENCE, *layers[1:])
        if not layers or layers[0] != SEQUENCE:
            self.refuse(carrier, "it is unpacked")
            return
        listed = carrier.listed
        if len(layers) == 1:
            self.not_several(carrier, "it is unpacked, so the number of elements matters")
            listed = False
        inner = Carrier(carrier.node, layers[1:], listed, carrier.source)
        for element in target.elements:
            if isinstance(element, cst.StarredElement):
                self.into(element.value, inner, layers)
            else:
                self.into(element.value, inner, layers[1:])

    def _store_item(self, target: cst.Subscript, carrier: Carrier, layers: Layers) -> None:
        key = item_layer(target)
        if key is None:
            self.refuse(carrier, "it is stored under an index that is not known")
            return
        if key == "slice":
            if not layers or layers[0] != SEQUENCE:
                self.refuse(carrier, "it is assigned to a slice")
                return
            self.not_several(carrier, "it is assigned to a slice")
            self.contain(target.value, carrier, layers)
            return
        if not layers and key == SEQUENCE:
            self.not_several(carrier, "it is assigned to one item")
        self.hold(carrier, target)
        self.contain(target.value, carrier, (key, *layers))

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
            self.refuse(carrier, f"other files may read {name}")
            return
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
        calls = self.callers.calls_of(function)
        if not calls and not layers:
            self.not_several(carrier, "the function that returns it is not called here")
        for call in calls:
            self.follow(call, layers, carrier.listed)

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
