"""What is told and left alone: references that are no calls, silent imports, look-alikes."""

from __future__ import annotations

import re
from typing import Collection, Iterator

import libcst as cst

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.legacy.names import (
    CLASS,
    CLASS_NAMES,
    COMPAT,
    LEGACY,
    MODULES,
    OLD_MODULES,
    UPSTREAM,
)

from .lookups import RUNS_TEXT, STRINGS
from .meanings import LOCAL, from_module
from .module import Module
from .refusal import Refusal
from .strings import string
from .usages import Reference, Usages

_CHECKS = frozenset({"isinstance", "issubclass"})
# libraries with classes of these names, by their own names or by those of wandb's modules
_OTHER_HOMES = frozenset(
    {
        "catboost", "fastai", "lightgbm", "sb3", "stable_baselines3", "transformers", "ultralytics",
        "xgboost",
    }
)  # fmt: skip
_MEMBERS = frozenset(path.partition(".")[2] for path in OLD_MODULES)
_ASKS = frozenset({"getattr", "hasattr"})
_OLD_PATH = re.compile(r"\bwandb\.(?:wandb_)?keras\b")
_PATH = re.compile(r"(?:[\w.]*[.:])?(?:wandb_)?keras[.:]Wand[bB](?:Keras)?Callback")
_CODE = re.compile(  # statements that only code has, whatever it is quoted in
    r"\bfrom\s+wandb\.(?:wandb_)?keras\s+import\b|\bimport\s+wandb\.(?:wandb_)?keras\b"
    r"|\bfrom\s+wandb\.integration\.keras\s+import\s[\w\s,()\\]*\bWand[bB](?:Keras)?Callback\b"
    r"|\bwandb\.(?:integration\.)?keras\.Wand[bB](?:Keras)?Callback\("
)
LOOK = f"If it is W&B's, write  from {UPSTREAM} import {CLASS}  and run again."
_PATHS = LEGACY | {path.rpartition(".")[0] + ":" + path.rpartition(".")[2] for path in LEGACY}


def why_not_called(module: Module, reference: Reference) -> Refusal:
    """Say why a reference that is not called cannot be migrated."""
    node: cst.CSTNode = reference.node
    text = reference.node.value if isinstance(reference.node, cst.SimpleString) else None
    text = text or module.text(node)
    if _in_annotation(module, node) or isinstance(node, STRINGS):
        return Refusal("WKM416", f"{text} is a type", "Use keras.callbacks.Callback.")
    above = list(module.around(node))
    parent = next(each for each in above if not isinstance(each, _PACKING))
    last = parent if isinstance(parent, cst.Arg) else None
    if last is not None:
        parent = module.parent(last)
    if isinstance(parent, cst.ClassDef):
        return Refusal(
            "WKM404",
            f"class {parent.name.value} is derived from {text}",
            "Derive it from the part that does the work.",
        )
    if isinstance(parent, cst.Call):
        name = last_name(parent.func)
        if name in _CHECKS:
            return Refusal("WKM406", f"{name} asks for {text}", "Ask for WandbMetricsLogger.")
        if name == "partial":
            return Refusal("WKM419", f"functools.partial collects arguments for {text}")
    if isinstance(parent, (cst.Comparison, cst.ComparisonTarget)):
        return Refusal("WKM406", f"{text} is compared")
    if isinstance(parent, cst.MatchClass):
        return Refusal("WKM406", f"a pattern asks for {text}")
    if isinstance(parent, cst.Del):
        return Refusal("WKM405", f"the name {text} is deleted", "Leave the deletion out.")
    hint = f"Where it is called, construct what the class is replaced by; {COMPAT}.{CLASS} runs."
    if last is not None and last.keyword is not None and last.keyword.value == "callbacks":
        hint = f"Call it: {text}()."
    return Refusal("WKM405", f"{text} is used as a value and not called", hint)


_PACKING = (cst.Element, cst.Tuple, cst.List)


def _in_annotation(module: Module, node: cst.CSTNode) -> bool:
    return any(
        isinstance(above, (cst.Annotation, cst.TypeParam))
        for above in _within_statement(module, node)
    )


def _within_statement(module: Module, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    for above in module.around(node):
        if isinstance(above, (cst.BaseStatement, cst.BaseSmallStatement)):
            return
        yield above


def in_fstring(module: Module, node: cst.CSTNode) -> bool:
    """Tell whether a node stands inside an f-string."""
    return any(
        isinstance(above, cst.BaseFormattedStringContent)
        for above in _within_statement(module, node)
    )


def suspicions(
    module: Module, usages: Usages, paths: Collection[cst.CSTNode] = ()
) -> Iterator[Finding]:
    """Find what should be told although nothing is rewritten there.

    Args:
        module: The module.
        usages: Its legacy usages.
        paths: Strings that name a module and are taken care of.
    """
    known = {reference.node for reference in usages.references}
    roots = {reference.root for reference in usages.references}
    done = {*paths, *(arg.value for root in roots for arg in getattr(root, "args", ()))}
    for use in usages.modules:
        if use.member is None:
            yield module.finding(use.node, "WKM420", f"{module.text(use.node)} is used as a value")
        elif use.member.startswith("__"):
            text = f"{module.text(use.node)}.{use.member}"
            yield module.finding(use.node, "WKM420", f"{text} no longer tells of the class")
    for node in module.all(cst.Attribute, *STRINGS, cst.FormattedString, cst.Try, cst.TryStar):
        if isinstance(node, cst.Attribute):
            alike = node.attr.value in CLASS_NAMES and node not in known
            if alike and _is_unknown(usages, node.value):
                message = f"{module.text(node)} looks like the legacy callback"
                yield module.finding(node, "WKM413", message, LOOK)
        elif isinstance(node, (*STRINGS, cst.FormattedString)) and node not in done:
            told = list(_path(module, usages, node)) if isinstance(node, STRINGS) else []
            yield from told or _quoted(module, node)
        elif isinstance(node, (cst.Try, cst.TryStar)) and _imports_legacy(node):
            yield from _silent(module, node)


def _is_unknown(usages: Usages, owner: cst.BaseExpression) -> bool:
    """Whether an expression may be wandb's module by a way that is not followed."""
    if isinstance(owner, cst.Attribute) and owner.attr.value == "keras":
        return True
    if isinstance(owner, cst.Attribute) and owner.attr.value in _OTHER_HOMES:
        return False
    names = usages.meanings.qualified(owner)
    if not names:  # a star import may bind it, or another cell
        return True
    return LOCAL in names or not all(_OTHER_HOMES & set(name.split(".")) for name in names)


def _path(module: Module, usages: Usages, node: cst.BaseExpression) -> Iterator[Finding]:
    """Report a string that is the path of the class or of its module."""
    text = string(node)
    if text in CLASS_NAMES and _asks_unknown(module, usages, node):
        message = f"{text} looks like the legacy callback"
        yield module.finding(node, "WKM413", message, LOOK)
    if text is not None and _runs(module, node) and _OLD_PATH.search(text):
        message = f"{_OLD_PATH.findall(text)[0]} in code that is a text"
        yield module.finding(node, "WKM422", message, "Migrate it by hand.")
    if text in _MEMBERS and _asks_wandb(module, usages, node):
        text = f"wandb.{text}"
    if text is not None and _PATH.fullmatch(text) and text not in _PATHS:
        message = f"{text} looks like the legacy callback"
        yield module.finding(node, "WKM413", message, "Look at it.")
    if text not in _PATHS | OLD_MODULES or in_fstring(module, node):
        return
    if text in OLD_MODULES and _beside_new(module, node):
        return
    if not isinstance(module.parent(node), cst.ConcatenatedString):
        name = UPSTREAM if text in OLD_MODULES else f"{COMPAT}.{CLASS}"
        yield module.finding(node, "WKM414", f"{text} is gone", f"Name {name} instead.")


def _beside_new(module: Module, node: cst.BaseExpression) -> bool:
    """Whether the call that names an old module names today's, too, as a lazy loader does."""
    call = module.parent(module.parent(node))
    return isinstance(call, cst.Call) and any(string(arg.value) == UPSTREAM for arg in call.args)


def _quoted(module: Module, node: cst.BaseExpression) -> Iterator[Finding]:
    """Report code that stands in a text: a docstring's example, a script that is written."""
    if isinstance(module.parent(node), cst.ConcatenatedString):
        return
    text = string(node)
    if _CODE.search(module.text(node) if text is None else text):
        what = "a docstring" if isinstance(module.parent(node), cst.Expr) else "a string"
        message = f"code of the legacy callback in {what}"
        yield module.finding(node, "WKM422", message, "Bring the text up to date by hand.")


def _runs(module: Module, node: cst.BaseExpression) -> bool:
    """Whether a string is run as code."""
    arg = module.parent(node)
    call = module.parent(arg)
    return isinstance(call, cst.Call) and last_name(call.func) in RUNS_TEXT


def _asks_unknown(module: Module, usages: Usages, node: cst.BaseExpression) -> bool:
    """Whether a string is what getattr or the like asks an object for that is not followed."""
    call = module.parent(module.parent(node))
    if not isinstance(call, cst.Call) or last_name(call.func) not in _ASKS or len(call.args) < 2:
        return False
    return call.args[1].value is node and LOCAL in usages.meanings.qualified(call.args[0].value)


def _asks_wandb(module: Module, usages: Usages, node: cst.BaseExpression) -> bool:
    """Whether a string is what hasattr or the like asks wandb for, which is not followed."""
    arg = module.parent(node)
    call = module.parent(arg)
    if not isinstance(arg, cst.Arg) or not isinstance(call, cst.Call) or len(call.args) < 2:
        return False
    followed = usages.meanings.member_by_name(call) is not None
    first = call.args[0].value
    return not followed and first is not node and "wandb" in usages.meanings.qualified(first)


def _imports_legacy(node: cst.Try | cst.TryStar) -> frozenset[str]:
    """Return the modules of the legacy callback that a try imports from."""
    modules: set[str] = set()
    for line in node.body.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.ImportFrom):
                modules.add(from_module(small))
            elif isinstance(small, cst.Import):
                modules.update(alias.evaluated_name for alias in small.names)
    return frozenset(modules & MODULES)


def _silent(module: Module, node: cst.Try | cst.TryStar) -> Iterator[Finding]:
    """Report a handler that only passes over a failed import."""
    for handler in node.handlers:
        smalls = [
            small
            for line in handler.body.body
            for small in (line.body if isinstance(line, cst.SimpleStatementLine) else [line])
        ]
        if all(_quiet(small) for small in smalls):
            since = "0.17.0" if OLD_MODULES & _imports_legacy(node) else "0.27.1"
            yield module.finding(
                smalls[0],
                "WKM206",
                "a failed import of the callback is passed over here",
                f"Training went on without logging since wandb {since}; it logs again now.",
            )
            return


def _quiet(small: cst.CSTNode) -> bool:
    if isinstance(small, cst.Assign):
        value = small.value
        constant = isinstance(value, cst.Name) and value.value in ("None", "True", "False")
        return constant or isinstance(value, (cst.BaseNumber, cst.BaseString))
    return isinstance(small, cst.Pass)
