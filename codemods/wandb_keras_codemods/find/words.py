"""Where each word of a module stands: names, attributes and strings, whatever scope they are in."""

from __future__ import annotations

from collections import defaultdict
from typing import Iterator

import libcst as cst

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string


class Words:
    """An index of a module.

    Args:
        module: The module.
    """

    def __init__(self, module: Module) -> None:
        self.names: dict[str, list[cst.Name]] = defaultdict(list)
        self.attributes: dict[str, list[cst.Attribute]] = defaultdict(list)
        self.keywords: dict[str, list[cst.Arg]] = defaultdict(list)
        self.strings: list[tuple[cst.CSTNode, str]] = []
        self.returns: dict[cst.FunctionDef, list[cst.Return]] = defaultdict(list)
        self.yields: dict[cst.FunctionDef, list[cst.Yield]] = defaultdict(list)
        self.classes = module.all(cst.ClassDef)
        self._mangled = tuple(f"_{owner.name.value.lstrip('_')}__" for owner in self.classes)
        self.aliases = module.all(cst.ImportAlias)
        self.stars: list[cst.ImportFrom] = []
        paths = set(_paths(module))
        members: set[cst.CSTNode] = set()
        for attribute in module.all(cst.Attribute):
            members.add(attribute.attr)
            if attribute not in paths:
                self.attributes[self.attribute(attribute.attr.value)].append(attribute)
        for arg in module.all(cst.Arg):
            if arg.keyword is not None:
                members.add(arg.keyword)
                self.keywords[arg.keyword.value].append(arg)
        for name in module.all(cst.Name):
            if name not in members:
                self.names[name.value].append(name)
        for text in module.all(cst.SimpleString, cst.FormattedStringText):
            value = text.value if isinstance(text, cst.FormattedStringText) else string(text)
            if value is not None:
                self.strings.append((text, value))
        for node in module.all(cst.Return, cst.Yield):
            function = module.function(node)
            if function is not None:
                kept = self.returns if isinstance(node, cst.Return) else self.yields
                kept[function].append(node)  # type: ignore[arg-type]
        for star in module.all(cst.ImportFrom):
            if isinstance(star.names, cst.ImportStar):
                self.stars.append(star)

    def attribute(self, name: str) -> str:
        """Return what an attribute is called inside its class: ``__a`` for ``_Class__a``.

        Args:
            name: The attribute as it is written.
        """
        for prefix in self._mangled if "__" in name[1:] else ():
            if name.startswith(prefix):
                return name[len(prefix) - 2 :]
        return name


def _paths(module: Module) -> Iterator[cst.Attribute]:
    """Yield what import statements write as attributes: paths of modules, which no object has."""
    for each in module.all(cst.ImportFrom, cst.ImportAlias):
        path: cst.BaseExpression | None
        path = each.module if isinstance(each, cst.ImportFrom) else each.name
        while isinstance(path, cst.Attribute):
            yield path
            path = path.value
