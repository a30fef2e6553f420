"""WandbCallbackList: several callbacks as one."""

from __future__ import annotations

from typing import Any, Iterable, Iterator

from wandb_keras_compat import _keras

from ._base import BATCH_HOOKS, AnyKeras, _KerasCallback, implements


def _forward(hook: str) -> Any:
    """Return the method that calls a hook of every part, in order."""

    def forward(self: WandbCallbackList, *args: Any, **kwargs: Any) -> None:
        for part in self.parts:
            getattr(part, hook)(*args, **kwargs)

    return _named(forward, hook, "every part")


def _forward_batches(hook: str) -> Any:
    """Return the method that calls a batch hook of every part that has one."""
    (kind,) = (kind for kind, hooks in BATCH_HOOKS.items() if hook in hooks)

    def forward(self: WandbCallbackList, *args: Any, **kwargs: Any) -> None:
        for part in self._hooked[kind]:
            getattr(part, hook)(*args, **kwargs)

    return _named(forward, hook, "every part that has batch hooks")


def _named(forward: Any, hook: str, to: str) -> Any:
    forward.__name__ = forward.__qualname__ = hook
    forward.__doc__ = f"Forward ``{hook}`` to {to}."
    return forward


class WandbCallbackList(AnyKeras, _KerasCallback):
    """Several callbacks where the code around has room for one.

    Every hook goes to the parts, in their order. Keras is offered batch hooks only when a part has
    them, so that a list of callbacks that log epochs costs a batch nothing.

    Args:
        callbacks: The parts: callbacks of any Keras. Lists and tuples in it are taken apart, as
            Keras takes ``fit(callbacks=)`` apart.

    Attributes:
        parts: The callbacks, as a tuple.

    Raises:
        TypeError: If it is no list or tuple, or something in it is no callback.

    Example:
        >>> logging = WandbCallbackList([WandbMetricsLogger(), WandbBestModel()])  # doctest: +SKIP
        >>> model.fit(x, y, callbacks=[logging, early_stopping])  # doctest: +SKIP
    """

    def __init__(self, callbacks: Iterable[Any]) -> None:
        super().__init__()
        if not isinstance(callbacks, (list, tuple)):
            raise TypeError(f"callbacks={callbacks!r}: expected a list of Keras callbacks.")
        self._take(_flat(callbacks, "callbacks"))

    def _take(self, parts: Iterable[Any]) -> None:
        """Set the parts, and offer Keras the batch hooks that they have."""
        self.parts = tuple(parts)
        for hook in self._withdrawn():
            delattr(self, hook)
        self._hooked = self._by_hooks()
        for kind, hooked in self._hooked.items():
            if not hooked:
                self._withdraw_batch_hooks(WandbCallbackList, kind)

    def _by_hooks(self) -> dict[str, tuple[Any, ...]]:
        """Return the parts that have batch hooks, by what is done in batches."""
        return {k: tuple(p for p in self.parts if implements(p, k)) for k in BATCH_HOOKS}

    @property
    def async_safe(self) -> bool:
        """Whether Keras 3 may call batch hooks while the next batch runs: the parts decide."""
        hooked = [part for parts in self._hooked.values() for part in parts]
        return bool(hooked) and all(getattr(part, "async_safe", False) for part in hooked)

    def set_params(self, params: dict[str, Any]) -> None:
        """Hand Keras' parameters to every part."""
        self.params = params
        for part in self.parts:
            part.set_params(params)

    def set_model(self, model: Any) -> None:
        """Hand the model to every part."""
        self.model = model
        for part in self.parts:
            part.set_model(model)
        self._hooked = self._by_hooks()  # a part may have been changed since

    on_train_begin = _forward("on_train_begin")
    on_train_end = _forward("on_train_end")
    on_test_begin = _forward("on_test_begin")
    on_test_end = _forward("on_test_end")
    on_predict_begin = _forward("on_predict_begin")
    on_predict_end = _forward("on_predict_end")
    on_epoch_begin = _forward("on_epoch_begin")
    on_epoch_end = _forward("on_epoch_end")
    on_train_batch_begin = _forward_batches("on_train_batch_begin")
    on_train_batch_end = _forward_batches("on_train_batch_end")
    on_test_batch_begin = _forward_batches("on_test_batch_begin")
    on_test_batch_end = _forward_batches("on_test_batch_end")
    on_predict_batch_begin = _forward_batches("on_predict_batch_begin")
    on_predict_batch_end = _forward_batches("on_predict_batch_end")
    # Keras itself calls the names above; hand-written loops call these.
    on_batch_begin = on_train_batch_begin
    on_batch_end = on_train_batch_end


def _flat(callbacks: Iterable[Any], place: str) -> Iterator[Any]:
    for index, part in enumerate(callbacks):
        at = f"{place}[{index}]"
        if isinstance(part, (list, tuple)):
            yield from _flat(part, at)
        elif not _keras.is_callback(part):
            raise TypeError(f"{at}={part!r}: expected a callback of Keras.")
        else:
            yield part
