"""Where an object that gets the callback comes from: it is the same object there."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import Scope

from wandb_keras_codemods.find.carriers import Carrier, Layers, item_layer
from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.module import Function
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.targets import into
from wandb_keras_codemods.find.way import Way


class Sources:
    """Goes on with all that an object is known as, beginning at where it is changed.

    Args:
        walk: The way of a construction.
        carrier: The expression through which the object got it.
        layers: The containers, the object being the outermost.
    """

    def __init__(self, walk: Way, carrier: Carrier, layers: Layers) -> None:
        self.walk = walk
        self.holders = walk.holders
        self.carrier = carrier
        self.layers = layers

    def visit(self, node: cst.BaseExpression) -> None:
        """Go on with all that an expression's value is known as."""
        walk, carrier, layers = self.walk, self.carrier, self.layers
        if isinstance(node, cst.Name):
            self._name(node)
        elif isinstance(node, cst.Attribute):
            self._attribute(node)
        elif isinstance(node, cst.Subscript):
            self._item(node)
        elif isinstance(node, cst.Call):
            self._call(node)
        elif isinstance(node, cst.IfExp):
            self._same(node.body, node.orelse)
        elif isinstance(node, cst.BooleanOperation):
            self._same(node.left, node.right)
        elif isinstance(node, cst.NamedExpr):
            into(walk, node.target, carrier, layers)
            self._same(node.value)
        elif isinstance(node, (cst.List, cst.Set, cst.Tuple)):
            if not isinstance(node, cst.List):
                walk.not_several(carrier, "it is put into what is no list")
            walk.follow(node, layers, carrier.listed)
            for element in node.elements:
                starred = isinstance(element, cst.StarredElement)
                self._inside(element.value, layers if starred else layers[1:])
        elif isinstance(node, cst.Dict) and layers[0].startswith("map:"):
            walk.follow(node, layers, carrier.listed)
            for item in node.elements:
                if isinstance(item, cst.StarredDictElement):
                    self._inside(item.value, layers)
                elif isinstance(item, cst.DictElement) and string(item.key) in (
                    None,
                    layers[0][len("map:") :],
                ):
                    self._inside(item.value, layers[1:])
        elif isinstance(node, cst.ListComp) and len(layers) == 1:
            walk.follow(node, layers, carrier.listed)
        elif isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
            walk.follow(node, layers, carrier.listed)
            self._inside(node.left, layers)
            self._inside(node.right, layers)
        else:
            raise Unseen("it is put into an object that is not known")

    def _same(self, *nodes: cst.BaseExpression) -> None:
        for node in nodes:
            self.walk.contain(node, self.carrier, self.layers)

    def _inside(self, node: cst.BaseExpression, layers: Layers) -> None:
        """Go on with an object inside a container: it is another one only when it is the inmost.

        A container that is copied or built anew has the old objects in it.
        """
        if len(self.layers) > 1:
            self.walk.contain(node, self.carrier, layers)

    def _name(self, node: cst.Name) -> None:
        walk = self.walk
        if node.value == "None":
            return
        home = self.holders.home(node)
        bound = self.holders.bindings(home, node.value)
        walk.name(home, node.value, self.carrier, self.layers)
        if not bound:
            raise Unseen(f"{node.value} is not bound here")
        for binding in bound:
            if binding.kind == "value":
                assert isinstance(binding.node, cst.BaseExpression)
                self._same(binding.node)
            elif binding.kind == "parameter":
                assert isinstance(binding.node, cst.Param)
                self._parameter(binding.node)
            elif binding.kind != "augmented":  # that changes the object it has
                raise Unseen(f"{node.value} is bound in a way that is not followed")
        self._check_added(home, node.value)

    def _check_added(self, home: Scope, name: str) -> None:
        """See what ``+=`` puts into a container of containers."""
        for node in self.holders.occurrences(home, name):
            parent = self.walk.module.parent(node)
            if isinstance(parent, cst.AugAssign) and parent.target is node:
                self._inside(parent.value, self.layers)

    def _parameter(self, param: cst.Param) -> None:
        module = self.walk.module
        parameters = module.parent(param)
        function = module.parent(parameters)
        if not isinstance(parameters, cst.Parameters) or param in (
            parameters.star_arg,
            parameters.star_kwarg,
        ):
            raise Unseen(f"{param.name.value} is a parameter that collects arguments")
        assert isinstance(function, (cst.FunctionDef, cst.Lambda))
        if param.default is not None:
            self._same(param.default)
        self._same(*self.walk.callers.arguments_for(function, param))

    def _attribute(self, node: cst.Attribute) -> None:
        walk = self.walk
        text = walk.module.text(node)
        owner = self.holders.receiver_class(node.value)
        if owner is None or self.holders.open_class(owner) is not None:
            raise Unseen(f"{text} is not known")
        walk.attribute(node.attr.value, self.carrier, self.layers)
        stored = False
        for attribute in self.holders.members(node.attr.value):
            binding = self.holders.binding(attribute)
            if binding is None:
                continue
            if binding.kind == "augmented":
                if len(self.layers) > 1:
                    raise Unseen(f"{text} is added to")
                continue
            if binding.kind != "value" or not isinstance(binding.node, cst.BaseExpression):
                raise Unseen(f"{text} is bound in other ways, too")
            stored = True
            self._same(binding.node)
        if not stored:
            raise Unseen(f"{text} is not bound here")

    def _item(self, node: cst.Subscript) -> None:
        key = item_layer(node)
        if key is None:
            raise Unseen(f"{self.walk.module.text(node)} is not known")
        if key == "slice":
            self.walk.follow(node, self.layers, self.carrier.listed)
            self._inside(node.value, self.layers)
            return
        self.walk.nested = True
        self.walk.contain(node.value, self.carrier, (key, *self.layers))

    def _call(self, node: cst.Call) -> None:
        walk = self.walk
        function = node.func
        name = function.value if isinstance(function, cst.Name) else ""
        if name in ("list", "dict") and walk.module.names(function) == {f"builtins.{name}"}:
            if (name == "dict") is not self.layers[0].startswith("map:"):
                raise Unseen(f"what {name}() gives is not known")
            walk.follow(node, self.layers, self.carrier.listed)
            for arg in node.args:
                if arg.keyword is None:
                    self._inside(arg.value, self.layers)
                elif f"map:{arg.keyword.value}" == self.layers[0]:
                    self._inside(arg.value, self.layers[1:])
            return
        if isinstance(function, cst.Attribute) and not self.holders.callees(node):
            if function.attr.value == "copy" and not node.args:
                walk.follow(node, self.layers, self.carrier.listed)
                self._inside(function.value, self.layers)
                return
            if function.attr.value in ("get", "setdefault") and len(node.args) in (1, 2):
                key = string(node.args[0].value)
                if key is not None and not any(arg.keyword or arg.star for arg in node.args):
                    walk.nested = True
                    walk.contain(function.value, self.carrier, (f"map:{key}", *self.layers))
                    for arg in node.args[1:]:
                        self._same(arg.value)
                    return
        callees = self.holders.callees(node)
        if not callees:
            raise Unseen(f"what {walk.module.text(function)}() gives is not known")
        for callee in callees:
            self._returns(callee.function)

    def _returns(self, function: Function) -> None:
        walk = self.walk
        walk.returned(function, self.carrier, self.layers)
        if isinstance(function, cst.Lambda):
            self._same(function.body)
            return
        if self.holders.words.yields[function]:
            raise Unseen(f"{function.name.value}() is a generator")
        for statement in self.holders.words.returns[function]:
            if statement.value is not None:
                self._same(statement.value)
