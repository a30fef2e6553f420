"""Leave out what an import nearby, in the same block, imports too."""

from __future__ import annotations

from collections import Counter, defaultdict
from typing import Mapping

import libcst as cst

from wandb_keras_codemods.find.meanings import from_module
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.usages import Usages

from .needs import Key, Names

Import = cst.BaseSmallStatement


def drop_repeated(
    module: Module,
    usages: Usages,
    planned: Mapping[Import, Names],
    inserted: Mapping[Import, Names],
) -> None:
    """Leave out what an import before, or one right behind, in the same block imports too.

    Args:
        module: The module.
        usages: Its legacy usages.
        planned: What imports become.
        inserted: What is imported behind them.
    """
    blocks: dict[cst.CSTNode, list[Import]] = defaultdict(list)
    for each in usages.imports:
        blocks[module.parent(module.parent(each))].append(each)
    for block in blocks.values():
        before: set[Key] = set()
        for run in _runs(module, block):
            here = [planned.get(each) or _as_it_is(each) for each in run]
            behind = Counter(key for names in here for key in names.keys(own=True))
            for statement, names in zip(run, here):
                for key in names.keys(own=True):
                    behind[key] -= 1
                    if not behind[key]:
                        del behind[key]
                added = inserted.get(statement, Names())
                for new in (names, added):
                    new.drop(before, behind)
                keys = names.keys()
                if any(name == "*" for _, name, _ in keys):
                    before.clear()  # it may bind them again
                before |= keys | added.keys()


def _runs(module: Module, statements: list[Import]) -> list[list[Import]]:
    """Group the imports of a block between which stands nothing but imports."""
    block = module.parent(module.parent(statements[0]))
    body = block.body if isinstance(block, (cst.Module, cst.IndentedBlock)) else ()
    run_of: dict[cst.CSTNode, int] = {}
    others = 0
    for each in body:
        if isinstance(each, cst.SimpleStatementLine) and _only(each):
            run_of[each] = others
        else:
            others += 1
    runs: dict[object, list[Import]] = defaultdict(list)
    for statement in statements:
        line = module.parent(statement)
        alone = line if isinstance(line, cst.SimpleStatementSuite) and _only(line) else statement
        runs[run_of.get(line, alone)].append(statement)
    return list(runs.values())


def _only(line: cst.SimpleStatementLine | cst.SimpleStatementSuite) -> bool:
    """Whether there is nothing but imports on a line."""
    return all(isinstance(small, (cst.Import, cst.ImportFrom)) for small in line.body)


def _as_it_is(statement: Import) -> Names:
    names = Names()
    assert isinstance(statement, (cst.Import, cst.ImportFrom))
    module = from_module(statement) if isinstance(statement, cst.ImportFrom) else None
    if isinstance(statement.names, cst.ImportStar):
        names.add(module, "*")
        return names
    for alias in statement.names:
        names.add(module, alias.evaluated_name, alias.evaluated_alias)
    return names
