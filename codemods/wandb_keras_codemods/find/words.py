"""Where each word of a module stands: names, attributes and strings, whatever scope they are in."""

from __future__ import annotations

from collections import defaultdict

import libcst as cst

from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.strings import string


class Words:
    """An index of a module, made in one walk.

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
        self.classes: list[cst.ClassDef] = []
        self.stars: list[cst.ImportFrom] = []
        self.aliases: list[cst.ImportAlias] = []
        members: set[cst.CSTNode] = set()
        for node in module.nodes:
            if isinstance(node, cst.Name):
                if node not in members:
                    self.names[node.value].append(node)
            elif isinstance(node, cst.Attribute):
                members.add(node.attr)
                self.attributes[node.attr.value].append(node)
            elif isinstance(node, cst.Arg):
                if node.keyword is not None:
                    members.add(node.keyword)
                    self.keywords[node.keyword.value].append(node)
            elif isinstance(node, cst.SimpleString):
                value = string(node)
                if value is not None:
                    self.strings.append((node, value))
            elif isinstance(node, cst.FormattedStringText):
                self.strings.append((node, node.value))
            elif isinstance(node, (cst.Return, cst.Yield)):
                function = module.function(node)
                if function is not None:
                    kept = self.returns if isinstance(node, cst.Return) else self.yields
                    kept[function].append(node)  # type: ignore[arg-type]
            elif isinstance(node, cst.ImportAlias):
                self.aliases.append(node)
            elif isinstance(node, cst.ClassDef):
                self.classes.append(node)
            elif isinstance(node, cst.ImportFrom) and isinstance(node.names, cst.ImportStar):
                self.stars.append(node)
