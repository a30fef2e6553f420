"""WandbModelGraph: the model's layers and their connections in the run's summary."""

from __future__ import annotations

from typing import Any

from wandb_keras_compat._keras import graph as keras_graph

from ._base import Callback, Logs


class WandbModelGraph(Callback):
    """Log the graph of the model as ``summary["graph"]``, once.

    A built Sequential or functional model is logged when training begins, any other at the end of
    the first epoch, when it is built; no batch hook is needed.

    Args:
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.

    Raises:
        wandb.Error: If ``wandb.init()`` was not called.

    Example:
        >>> model.fit(x, y, callbacks=[WandbModelGraph(), WandbMetricsLogger()])  # doctest: +SKIP
    """

    def __init__(self, *, log_on: str = "chief", run: Any = None) -> None:
        super().__init__(log_on=log_on, run=run)
        self._logged = False

    def _begin_run(self) -> None:
        self._logged = False

    def on_train_begin(self, logs: Logs = None) -> None:
        """Log the graph if the model's inputs are known already."""
        if getattr(self.model, "built", False) and getattr(self.model, "inputs", None):
            self._log()

    def on_epoch_end(self, epoch: int, logs: Logs = None) -> None:
        """Log the graph if that could not be done earlier."""
        self._log()

    def _log(self) -> None:
        if not self._logged:
            self._logged = True
            with self._writer.guard("the model graph", "pass save_graph=False to skip it"):
                graph = self.graph()
                if self.logs_here:
                    self._writer.summary_set({"graph": graph})

    def graph(self) -> Any:
        """Return the model as a ``wandb.Graph``."""
        import wandb

        found = keras_graph.graph(self.model)
        value = wandb.Graph()
        for node in found.nodes:
            value.add_node(
                id=node.name,
                name=node.name,
                class_name=node.class_name,
                output_shape=node.output_shape,
                num_parameters=node.num_parameters,
            )
        for source, target in found.edges:
            value.add_edge(value.nodes_by_id[source], value.nodes_by_id[target])
        return value
