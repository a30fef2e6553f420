"""Names that something may look up: in texts that are run as code, by strings that are names."""

from __future__ import annotations

import re

import libcst as cst

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.find.usages import Usages

RUNS_TEXT = frozenset(
    {"run_cell_magic", "run_line_magic", "run_cell", "exec", "eval", "timeit", "repeat", "Timer"}
)
STRINGS = (cst.SimpleString, cst.ConcatenatedString)
_RUNS_CODE = frozenset({"run_cell", "run_code", "runsource", "exec", "eval"})
_EXAMPLE = re.compile(r"^\s*(?:>>>|\.\.\.) .*", re.MULTILINE)  # of a doctest


def in_code_texts(module: Module, name: str) -> list[cst.BaseExpression]:
    """Find the texts that are run as code and use a name, such as a notebook's exported magics."""
    if name not in module.code:
        return []
    word = re.compile(rf"\b{name}\b")
    calls = [call for call in module.all(cst.Call) if last_name(call.func) in RUNS_TEXT]
    texts = [arg.value for call in calls for arg in call.args if isinstance(arg.value, STRINGS)]
    found: list[cst.BaseExpression] = [text for text in texts if word.search(string(text) or "")]
    anywhere = any(
        call.args
        and last_name(call.func) in _RUNS_CODE
        and not isinstance(call.args[0].value, STRINGS)
        for call in calls
    )
    code = re.compile(rf"\b{name}\s*\(|\bimport\b.*\b{name}\b")
    for text in module.all(*STRINGS):
        value = string(text)
        if value is None or name not in value or text in found:
            continue
        if isinstance(module.parent(text), cst.Expr):
            examples = "\n".join(_EXAMPLE.findall(value))
            if word.search(examples):
                found.append(text)
        elif anywhere and code.search(value):
            found.append(text)  # a name that is run may hold it
    return found


def runs_or_reads_anything(module: Module) -> bool:
    """Tell whether a text that is not known is run, or a name that is not known is read."""
    if not any(word in module.code for word in ("exec", "eval", "run_c", "sys.modules[")):
        return False
    for call in module.all(cst.Call):
        if last_name(call.func) in _RUNS_CODE and call.args and string(call.args[0].value) is None:
            own = module.names(call.func)
            if own <= {"builtins.exec", "builtins.eval"} and (
                own or "run_" in last_name(call.func)
            ):
                return True
    for item in module.all(cst.Subscript):
        index = item.slice[0].slice
        if isinstance(index, cst.Index) and last_name(index.value) == "__name__":
            asks = module.parent(module.parent(item))
            asked = asks.args[1].value if isinstance(asks, cst.Call) and asks.args[1:] else None
            if string(asked) is None:
                return True  # sys.modules[__name__], of which not one name is read
    return False


def names_in_strings(module: Module, usages: Usages, name: str) -> bool:
    """Tell whether a string is a name and nothing else, so that something may look it up."""
    found = (node for node in module.all(cst.SimpleString) if string(node) == name)
    asked = {  # getattr(wandb.keras, "WandbCallback") is followed
        arg.value for reference in usages.references for arg in getattr(reference.node, "args", ())
    }
    return any(node not in asked for node in found) or bool(in_code_texts(module, name))
