"""Write import statements as nodes, broken inside parentheses where their line is too long."""

from __future__ import annotations

from typing import Mapping

import libcst as cst

from wandb_keras_codemods.legacy.names import COMPAT
from wandb_keras_codemods.plan.expressions import code_of

from .layout import WIDTH

Group = Mapping["tuple[str, str | None]", object]


def written(
    groups: Mapping[str | None, Group], block: str, unit: str
) -> list[cst.BaseSmallStatement]:
    """Return import statements.

    Args:
        groups: By ``from`` module the names and what they are bound to; None and ``""`` for
            ``import``, the latter in a statement each.
        block: The indentation of their lines.
        unit: One more level of indentation.
    """
    found: list[cst.BaseSmallStatement] = []
    for module, names in groups.items():
        if module == "":
            found += [cst.Import([_alias(*name)]) for name in names]
        elif module is None:
            found.append(cst.Import([_alias(*name) for name in names]))
        else:
            ordered = sorted(names, key=str) if module == COMPAT else list(names)
            found.append(_from(module, ordered, block, unit))
    return found


def _alias(name: str, asname: str | None) -> cst.ImportAlias:
    given = None if asname is None else cst.AsName(cst.Name(asname))
    return cst.ImportAlias(_dotted(name), given)


def _dotted(path: str) -> cst.Name | cst.Attribute:
    first, *others = path.split(".")
    found: cst.Name | cst.Attribute = cst.Name(first)
    for name in others:
        found = cst.Attribute(found, cst.Name(name))
    return found


def _from(
    module: str, names: list[tuple[str, str | None]], block: str, unit: str
) -> cst.ImportFrom:
    if names[0][0] == "*":
        return cst.ImportFrom(_dotted(module), cst.ImportStar())
    plain = cst.ImportFrom(_dotted(module), [_alias(*name) for name in names])
    if len(block) + len(code_of(plain)) <= WIDTH:
        return plain
    inside = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace(unit))
    outside = cst.ParenthesizedWhitespace(indent=True)
    aliases = [
        _alias(*name).with_changes(
            comma=cst.Comma(whitespace_after=outside if name is names[-1] else inside)
        )
        for name in names
    ]
    return cst.ImportFrom(
        _dotted(module), aliases, lpar=cst.LeftParen(whitespace_after=inside), rpar=cst.RightParen()
    )
