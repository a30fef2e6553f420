"""Names that have one value, which is a literal: module constants and dictionaries of options."""

from __future__ import annotations

import libcst as cst
from libcst.metadata import Assignment, ExpressionContext, GlobalScope, Scope

from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.project import Project

from .expressions import UNKNOWN, literal

_FIXED = (str, int, float, bool, type(None))


class Constants:
    """Reads names that are assigned once and not touched otherwise.

    Args:
        holders: Who binds and reads what.
        project: What other files read, and may change.
    """

    def __init__(self, holders: Holders, project: Project) -> None:
        self._holders = holders
        self._module = holders.module
        self._project = project

    def value(self, node: cst.BaseExpression) -> object:
        """Return the value of a name that never has another; ``UNKNOWN`` otherwise."""
        assigned = self._assigned(node)
        found = UNKNOWN if assigned is None else literal(assigned)
        return found if isinstance(found, _FIXED) else UNKNOWN

    def assigned(self, node: cst.BaseExpression) -> tuple[object, ...]:
        """Return the literals that a name is seen to be assigned."""
        if not isinstance(node, cst.Name):
            return ()
        found = []
        for each in self._module.assignments(node):
            target = self._module.parent(each.node) if isinstance(each, Assignment) else None
            if isinstance(target, cst.AssignTarget):
                assign = cst.ensure_type(self._module.parent(target), cst.Assign)
                found.append(literal(assign.value))
        return tuple(value for value in found if value is not UNKNOWN)

    def display(self, node: cst.BaseExpression) -> cst.Dict | None:
        """Return the dictionary display of literals that an expression is for sure."""
        found = node if isinstance(node, cst.Dict) else self._assigned(node)
        if not isinstance(found, cst.Dict):
            return None
        if found is node:
            return found
        assert isinstance(node, cst.Name)
        scope = self._module.scope(node)
        fixed = all(
            isinstance(element, cst.DictElement) and isinstance(literal(element.value), _FIXED)
            for element in found.elements
        )
        if scope is None or not fixed:
            return None
        home = next(iter(scope[node.value])).scope
        reads = self._module.accesses(home, node.value)
        return found if all(self._only_read(access.node) for access in reads) else None

    def _only_read(self, node: cst.CSTNode) -> bool:
        """Whether a use of a dictionary spreads or indexes it and keeps no hold of it."""
        parent = self._module.parent(node)
        if isinstance(parent, cst.Arg):
            return parent.star == "**"
        reads = self._module.contexts.get(parent) is ExpressionContext.LOAD
        return isinstance(parent, cst.Subscript) and parent.value is node and reads

    def _assigned(self, node: cst.BaseExpression) -> cst.BaseExpression | None:
        """Return the one value of a name, which is assigned unconditionally at module level."""
        if not isinstance(node, cst.Name):
            return None
        found = list(self._module.assignments(node))
        shared = any(isinstance(each.scope, GlobalScope) for each in found)
        if shared and self._project.reads_name(self._module.filename, node.value):
            return None
        if len(found) != 1 or not isinstance(found[0], Assignment):
            return None
        name = found[0].node
        if not isinstance(name, cst.Name):
            return None
        target = self._module.parent(name)
        assign = self._module.parent(target)
        if not isinstance(target, cst.AssignTarget) or not isinstance(assign, cst.Assign):
            return None
        line = self._module.parent(assign)
        block = self._module.parent(line)
        if len(assign.targets) != 1 or not isinstance(line, cst.SimpleStatementLine):
            return None
        plain = isinstance(block, cst.Module) or (
            isinstance(block, cst.IndentedBlock)
            and isinstance(self._module.parent(block), cst.FunctionDef)
        )
        return assign.value if plain and self._seen(found[0].scope, node.value) else None

    def _seen(self, scope: Scope, name: str) -> bool:
        """Whether nothing but its name binds or changes what a name holds."""
        try:
            self._holders.check_name(scope, name)
        except Unseen:
            return False
        return True
