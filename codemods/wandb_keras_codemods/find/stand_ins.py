"""What a program puts in the place of wandb's own class or module, as tests do.

This asks a parsed module. Whether another file does it, facts.py asks of its bytes alone.
"""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
from libcst.metadata import ExpressionContext

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.swaps import puts_modules
from wandb_keras_codemods.find.usages import Usages
from wandb_keras_codemods.legacy.names import CLASS_NAMES, LEGACY, MODULES

_PATCHES = frozenset({"patch", "object", "multiple", "setattr", "delattr", "setitem", "delitem"})
_HOMES: frozenset[str] = MODULES | {"wandb", "wandb.integration"}
_ASKED: frozenset[str | None] = LEGACY | CLASS_NAMES | _HOMES
_WRITES = (ExpressionContext.STORE, ExpressionContext.DEL)


@dataclass(frozen=True)
class StandIn:
    """What is put in the place of wandb's class.

    Args:
        why: What does it.
        place: Where in the module; None where another file does it.
    """

    why: str
    place: cst.CSTNode | None = None

    @classmethod
    def of(cls, module: Module, usages: Usages, project: Project) -> StandIn | None:
        """Find what is put there; None where nothing is.

        Args:
            module: The module.
            usages: Its legacy usages.
            project: What other files do.
        """
        place = _place(module, usages)
        if place is not None:
            line = module.position(place).start.line
            return cls(f"line {line} puts something else in the place of wandb's class", place)
        if project.replaces_home(module.filename):
            return cls("another file puts another class in the place of wandb's")
        for reference in usages.references:
            root = getattr(reference.root, "value", "")
            plain = reference.kind in ("class", "star", "text", "call")
            if not plain and project.replaces(module.filename, root):
                return cls(f"another file puts something else under {root}")
        return None


def _place(module: Module, usages: Usages) -> cst.CSTNode | None:
    """Return the first place that puts something in the place of the class or of its module.

    Args:
        module: The module.
        usages: Its legacy usages.
    """
    # wandb.keras.WandbCallback = Fake, wandb.keras = fake
    nodes = [reference.node for reference in usages.references]
    for node in (*nodes, *(use.node for use in usages.modules)):
        context = module.contexts.get(node)
        if isinstance(node, cst.Attribute) and context in _WRITES:
            return node
        if "attr" in module.code and _set_by_name(module, node):
            return node
    if "patch" in module.code or "attr" in module.code or "modules" in module.code:
        for text in module.all(cst.SimpleString):
            value = string(text)
            if {value, _owner(value)} & _ASKED and _replaces(module, usages, text, value):
                return text
            if value in _HOMES and puts_modules(module.code.encode()):
                return text
    return None


def _set_by_name(module: Module, node: cst.CSTNode) -> bool:
    """Whether an attribute of a module is set by a name that is not spelled out."""
    arg = module.parent(node)
    call = module.parent(arg)
    return (
        isinstance(call, cst.Call)
        and last_name(call.func) in ("setattr", "delattr")
        and len(call.args) > 1
        and call.args[0] is arg
        and string(call.args[1].value) is None
    )


def _replaces(module: Module, usages: Usages, text: cst.SimpleString, value: str | None) -> bool:
    parent = module.parent(text)
    if isinstance(parent, cst.DictElement):  # patch.dict("sys.modules", {"wandb.keras": fake})
        return parent.key is text and value in _HOMES and _patches_modules(module, parent)
    if isinstance(parent, cst.Index):  # sys.modules["wandb.keras"] = fake
        item = module.parent(module.parent(parent))
        return (
            value in _HOMES
            and isinstance(item, cst.Subscript)
            and last_name(item.value) == "modules"
            and isinstance(module.parent(item), (cst.AssignTarget, cst.Del))
        )
    call = module.parent(parent)
    if not isinstance(parent, cst.Arg) or not isinstance(call, cst.Call):
        return value in LEGACY and _patches_name(module)
    if last_name(call.func) not in _PATCHES:
        return False
    first = call.args[0].value
    if value in LEGACY or _owner(value) in LEGACY:
        return True
    if value in CLASS_NAMES:  # patch.object(wandb.keras, "WandbCallback")
        owner = string(first)
        return owner in _HOMES or bool(usages.meanings.qualified(first) & MODULES)
    # monkeypatch.setitem(sys.modules, "wandb.keras", fake), patch.multiple("wandb.keras", ...)
    return last_name(first) == "modules" or (first is text and last_name(call.func) == "multiple")


def _owner(path: str | None) -> str:
    """Return what the last word of a path is a member of."""
    return (path or "").rpartition(".")[0]


def given_by_text(module: Module) -> StandIn | None:
    """Find a text by which something may look up wandb's class, which ours is not.

    Args:
        module: The module.
    """
    if "Callback" not in module.code:
        return None
    for text in module.all(cst.SimpleString):
        value = (string(text) or "").replace(":", ".")
        if value in LEGACY and not isinstance(module.parent(text), cst.Expr):
            line = module.position(text).start.line
            return StandIn(f"line {line} looks up wandb's own class", None)
    return None


def _patches_name(module: Module) -> bool:
    """Whether something is replaced whose path a name holds."""
    return any(
        last_name(call.func) in ("patch", "setattr")
        and len(call.args) > 0
        and isinstance(call.args[0].value, cst.Name)
        and (last_name(call.func) == "patch" or len(call.args) == 2)
        for call in module.all(cst.Call)
    )


def _patches_modules(module: Module, item: cst.DictElement) -> bool:
    """Whether a dictionary is what something puts into sys.modules."""
    arg = module.parent(module.parent(item))
    call = module.parent(arg)
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call):
        return False
    owner = call.func.value if isinstance(call.func, cst.Attribute) else call
    named = [string(each.value) == "sys.modules" or last_name(each.value) == "modules"
             for each in call.args]  # fmt: skip
    return any(named) or last_name(owner) == "modules"
