"""Where other files of a run read a name of a file: their modules, parsed when that is asked."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst
from libcst.metadata import ImportAssignment

from wandb_keras_codemods.find.chains import last_name
from wandb_keras_codemods.find.encoding import Undecodable
from wandb_keras_codemods.find.hidden import Unseen
from wandb_keras_codemods.find.holders import Holders
from wandb_keras_codemods.find.identity import Identity
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.names import is_read
from wandb_keras_codemods.find.parsing import parse
from wandb_keras_codemods.find.project import Project
from wandb_keras_codemods.find.raw import plain_word
from wandb_keras_codemods.find.words import Words
from wandb_keras_codemods.findings import ParseFailure
from wandb_keras_codemods.legacy.names import LOGGERS

_MOST = 20  # files that are parsed for one name


@dataclass(frozen=True)
class Place:
    """A place where another file reads a name.

    Args:
        path: The file.
        holders: Its classes and functions.
        project: What others read of that file.
        node: The name, or the call of it.
    """

    path: str
    holders: Holders
    project: Project
    node: cst.BaseExpression


def places(project: Project, filename: str, name: str, *, called: bool) -> list[Place]:
    """Return each place where other files read a name of a file's module level.

    Args:
        project: The files of the run.
        filename: The file that binds it.
        name: The name.
        called: Whether it is a function, which is to be called wherever it is read.

    Raises:
        Unseen: One of them may read it in other ways.
    """
    paths = project.readers(filename, name)
    if len(paths) > _MOST:
        raise Unseen(f"many other files read {name}")
    found = []
    for path in paths:
        holders = _holders(project, path)
        around = project.beside(filename, path)
        for node in _reads(holders, name, project.owners(filename, path), around):
            use: cst.BaseExpression = node
            if called:
                call = holders.module.parent(node)
                if not isinstance(call, cst.Call) or call.func is not node:
                    raise Unseen(f"{path} passes {name} on")
                use = call
            found.append(Place(path, holders, around, use))
    return found


def _holders(project: Project, path: str) -> Holders:
    if project.facts[path].dynamic:
        raise Unseen(f"{path} may call modules by other names")
    if path not in project.holders:
        data = project.sources.get(path)
        project.holders[path] = None if data is None else _parsed(path, data)
    holders = project.holders[path]
    if holders is None:
        raise Unseen(f"{path} is not followed")
    return holders


def _parsed(path: str, data: bytes) -> Holders | None:
    """Return the holders of a file; None for one that asks for the class, or has a logger."""
    if any(_word(name) in data for name in LOGGERS):
        return None
    try:
        parsed = parse(data)
    except (ParseFailure, Undecodable):
        return None
    module = Module(parsed.tree, path, parsed.printed)
    holders = Holders(module, Words(module))
    return None if Identity(holders, ()).refusal() else holders


def _word(name: str) -> bytes:
    return name.rpartition(".")[2].encode()


def _reads(
    holders: Holders, name: str, owners: frozenset[str], project: Project
) -> list[cst.Name | cst.Attribute]:
    """Return each place where a module reads a name that it imports, or of a module."""
    module = holders.module
    holders.check_attribute(name)
    if holders.words.stars:
        raise Unseen(f"{module.filename} imports all names")
    nodes: list[cst.Name | cst.Attribute] = [
        node
        for node in holders.words.attributes.get(name, ())
        if plain_word(last_name(node.value)) in owners
    ]
    for local in _locals(holders, name, project):
        for node in holders.words.names.get(local, ()):
            if isinstance(module.parent(node), (cst.ImportAlias, cst.AsName)):
                continue
            bound = module.assignments(node)
            imports = [each for each in bound if isinstance(each, ImportAssignment)]
            if len(imports) < len(bound) and imports:
                raise Unseen(f"{module.filename} binds {local} in other ways, too")
            if imports or not bound:
                holders.occurrences(holders.home(node), local)
                nodes.append(node)
    if not all(is_read(module, node) for node in nodes):
        raise Unseen(f"{module.filename} changes {name}")
    return nodes


def _locals(holders: Holders, name: str, project: Project) -> set[str]:
    """Return what a module calls a name that it imports."""
    filename = holders.module.filename
    found = {name}
    for alias in holders.words.aliases:
        if last_name(alias.name) != name and last_name(_own_name(alias)) != name:
            continue
        local = last_name(_own_name(alias)) or name
        if local != name and project.reads_name(filename, local):
            raise Unseen(f"{filename} gives others {name} as {local}")
        found.add(local)
    return found


def _own_name(alias: cst.ImportAlias) -> cst.CSTNode:
    return alias.name if alias.asname is None else alias.asname.name
