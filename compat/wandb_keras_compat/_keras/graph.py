"""The layers of a model and what feeds them, on Keras 2 and 3, in the shape W&B's graph has."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Iterator

from . import owner_of


@dataclass(frozen=True)
class Node:
    """One layer.

    Args:
        name: Its name, unique in the model.
        class_name: Name of its class.
        output_shape: Its shape or shapes, or ``["multiple"]`` where that is not one thing.
        num_parameters: How many numbers its weights hold.
    """

    name: str
    class_name: str
    output_shape: Any
    num_parameters: int


@dataclass(frozen=True)
class Graph:
    """Nodes in the order W&B draws them and edges as pairs of names."""

    nodes: tuple[Node, ...]
    edges: tuple[tuple[str, str], ...]


def graph(model: Any) -> Graph:
    """Return the graph of a Sequential, functional or subclassed model.

    A layer stands after the layers that feed it; an InputLayer that a Sequential hides stands
    there too. A subclassed model has nodes but no edges, since its calls are not recorded.
    """
    nodes: dict[str, Node] = {}
    edges = []
    order = []
    own = _own_calls(model)
    for layer in model.layers:
        node = _node(layer)
        for call in getattr(layer, "_inbound_nodes", ()):
            if own is not None and id(call) not in own:
                continue  # a call of a shared layer in another model
            for source in _sources(call):
                if source.name not in nodes:
                    nodes[source.name] = _node(source)
                    order.append(nodes[source.name])
                edges.append((source.name, node.name))
        nodes[node.name] = node
        order.append(node)
    return Graph(tuple(order), tuple(edges))


def _own_calls(model: Any) -> set[int] | None:
    """Return the ids of the calls this model is made of, or None where every call counts."""
    if type(model).__name__ == "Sequential":
        return None
    by_depth = getattr(model, "_nodes_by_depth", None)
    if not by_depth:
        return None
    return {id(call) for calls in by_depth.values() for call in calls}


def _sources(call: Any) -> Iterator[Any]:
    """Yield the layers whose outputs a call takes."""
    if hasattr(call, "inbound_layers"):  # Keras 2: one layer, or nested lists of them
        pending = [call.inbound_layers]
        while pending:
            item = pending.pop(0)
            if isinstance(item, (list, tuple)):
                pending[:0] = item
            else:
                yield item
    else:
        for parent in call.parent_nodes:
            yield parent.operation


def _node(layer: Any) -> Node:
    return Node(layer.name, type(layer).__name__, _output_shape(layer), _count(layer))


def _count(layer: Any) -> int:
    try:
        return int(layer.count_params())
    except (AttributeError, ValueError):  # an operation of Keras 3, or a layer not built yet
        return 0


def _output_shape(layer: Any) -> Any:
    try:
        if not owner_of(layer).keras_3:
            return layer.output_shape
        calls = getattr(layer, "_inbound_nodes", ())
        shapes = [_shapes(call.output_tensors) for call in calls]
    except (AttributeError, RuntimeError):  # never called, or called with different shapes
        return ["multiple"]
    if not shapes or any(shape != shapes[0] for shape in shapes):
        return ["multiple"]
    # Keras 2 gives an InputLayer's shape in a list.
    return [shapes[0]] if type(layer).__name__ == "InputLayer" else shapes[0]


def _shapes(tensors: Any) -> Any:
    shapes = [tuple(tensor.shape) for tensor in tensors]
    return shapes[0] if len(shapes) == 1 else shapes
