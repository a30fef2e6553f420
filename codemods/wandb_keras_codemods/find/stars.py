"""What a star import gives beside other bindings of the same name."""

from __future__ import annotations

from typing import Iterable

import libcst as cst
from libcst.metadata import GlobalScope

from .meanings import LOCAL
from .module import Module


def beside_star(
    module: Module, name: cst.Name, stars: Iterable[cst.ImportFrom]
) -> frozenset[str] | None:
    """Return what else a name may mean that a star import gives; None when none gives it.

    Nothing else, where it is read before anything else binds it.

    Args:
        module: The module.
        name: The name, where it is read.
        stars: The star imports that give it.
    """
    scope, order, here = module.scope(name), module.order, module.order(name)
    begun = [order(star) for star in stars]
    if not begun or scope is None:
        return None
    found = scope[name.value]
    places = [getattr(each, "node", None) for each in found]
    if None in places or not all(isinstance(each.scope, GlobalScope) for each in found):
        return None
    if not isinstance(scope, GlobalScope) or is_in_loop(module, name):
        return frozenset({LOCAL})
    last = max((star for star in begun if star < here), default=None)
    before = [place for place in places if order(place) < here]
    if last is None or any(order(p) > last and not _is_on_condition(module, p) for p in before):
        return None
    return frozenset({LOCAL}) if before else frozenset()


def is_in_loop(module: Module, node: cst.CSTNode) -> bool:
    """Tell whether a node stands in a loop, where what is below it runs before it as well.

    Args:
        module: The module.
        node: The node.
    """
    return any(isinstance(above, (cst.For, cst.While)) for above in module.around(node))


def _is_on_condition(module: Module, node: cst.CSTNode | None) -> bool:
    assert node is not None
    return any(isinstance(above, cst.BaseCompoundStatement) for above in module.around(node))
