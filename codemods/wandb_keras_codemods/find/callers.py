"""Who calls a function, with what, and whether other files may."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import ClassScope, GlobalScope, Scope

from wandb_keras_codemods.find.carriers import Layers
from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Callee, Holders
from wandb_keras_codemods.find.module import Function
from wandb_keras_codemods.find.names import Target, is_read
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.strings import string


class Callers:
    """Answers who may read or call what a module defines.

    Args:
        holders: Who binds and reads what.
        project: What other files read.
    """

    def __init__(self, holders: Holders, project: Project) -> None:
        self.holders = holders
        self.module = holders.module
        self.project = project

    def others_read(self, home: Scope, name: str) -> bool:
        """Whether other files may read a name of a scope."""
        if not isinstance(home, GlobalScope):
            return False
        if self._under_main(name, home):
            return self.project.reads_program(self.module.filename, name)
        return self.project.reads_name(self.module.filename, name)

    def follows(self, home: Scope, name: str) -> bool:
        """Whether the files are known that may read a name of a scope, and are not this one."""
        return self.project.known and not self._under_main(name, home)

    def _under_main(self, name: str, home: Scope) -> bool:
        """Whether a name is bound only where the file runs as a program."""
        known = self.holders.only_main
        if (home, name) not in known:
            known[home, name] = all(
                self._main_block(node)
                for node in self.holders.occurrences(home, name)
                if self.holders.binding(node) is not None
            )
        return known[home, name]

    def _main_block(self, node: cst.CSTNode) -> bool:
        below = node
        for above in self.module.around(node):
            if is_main(above) and isinstance(above, cst.If) and above.body is below:
                return True
            below = above
        return False

    def open_class(self, owner: cst.ClassDef) -> str | None:
        """Return why attributes of a class may be used unseen; None when they are not."""
        if self.project.derives(self.module.filename, owner.name.value):
            return f"other files derive from {owner.name.value}"
        return self.holders.open_class(owner)

    def calls_of(self, function: Function, *, elsewhere: bool = False) -> list[cst.Call]:
        """Return every call of a function.

        Args:
            function: The function.
            elsewhere: Whether calls in other files are looked for there.

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
        return self._calls_of_name(home, name.value, elsewhere)

    def _calls_of_name(self, home: Scope, name: str, elsewhere: bool = False) -> list[cst.Call]:
        bound = self.holders.bindings(home, name)
        if len(bound) != 1:
            raise Unseen(f"{name} is bound in other ways, too")
        if not elsewhere and self.others_read(home, name):
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
        return self._all_called(name, [*read, *self.holders.members(name)])

    def _all_called(self, name: str, nodes: list[Target]) -> list[cst.Call]:
        calls = []
        for node in nodes:
            parent = self.module.parent(node)
            if not isinstance(parent, cst.Call) or parent.func is not node:
                raise Unseen(f"{name} is passed on")
            calls.append(parent)
        return calls

    def arguments_for(self, function: Function, param: cst.Param) -> list[cst.BaseExpression]:
        """Return what every call gives for a parameter; a call may leave a default.

        Raises:
            Unseen: A call is not seen, or its arguments are not plain.
        """
        skip = 0
        if isinstance(function, cst.FunctionDef) and isinstance(
            self.holders.home(function.name), ClassScope
        ):
            raise Unseen(f"{param.name.value} is a parameter of a method")
        found = []
        calls = self.calls_of(function)
        if not calls:
            raise Unseen(f"who gives {param.name.value} is not seen")
        for call in calls:
            if any(arg.star for arg in call.args):
                raise Unseen(f"a call splats its arguments into {param.name.value}")
            for index, arg in enumerate(call.args):
                if arg.keyword is not None:
                    fills = arg.keyword.value == param.name.value
                else:
                    fills = _positional_parameter(function.params, index + skip) is param
                if fills:
                    found.append(arg.value)
        return found


def parameter_for(
    callee: Callee, arg: cst.Arg, call: cst.Call, layers: Layers
) -> tuple[cst.Param, Layers]:
    """Return the parameter that an argument fills, and the containers around the callback in it.

    Args:
        callee: The function that the call runs.
        arg: The argument.
        call: The call.
        layers: The containers around the callback in the argument.

    Raises:
        Unseen: None does for sure.
    """
    parameters = callee.function.params
    word = None if arg.keyword is None else arg.keyword.value
    if arg.star == "**" and layers and layers[0].startswith("map:") and layers[0] != "map:":
        word, layers = layers[0][len("map:") :], layers[1:]
    elif arg.star:
        raise Unseen("it is splatted into a call")
    param: cst.Param | None
    if word is not None:
        param = _named_parameter(parameters, word)
        if param is None and isinstance(parameters.star_kwarg, cst.Param):
            param, layers = parameters.star_kwarg, (f"map:{word}", *layers)
    else:
        index = call.args.index(arg)
        if any(other.star for other in call.args[:index]):
            raise Unseen("arguments before it are splatted")
        param = _positional_parameter(parameters, index + callee.skip)
    if param is None:
        raise Unseen("no parameter of the function takes it")
    return param, layers


def takes(callee: Callee, arg: cst.Arg, call: cst.Call) -> bool:
    """Tell whether a function may take an argument; for one that cannot the call raises.

    Args:
        callee: The function that the call may run.
        arg: The argument.
        call: The call.
    """
    parameters = callee.function.params
    if arg.star or isinstance(parameters.star_kwarg, cst.Param):
        return True
    if arg.keyword is not None:
        return _named_parameter(parameters, arg.keyword.value) is not None
    index = call.args.index(arg)
    if isinstance(parameters.star_arg, cst.Param) or any(a.star for a in call.args[:index]):
        return True
    return _positional_parameter(parameters, index + callee.skip) is not None


def _named_parameter(parameters: cst.Parameters, name: str) -> cst.Param | None:
    """Return the parameter that a keyword fills."""
    for param in (*parameters.params, *parameters.kwonly_params):
        if param.name.value == name:
            return param
    return None


def _positional_parameter(parameters: cst.Parameters, index: int) -> cst.Param | None:
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
    return isinstance(left, cst.Name) and left.value == "__name__" and string(right) == "__main__"
