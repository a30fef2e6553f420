"""Follow one construction through a module, from use to use, and note what takes what."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field, replace
from typing import Callable, Collection

import libcst as cst
from libcst.metadata import ClassScope, GlobalScope, Scope

from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Callee, Holders
from wandb_keras_codemods.find.names import Target, is_read
from wandb_keras_codemods.find.module import Function, Module
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.refusal import Refusal
from wandb_keras_codemods.find.strings import string

# Layers: a list, tuple, set or iterator is SEQUENCE; one place of a tuple "at:1"; the value of a
# key of a dictionary "map:key", of any key "map:".
SEQUENCE = "sequence"
Layers = tuple[str, ...]  # containers around the callback, from the outside in
_DEPTH = 4
_KEEP_PLACES = (
    cst.Assign, cst.Subscript, cst.Return, cst.IfExp, cst.ListComp, cst.GeneratorExp, cst.Element,
    cst.DictElement, cst.Yield, cst.Lambda, cst.NamedExpr, cst.AnnAssign,
)  # fmt: skip


@dataclass(eq=False)
class Slot:
    """One place that changes when constructions of a group become several callbacks.

    Args:
        node: The construction itself, or a use (name, attribute, call) that now holds a list.
            It may stand in a branch of a conditional expression; what changes is then the
            outermost conditional, whose other branches become lists, too.
        kind: ``"element"``, ``"value"``, ``"append"``, ``"insert"``, ``"holder"``, ``"nothing"``.
        owner: The display, ``Arg`` or ``Call`` it stands in.
    """

    node: cst.BaseExpression
    kind: str
    owner: cst.CSTNode | None = None


@dataclass(frozen=True)
class Carrier:
    """An expression whose value is, or contains, the callback.

    Args:
        node: The expression.
        layers: The containers around the callback.
        listed: Whether a list stands in the callback's place when it becomes several; if not,
            its innermost container grows.
        source: The construction or use that this value is; it lies inside conditionals.
    """

    node: cst.BaseExpression
    layers: Layers
    listed: bool
    source: cst.BaseExpression

    @property
    def grows(self) -> bool:
        """Whether the value is a container that gets longer."""
        return len(self.layers) == 1 and self.layers[0][:3] != "map" and not self.listed


@dataclass(eq=False)
class Findings:
    """What a walk found."""

    several: Refusal | None = None
    one: Refusal | None = None
    slots: list[Slot] = field(default_factory=list)
    fits: dict[cst.Call, bool] = field(default_factory=dict)  # whether they can only be Keras'
    by_hand: bool = False


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
        self.call = call
        self.found = Findings()
        self._uses = uses
        self._todo: deque[Carrier] = deque()
        self._seen: set[object] = set()
        self.nested = False  # whether an object that lies in a container gets the callback
        self.stores: list[tuple[Carrier, cst.BaseExpression | None, Layers]] = []

    def run(self) -> Findings:
        """Follow the construction to the end."""
        self.follow(self.call, (), True)
        while not (self.found.several and self.found.one):
            if not self._todo:
                if not self.nested or not self.stores:
                    break
                self._look_into(*self.stores.pop())
                continue
            carrier = self._todo.popleft()
            parent = self.module.parent(carrier.node)
            if carrier.layers[:1] and carrier.layers[0].startswith("at:"):
                if not isinstance(parent, _KEEP_PLACES):
                    carrier = replace(carrier, layers=(SEQUENCE, *carrier.layers[1:]))
            use = self._uses.get(type(parent))
            try:
                if use is None:
                    self.refuse(carrier, "it stands where one callback fits")
                else:
                    use(self, carrier, parent)
            except Unseen as reason:
                self.refuse(carrier, str(reason))
        return self.found

    def _look_into(
        self, carrier: Carrier, value: cst.BaseExpression | None, layers: Layers
    ) -> None:
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
        if isinstance(home, GlobalScope) and not self._under_main(name, home):
            if self.project.reads_name(self.module.filename, name):
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

    def _under_main(self, name: str, home: Scope) -> bool:
        """Whether a name is bound only where the file runs as a program."""
        for node in self.holders.occurrences(home, name):
            if self.holders.binding(node) is None:
                continue
            if not self._main_block(node):
                return False
        return True

    def _main_block(self, node: cst.CSTNode) -> bool:
        below = node
        for above in self.module.around(node):
            if is_main(above) and isinstance(above, cst.If) and above.body is below:
                return True
            below = above
        return False

    def _augmented(self, statement: cst.AugAssign, carrier: Carrier, layers: Layers) -> None:
        if not layers or not isinstance(statement.operator, cst.AddAssign):
            self.refuse(carrier, "it is changed in place")

    # attributes

    def into_attribute(self, node: cst.Attribute, carrier: Carrier, layers: Layers) -> None:
        """Go on with each use of an attribute's name."""
        owner = self.holders.receiver_class(node.value)
        if owner is None:
            self.refuse(carrier, "it becomes an attribute of an object that is not known")
            return
        reason = self.open_class(owner)
        if reason is not None:
            self.refuse(carrier, f"it becomes an attribute, and {reason}")
            return
        self.attribute(node.attr.value, carrier, layers)

    def open_class(self, owner: cst.ClassDef) -> str | None:
        """Return why attributes of a class may be used unseen; None when they are not."""
        if self.project.derives(self.module.filename, owner.name.value):
            return f"other files derive from {owner.name.value}"
        return self.holders.open_class(owner)

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
            if isinstance(self.holders.home(node), ClassScope):
                raise Unseen(f"{name} is an attribute of a class")
        read = False
        for attribute in self.holders.words.attributes[name]:
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
        calls = self.calls_of(function)
        if not calls and not layers:
            self.not_several(carrier, "the function that returns it is not called here")
        for call in calls:
            self.follow(call, layers, carrier.listed)

    def calls_of(self, function: Function) -> list[cst.Call]:
        """Return every call of a function.

        Raises:
            Unseen: It may be called elsewhere.
        """
        if isinstance(function, cst.Lambda):
            return self._calls_of_lambda(function)
        if function.asynchronous is not None:
            raise Unseen(f"{function.name.value}() is awaited")
        name = function.name
        home = self.holders.home(name)
        if isinstance(home, ClassScope):
            return self._calls_of_method(function)
        if function.decorators:
            raise Unseen(f"{name.value}() is decorated")
        return self._calls_of_name(home, name.value)

    def _calls_of_name(self, home: Scope, name: str) -> list[cst.Call]:
        bound = self.holders.bindings(home, name)
        if len(bound) != 1:
            raise Unseen(f"{name} is bound in other ways, too")
        if isinstance(home, GlobalScope) and not self._under_main(name, home):
            if self.project.reads_name(self.module.filename, name):
                raise Unseen(f"other files may call {name}()")
        nodes = self.holders.occurrences(home, name)
        return self._all_called(name, [node for node in nodes if is_read(self.module, node)])

    def _calls_of_lambda(self, function: cst.Lambda) -> list[cst.Call]:
        parent = self.module.parent(function)
        if isinstance(parent, cst.Call) and parent.func is function:
            return [parent]
        if isinstance(parent, cst.AssignTarget) or not isinstance(parent, cst.Assign):
            raise Unseen("a lambda returns it")
        if len(parent.targets) != 1 or not isinstance(parent.targets[0].target, cst.Name):
            raise Unseen("a lambda returns it")
        name = parent.targets[0].target
        home = self.holders.home(name)
        if isinstance(home, ClassScope):
            raise Unseen("a lambda returns it")
        return self._calls_of_name(home, name.value)

    def _calls_of_method(self, function: cst.FunctionDef) -> list[cst.Call]:
        name = function.name.value
        owner = self.holders.class_around(function)
        assert owner is not None
        reason = self.open_class(owner)
        if reason is not None:
            raise Unseen(f"the method {name}() may be called unseen: {reason}")
        if self.holders.methods_named(name) is None:
            raise Unseen(f"the method {name}() is decorated")
        if name.startswith("__") and name.endswith("__") and name != "__init__":
            raise Unseen(f"{name}() is called by Python")
        if self.project.reads_attribute(self.module.filename, name):
            raise Unseen(f"other files may call the method {name}()")
        self.holders.check_attribute(name)
        home = self.holders.home(function.name)
        nodes = self.holders.occurrences(home, name)  # in the class's own body
        read = [node for node in nodes if is_read(self.module, node)]
        return self._all_called(name, [*read, *self.holders.words.attributes[name]])

    def _all_called(self, name: str, nodes: list[Target]) -> list[cst.Call]:
        calls = []
        for node in nodes:
            parent = self.module.parent(node)
            if not isinstance(parent, cst.Call) or parent.func is not node:
                raise Unseen(f"{name} is passed on")
            calls.append(parent)
        return calls

    def into_parameter(
        self, callees: Collection[Callee], arg: cst.Arg, call: cst.Call, carrier: Carrier
    ) -> None:
        """Go on with the parameter that an argument fills."""
        for callee in callees:
            self._parameter(callee, arg, call, carrier, carrier.layers)

    def _parameter(
        self, callee: Callee, arg: cst.Arg, call: cst.Call, carrier: Carrier, layers: Layers
    ) -> None:
        parameters = callee.function.params
        word = None if arg.keyword is None else arg.keyword.value
        if arg.star == "**":
            if not layers or not layers[0].startswith("map:") or layers[0] == "map:":
                self.refuse(carrier, "it is splatted into a call")
                return
            word, layers = layers[0][len("map:") :], layers[1:]
        elif arg.star:
            self.refuse(carrier, "it is splatted into a call")
            return
        param: cst.Param | None
        if word is not None:
            param = named_parameter(parameters, word)
            if param is None and isinstance(parameters.star_kwarg, cst.Param):
                param, layers = parameters.star_kwarg, (f"map:{word}", *layers)
        else:
            index = call.args.index(arg)
            if any(other.star for other in call.args[:index]):
                self.refuse(carrier, "arguments before it are splatted")
                return
            param = positional_parameter(parameters, index + callee.skip)
        if param is None:
            self.refuse(carrier, "no parameter of the function takes it")
            return
        self.hold(carrier, arg)
        scope = self.module.scope(param.name)
        assert scope is not None
        self.name(scope, param.name.value, carrier, layers)

    # containers that get it from elsewhere

    def contain(self, node: cst.BaseExpression, carrier: Carrier, layers: Layers) -> None:
        """Go on with an object that now contains the callback: where it comes from, all it is."""
        key = ("contain", node, layers, carrier.listed)
        if key in self._seen:
            return
        self._seen.add(key)
        go_on = _Origins(self, carrier, layers)
        go_on.visit(node)


class _Origins:
    """Where an object that gets the callback comes from: it is the same object there."""

    def __init__(self, walk: Walk, carrier: Carrier, layers: Layers) -> None:
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
            walk.into(node.target, carrier, layers)
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
                elif string(item.key) in (None, layers[0][len("map:") :]):
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
        self._same(*arguments_for(self.walk, function, param))

    def _attribute(self, node: cst.Attribute) -> None:
        walk = self.walk
        text = walk.module.text(node)
        owner = self.holders.receiver_class(node.value)
        if owner is None or self.holders.open_class(owner) is not None:
            raise Unseen(f"{text} is not known")
        walk.attribute(node.attr.value, self.carrier, self.layers)
        stored = False
        for attribute in self.holders.words.attributes[node.attr.value]:
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
            if (name == "dict") is self.layers[0].startswith("map:"):
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


def arguments_for(walk: Walk, function: Function, param: cst.Param) -> list[cst.BaseExpression]:
    """Return what every call gives for a parameter; a call may leave a default.

    Raises:
        Unseen: A call is not seen, or its arguments are not plain.
    """
    skip = 0
    if isinstance(function, cst.FunctionDef) and isinstance(
        walk.holders.home(function.name), ClassScope
    ):
        raise Unseen(f"{param.name.value} is a parameter of a method")
    found = []
    calls = walk.calls_of(function)
    if not calls:
        raise Unseen(f"who gives {param.name.value} is not seen")
    for call in calls:
        if any(arg.star for arg in call.args):
            raise Unseen(f"a call splats its arguments into {param.name.value}")
        for index, arg in enumerate(call.args):
            if arg.keyword is not None:
                fills = arg.keyword.value == param.name.value
            else:
                fills = positional_parameter(function.params, index + skip) is param
            if fills:
                found.append(arg.value)
    return found


def item_layer(node: cst.Subscript) -> str | None:
    """Return the layer that an index opens; ``"slice"`` for a part; None when not known."""
    if len(node.slice) != 1:
        return None
    index = node.slice[0].slice
    if isinstance(index, cst.Slice):
        return "slice"
    assert isinstance(index, cst.Index)
    text = text_of(index.value)
    if text is not None:
        return f"map:{text}"
    value = index.value
    if isinstance(value, cst.UnaryOperation) and isinstance(value.operator, cst.Minus):
        value = value.expression
    return SEQUENCE if isinstance(value, cst.Integer) else None


def text_of(node: cst.BaseExpression) -> str | None:
    """Return the value of a plain string literal."""
    return string(node) if isinstance(node, cst.SimpleString) else None


def named_parameter(parameters: cst.Parameters, name: str) -> cst.Param | None:
    """Return the parameter that a keyword fills."""
    for param in (*parameters.params, *parameters.kwonly_params):
        if param.name.value == name:
            return param
    return None


def positional_parameter(parameters: cst.Parameters, index: int) -> cst.Param | None:
    """Return the parameter at a position."""
    order = (*parameters.posonly_params, *parameters.params)
    return order[index] if index < len(order) else None


def is_main(node: cst.CSTNode) -> bool:
    """Whether a node is ``if __name__ == "__main__":``."""
    if not isinstance(node, cst.If) or not isinstance(node.test, cst.Comparison):
        return False
    test = node.test
    if len(test.comparisons) != 1 or not isinstance(test.comparisons[0].operator, cst.Equal):
        return False
    left, right = test.left, test.comparisons[0].comparator
    if isinstance(right, cst.Name):
        left, right = right, left
    return isinstance(left, cst.Name) and left.value == "__name__" and text_of(right) == "__main__"
