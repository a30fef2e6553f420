"""Find the names of metrics in a program, and rewrite them when asked to."""

from __future__ import annotations

import os
import re
from functools import reduce
from operator import or_
from typing import Callable, Collection, Mapping

import libcst as cst

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string
from wandb_keras_codemods.findings import Finding

from .names import BEST_FILE, MetricNames
from .own import logs_unseen, names_of
from .programs import programs_in, seen_from
from .references import QUERY, Named, references

Edit = Callable[[cst.CSTNode], cst.CSTNode]

_WORDS = re.compile(r"metric|summary|history|goal|" + re.escape(BEST_FILE))
_IN_INDEX = (cst.Index, cst.SubscriptElement)


def in_python(
    module: Module,
    done: Collection[cst.CSTNode] = (),
    *,
    rename: bool = False,
    elsewhere: bool = False,
    kept: Callable[[int, int], bool] = lambda first, last: False,
    programs: Mapping[str, MetricNames] | None = None,
) -> tuple[dict[cst.CSTNode, Edit], list[Finding]]:
    r"""Find the metric names in a module that uses what a callback migrated to the trio logs.

    Args:
        module: The module.
        done: Constructions that are migrated: what stands in them is left alone.
        rename: Whether to rewrite the names where they are literals.
        elsewhere: Whether the callback stands in another file, so that it may be about other runs.
        kept: Tells whether a comment keeps lines, given the first and last, as they are; nothing
            is said of these.
        programs: The programs that sweeps name and that come to migrated code, with what they say
            of their metrics; None when these are not known.

    Returns:
        How nodes change, and what is to be said.

    Example:
        >>> module = Module(cst.parse_module('run.summary.get("val_loss")\n'))
        >>> [finding.message for finding in in_python(module)[1]]
        ['val_loss is logged as epoch/val_loss now']
    """
    if _WORDS.search(module.code) is None or (elsewhere and logs_unseen(module)):
        return {}, []
    names = names_of(module)
    edits: dict[cst.CSTNode, Edit] = {}
    findings: list[Finding] = []
    seen: set[cst.CSTNode] = set()
    for named in references(module):
        node = named.node
        if node in seen or _inside(module, node, done):
            continue
        seen.add(node)
        runs = _runs(module, named.program, programs)
        if runs is False:
            continue
        told = names if isinstance(runs, bool) or runs is None else runs
        sure = runs is not None and (not elsewhere or runs is not True)
        doubt = "." if sure else ", if this is about runs of the migrated code."
        finding, new = _finding(module, named, told, doubt)
        if finding is None or kept(finding.line, finding.end_line):
            continue
        alone = rename and named.alone and runs is not None
        if alone and new is not None and _plain(named, new, told):
            assert isinstance(node, cst.SimpleString)
            old = new.partition("/")[2]
            edits[node] = _renamed(old, new)
            finding = module.finding(node, "WKM104", f"{old} became {new}")
        findings.append(finding)
    return edits, sorted(findings, key=lambda finding: (finding.line, finding.column))


def _runs(
    module: Module, program: str | None, programs: Mapping[str, MetricNames] | None
) -> MetricNames | bool | None:
    """Tell whether a sweep runs migrated code, or what that says; None when it is not known."""
    if program is None:
        return True
    said = programs_in(program)
    here = module.filename.replace(os.sep, "/")
    if any(f"/{here}".endswith(f"/{name}") or f"/{name}".endswith(f"/{here}") for name in said):
        return True
    if programs is None or not said:
        return None
    places = [seen_from(module.filename, name) for name in said]
    found = [programs[place] for place in places if place in programs]
    return reduce(or_, found) if found else False


def _plain(named: Named, new: str, names: MetricNames) -> bool:
    """Tell whether a name certainly is the callback's, and a literal in which it stands once."""
    old = new.partition("/")[2]
    node = named.node
    return isinstance(node, cst.SimpleString) and node.value.count(old) == 1 and names.sure(old)


def _renamed(old: str, new: str) -> Edit:
    def edit(updated: cst.CSTNode) -> cst.CSTNode:
        assert isinstance(updated, cst.SimpleString)
        return updated.with_changes(value=updated.value.replace(old, new))

    return edit


def _inside(module: Module, node: cst.CSTNode, done: Collection[cst.CSTNode]) -> bool:
    """Whether a node stands in an f-string or in what is migrated."""
    if isinstance(module.parent(node), cst.ConcatenatedString):
        return True  # a piece of a text
    for above in module.around(node):
        if isinstance(above, cst.FormattedString) or above in done:
            return True
        if isinstance(above, (cst.BaseStatement, cst.BaseSmallStatement)):
            return False
    return False


def _finding(
    module: Module, named: Named, names: MetricNames, doubt: str
) -> tuple[Finding | None, str | None]:
    """Return what is to be said of a name, and the name it has now when it is another."""
    code, node = named.code, named.node
    if code == "WKM506":
        message = f"{BEST_FILE} is not written any more"
        hint = f"Load the artifact run_<id>_model, or model-best.keras{doubt}"
        return module.finding(node, code, message, hint), None
    query = QUERY.match(named.text)
    name = query["name"] if query else named.text
    raises = code == "WKM503" and _raises(module, node)
    if names.best(name):
        message, hint = names.instead(name)
        if code == "WKM501":
            hint = names.optimised(name)
        if raises:
            message += ", so this raises KeyError"
        return module.finding(node, "WKM507", message, f"{hint.rstrip('.')}{doubt}"), None
    new = names.new(name)
    if new is None:
        return None, None
    if not names.sure(name) and doubt == ".":
        doubt = ", if Keras computes it and this program does not log it itself."
    message = f"{name} is logged as {new} now"
    if raises:
        message += ", so this raises KeyError"
    return module.finding(node, code, message, f"Write {new!r} instead{doubt}"), new


def _raises(module: Module, node: cst.BaseExpression) -> bool:
    """Whether a name is what a summary is indexed with."""
    above = next(each for each in module.around(node) if not isinstance(each, _IN_INDEX))
    return string(node) is not None and isinstance(above, cst.Subscript)
