"""Behind which imports more can be imported, so that a program goes on where they fail."""

from __future__ import annotations

from typing import Iterable, Union, cast

import libcst as cst

from wandb_keras_codemods.legacy.names import MODULES

from .chains import last_name
from .meanings import Binding
from .module import Module

Guard = Union[cst.Try, cst.TryStar, cst.With]


def behind(
    module: Module, name: cst.BaseExpression, bindings: Iterable[Binding]
) -> list[cst.BaseSmallStatement]:
    """Return the imports behind which more can be imported for a name.

    Args:
        module: The module.
        name: The name where it is read.
        bindings: What binds it.

    Returns:
        One import if it is run before for sure; else all that may be.
    """
    found = [binding for binding in bindings if binding.statement is not None]
    # ``import wandb`` alone does not say what happens where wandb.keras is missing
    whole = [binding for binding in found if names_module(binding)]
    if any(_is_tried(module, binding) for binding in whole):
        found = whole
    last: dict[cst.CSTNode, cst.BaseSmallStatement] = {}  # of each block
    for binding in found:
        statement = _statement(binding)
        if _runs_before(module, binding, name):
            return [statement]
        block = module.parent(_line(module, statement))
        if module.order(statement) < module.order(name) or block not in last:
            last[block] = statement
    return list(last.values())


def is_loaded(module: Module, name: cst.BaseExpression, bindings: Iterable[Binding]) -> bool:
    """Whether a module that held the class is imported for sure where a name is read.

    Args:
        module: The module.
        name: The name of the package, as in ``wandb.keras``.
        bindings: What binds it.
    """
    found = list(bindings)
    whole = [binding for binding in found if names_module(binding)]
    return len(whole) == len(found) or any(
        _is_tried(module, binding) or _runs_before(module, binding, name) for binding in whole
    )


def names_module(binding: Binding) -> bool:
    """Whether an import names a module that held the class, not a package above it.

    Args:
        binding: What the import binds.
    """
    alias, plain = binding.alias, isinstance(binding.statement, cst.Import)
    return plain and alias is not None and alias.evaluated_name in MODULES


def guard_of(module: Module, statement: cst.CSTNode) -> Guard | None:
    r"""Return the ``try`` or ``with suppress(...)`` whose body an import stands in.

    Args:
        module: The module.
        statement: The import.

    Example:
        >>> source = "try:\n    import wandb.keras\nexcept ImportError:\n    pass\n"
        >>> module = Module(cst.parse_module(source))
        >>> (statement,) = module.all(cst.Import)
        >>> type(guard_of(module, statement)).__name__
        'Try'
    """
    below = statement
    for above in module.around(statement):
        if isinstance(above, (cst.FunctionDef, cst.ClassDef, cst.Lambda)):
            return None
        body = isinstance(above, (cst.Try, cst.TryStar, cst.With)) and above.body is below
        if body and (not isinstance(above, cst.With) or _suppresses(above)):
            return cast(Guard, above)
        below = above
    return None


def _suppresses(node: cst.With) -> bool:
    calls = (each.item for each in node.items if isinstance(each.item, cst.Call))
    return any(last_name(call.func) == "suppress" for call in calls)


def _statement(binding: Binding) -> cst.BaseSmallStatement:
    assert binding.statement is not None
    return binding.statement


def _is_tried(module: Module, binding: Binding) -> bool:
    """Whether an import is tried for sure, and the program goes on where it fails."""
    statement = _statement(binding)
    guard = guard_of(module, statement)
    block = module.parent(_line(module, statement))
    return guard is not None and guard.body is block and _is_direct(module, guard)


def _runs_before(module: Module, binding: Binding, name: cst.BaseExpression) -> bool:
    """Whether an import is run for sure before a name is read."""
    statement = _statement(binding)
    above = module.order(statement) < module.order(name)
    return above and not binding.declared and _is_direct(module, _line(module, statement))


def _line(module: Module, statement: cst.BaseSmallStatement) -> cst.CSTNode:
    line = module.parent(statement)
    assert line is not None
    return line


def _is_direct(module: Module, line: cst.CSTNode) -> bool:
    """Whether a line is run for sure with the body it stands in."""
    block = module.parent(line)
    if isinstance(block, cst.Module):
        return True
    above = block if isinstance(line, cst.SimpleStatementSuite) else module.parent(block)
    return isinstance(above, (cst.FunctionDef, cst.ClassDef))
