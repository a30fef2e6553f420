"""What every callback here shares: it belongs to the active Keras and works with any other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Dict, Optional

from wandb_keras_compat import _keras, _run
from wandb_keras_compat._keras import workers

Logs = Optional[Dict[str, Any]]

# What is done in batches -> its hooks.
BATCH_HOOKS = {
    "train": ("on_train_batch_begin", "on_train_batch_end", "on_batch_begin", "on_batch_end"),
    "test": ("on_test_batch_begin", "on_test_batch_end"),
    "predict": ("on_predict_batch_begin", "on_predict_batch_end"),
}

if TYPE_CHECKING:

    class _KerasCallback:
        params: dict[str, Any]

        def set_params(self, params: dict[str, Any]) -> None: ...
        def set_model(self, model: Any) -> None: ...
        def on_epoch_begin(self, epoch: int, logs: Logs = None) -> None: ...
        def on_epoch_end(self, epoch: int, logs: Logs = None) -> None: ...
        def on_train_begin(self, logs: Logs = None) -> None: ...
        def on_train_end(self, logs: Logs = None) -> None: ...
        def on_train_batch_end(self, batch: int, logs: Logs = None) -> None: ...

    class KerasModelCheckpoint(_KerasCallback):
        """The active Keras' ModelCheckpoint, as far as it is used here."""

        def __init__(self, filepath: str, **kwargs: Any) -> None: ...

        verbose: int
        filepath: str
        monitor: str
        best: Any
        save_best_only: bool
        save_weights_only: bool
        save_freq: Any
        _current_epoch: int

        def _should_save_on_batch(self, batch: int) -> bool: ...
else:
    _KerasCallback, KerasModelCheckpoint = _keras.bases()


class AnyKeras:
    """Mixin: answers what each Keras asks of a callback, whichever Keras it derives from."""

    # Keras 2 hands over plain numbers instead of tensors.
    _supports_tf_logs = False

    log_on = "chief"
    logs_here = True  # whether this worker logs

    def _join(self, log_on: str, run: Any = None) -> None:
        """Find out whether this worker logs; if so, there must be a run.

        All workers do what may need the others, such as predicting or reading weights: a worker
        that left it out would leave them waiting. Only what is recorded depends on ``logs_here``.
        """
        if log_on not in ("chief", "all"):
            raise ValueError(f"log_on={log_on!r}: expected 'chief' or 'all'.")
        self.log_on = log_on
        self.logs_here = log_on == "all" or workers.is_chief()
        self._writer = _run.Writer(run, type(self).__name__)
        if self.logs_here:
            self._writer.require()

    def _begin_run(self) -> None:
        """Set what belongs to a run, such as the best value; called for each run anew."""

    @property
    def model(self) -> Any:
        """The model being trained, with its state attached (JAX)."""
        return _keras.synced(self._model)

    @model.setter
    def model(self, model: Any) -> None:
        self._model = _keras.unwrapped(model)

    def set_model(self, model: Any) -> None:
        """Take the model to train; of the callback's own Keras or of another one."""
        self.model = model
        self.logs_here = self.log_on == "all" or workers.is_chief(model)
        is_another = self._writer.begin()
        if not self.logs_here:
            self._writer.warn_unused()
        if is_another:
            self._begin_run()

    # Keras 2 asks these before it calls, and pays for, batch hooks; a Keras 3 base lacks them.
    def _implements_train_batch_hooks(self) -> bool:
        return _overrides(self, "train")

    def _implements_test_batch_hooks(self) -> bool:
        return _overrides(self, "test")

    def _implements_predict_batch_hooks(self) -> bool:
        return _overrides(self, "predict")

    def _withdraw_batch_hooks(self, owner: type, kind: str = "train") -> None:
        """Give the batch hooks that ``owner`` defines back to Keras as not implemented.

        Keras 2 then skips the synchronisation of every batch and JAX keeps dispatching ahead. A
        subclass's own override stays.
        """
        for hook in BATCH_HOOKS[kind]:
            if hook in vars(owner) and getattr(type(self), hook) is vars(owner)[hook]:
                setattr(self, hook, getattr(_KerasCallback, hook).__get__(self))

    def _withdrawn(self) -> list[str]:
        hooks = [hook for kind in BATCH_HOOKS.values() for hook in kind]
        return [hook for hook in hooks if hook in vars(self)]

    def __getstate__(self) -> dict[str, Any]:
        """Return what to copy: a method pickled before its object comes back as another one."""
        withdrawn = self._withdrawn()
        state = {name: value for name, value in vars(self).items() if name not in withdrawn}
        return {**state, "_copied_without": withdrawn}

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take what was copied."""
        withdrawn = state.pop("_copied_without", ())
        vars(self).update(state)
        for hook in withdrawn:
            setattr(self, hook, getattr(_KerasCallback, hook).__get__(self))


def implements(callback: Any, kind: str) -> bool:
    """Whether a callback of any Keras wants its batch hooks called.

    Args:
        callback: The callback.
        kind: ``"train"``, ``"test"`` or ``"predict"``.
    """
    asked = getattr(callback, f"_implements_{kind}_batch_hooks", None)  # Keras 2
    return _overrides(callback, kind) if asked is None else bool(asked())


def _overrides(callback: Any, kind: str) -> bool:
    return not all(
        getattr(getattr(callback, hook), "_is_default", False)  # Keras' mark, on all of them
        for hook in BATCH_HOOKS[kind]
    )


class Callback(AnyKeras, _KerasCallback):
    """Base of the callbacks that log; derives from the active Keras' ``Callback``.

    Args:
        log_on: Which workers of a distributed training log: ``"chief"`` (default) or ``"all"``.
        run: The run to log to; by default the one that is active when training begins.
    """

    def __init__(self, *args: Any, log_on: str = "chief", run: Any = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._join(log_on, run)
