"""The learning rates that the last update of a model used."""

from __future__ import annotations

import sys
from typing import Any, Callable, Iterator, Sequence

from . import is_keras_own, is_symbolic, module_of, of_keras, to_numpy

_BATCH_BEGINS = ("on_train_batch_begin", "on_batch_begin")
_BATCH_ENDS = ("on_train_batch_end", "on_batch_end")


class LearningRates:
    """Reads the rates by the names they are logged under; an optimizer never used has none.

    One optimizer gives ``learning_rate``; each of a ``MultiOptimizer`` gives
    ``learning_rate_<its name>``, as Keras' own callbacks call it. What the optimizer is made of is
    found out once, not for every row.

    By the end of a batch the optimizer's counter names the next step, and with gradient
    accumulation not every step is an update: a schedule is asked for the step of the last one.
    Upstream logged the next step's rate on Keras 3 and on TensorFlow before 2.11 (measured), and
    the one just used elsewhere.

    Reading a variable takes as long as logging half a row. Where nothing can change it within an
    epoch, it is read once an epoch.

    Args:
        model: A compiled model; on JAX its state need not be attached, which would cost time.
    """

    def __init__(self, model: Any) -> None:
        self._model = model
        self._optimizer: Any = None
        self._rates: list[tuple[str, _Rate]] = []
        self._is_steady = False
        self._kept: dict[str, float] | None = None
        self.holds_at: str | None = None

    def __reduce__(self) -> Any:
        """Copy as one that finds out anew."""
        return LearningRates, (self._model,)

    def begin_training(self, callbacks: Sequence[Any] | None, own: Any, batches: bool) -> None:
        """Find out whether the rates can change within an epoch, and when they have to be held.

        Between the update and the row other callbacks may change a rate: those that stand before
        ours when a batch or an epoch ends, all of them between the last batch and the epoch's row.
        ``holds_at`` says where ``hold`` has to be called: ``"epoch begin"``, ``"batch begin"``,
        ``"batch end"`` or nowhere (None).

        Args:
            callbacks: All callbacks of the training; None where they are not known.
            own: The callback that reads the rates.
            batches: Whether it is called for batches; where another one is, it can be.
        """
        self.forget()
        self.holds_at = None
        self._is_steady = False
        if callbacks is None:
            return
        flat = list(_parts(callbacks))
        place = next((index for index, part in enumerate(flat) if part is own), 0)
        before, after = flat[:place], flat[place + 1 :]
        self._is_steady = _is_steady(self._model, flat)
        if self._is_steady:
            if _any_has(before, ["on_epoch_end"]) and not _any_has(after, ["on_epoch_begin"]):
                self.holds_at = "epoch begin"
        elif batches or _any_has(flat, _BATCH_BEGINS + _BATCH_ENDS):
            early = _any_has(before, _BATCH_ENDS) and not _any_has(after, _BATCH_BEGINS)
            self.holds_at = "batch begin" if early else "batch end"

    def hold(self) -> None:
        """Take the rates as they are now for those of the last update, until held or forgotten."""
        for _, rate in self._found():
            rate.hold()

    def forget(self) -> None:
        """Read anew: between epochs callbacks may change the rates."""
        self._kept = None
        for _, rate in self._rates:
            rate.held = None

    def __call__(self) -> dict[str, float]:
        """Return the rates of the last update, by name."""
        rates = self._found()
        if self._kept is not None:
            return self._kept
        last = {name: rate.last() for name, rate in rates}
        found = {name: value for name, value in last.items() if value is not None}
        if self._is_steady and len(found) == len(last):
            self._kept = found if all(rate.is_constant for _, rate in rates) else None
        return found

    def _found(self) -> list[tuple[str, _Rate]]:
        optimizer = getattr(self._model, "optimizer", None)
        if optimizer is not self._optimizer:
            self._kept = None
            self._rates = list(_rates(self._model, optimizer))
            self._optimizer = optimizer
        return self._rates


def _is_steady(model: Any, callbacks: Sequence[Any]) -> bool:
    """Whether a batch is trained by Keras alone, with no one's code in between."""
    optimizer = _inner(getattr(model, "optimizer", None))
    steps = ("train_step", "make_train_function")
    own = [is_keras_own(model, step) and step not in vars(model) for step in steps]
    own += [of_keras(type(part)) for part in _several(optimizer) or [optimizer]]
    return all(own) and not _any_has(callbacks, _BATCH_BEGINS + _BATCH_ENDS)


def _parts(callbacks: Sequence[Any]) -> Iterator[Any]:
    """Yield the callbacks, those that consist of several taken apart."""
    for callback in callbacks:
        parts = getattr(callback, "parts", None)
        if isinstance(parts, tuple):
            yield from _parts(parts)
        else:
            yield callback


def _any_has(callbacks: Sequence[Any], hooks: Sequence[str]) -> bool:
    """Whether a callback has code for one of these hooks that is neither Keras' nor ours."""
    found = (getattr(callback, hook, None) for callback in callbacks for hook in hooks)
    return any(method is not None and not _is_known(method) for method in found)


def _is_known(method: Any) -> bool:
    ours = f"{__name__.partition('.')[0]}."
    return of_keras(method) or module_of(method).startswith(ours)


def steps_taken(model: Any) -> int | None:
    """Return how many steps the optimizer of a model counted, updates or not; None without one."""
    optimizer = _inner(getattr(model, "optimizer", None))
    if isinstance(optimizer, (list, tuple)):
        return max((_Rate(model, part).steps() for part in optimizer), default=None)
    return None if optimizer is None else _Rate(model, optimizer).steps()


def _inner(optimizer: Any) -> Any:
    return getattr(optimizer, "inner_optimizer", None) or optimizer  # of a LossScaleOptimizer


def _rates(model: Any, optimizer: Any) -> Iterator[tuple[str, _Rate]]:
    optimizer = _inner(optimizer)
    if optimizer is None:
        return
    several = _several(optimizer)
    if several is None:
        yield "learning_rate", _Rate(model, optimizer)
        return
    for part in several:
        yield f"learning_rate_{getattr(part, 'name', None) or part._name}", _Rate(model, part)


def _several(optimizer: Any) -> Any | None:
    """Return the optimizers of a MultiOptimizer or a WideDeepModel; None for a single one."""
    listed = optimizer if isinstance(optimizer, (list, tuple)) else None
    return getattr(optimizer, "optimizers", listed)


class _Rate:
    """The rate of one optimizer."""

    def __init__(self, model: Any, optimizer: Any) -> None:
        self._model, self._optimizer = model, optimizer
        self._together = getattr(optimizer, "gradient_accumulation_steps", None)
        # Keras 3 has a schedule there, a Keras 2 as well since TensorFlow 2.11.
        self._attribute = (
            "_learning_rate" if hasattr(optimizer, "_learning_rate") else "learning_rate"
        )
        self._places: dict[int, int] = {}
        self._used = False
        self.held: float | None = None  # a value to give, instead of the one it has by now
        self._is_variable = False  # else the rate depends on the step
        # The argument `decay` divides the rate anew in each step. Until: TensorFlow 2.11
        self._decays = bool(getattr(optimizer, "_initial_decay", None))
        self._source: Any = None
        self._read: Callable[[], float | None] = lambda: None

    def last(self) -> float | None:
        """Return the rate of the last update; None when there was none."""
        if not self._used:
            self._used = self._last_step() is not None
            if not self._used:
                return None
        rate = self._now() if self.held is None else self.held
        if rate is not None and self._decays:
            rate /= 1 + float(to_numpy(self._optimizer.decay)) * (self._last_step() or 0)
        return rate

    def hold(self) -> None:
        """Keep the value of a variable; a schedule knows the rate of any step later on."""
        self._look()
        self.held = self._read() if self._is_variable else None

    @property
    def is_constant(self) -> bool:
        """Whether it stays as it is until somebody assigns another."""
        return self._is_variable and not self._decays

    def _now(self) -> float | None:
        self._look()
        return self._read()

    def _look(self) -> None:
        source = getattr(self._optimizer, self._attribute, None)
        if source is not self._source:
            self._read = self._reader(source)
            self._source = source

    def _reader(self, source: Any) -> Callable[[], float | None]:
        self._is_variable = False
        if source is None:
            return lambda: None
        if any(cls.__name__ == "LearningRateSchedule" for cls in type(source).__mro__):
            if is_symbolic(self._counter()):  # asked each time, it adds to the graph
                source = source(self._counter() - 1)
                return lambda: float(to_numpy(source))
            return lambda: float(to_numpy(source(self._last_step())))
        if callable(source) and not hasattr(source, "dtype"):
            return lambda: float(to_numpy(source()))
        self._is_variable = True
        variable = getattr(source, "_value", None)  # of Keras 3; `value` fails while JAX has it
        variable = source if variable is None else variable
        if type(variable).__name__ == "ResourceVariable" and hasattr(variable.handle, "numpy"):
            # half of what the variable's own methods take
            read = sys.modules["tensorflow"].raw_ops.ReadVariableOp
            handle, dtype = variable.handle, variable.dtype
            return lambda: float(read(resource=handle, dtype=dtype))
        return lambda: float(to_numpy(self._held(source)))

    def steps(self) -> int:
        """Return how many steps the optimizer counted, with those that only accumulate."""
        return int(to_numpy(self._held(self._counter())))

    def _counter(self) -> Any:
        # Keras divides `iterations` by the steps that make an update
        return self._optimizer._iterations if self._together else self._optimizer.iterations

    def _last_step(self) -> int | None:
        """Return the step of the last update; None when there was none."""
        steps = self.steps()
        if self._together:
            steps -= steps % self._together
        return steps - 1 if steps else None

    def _held(self, variable: Any) -> Any:
        """Return what a variable of the optimizer holds, also while JAX keeps it elsewhere."""
        state = getattr(self._model, "_jax_state", None)
        if not state or self._model._jax_state_synced:
            return variable
        values = state["optimizer_variables"]
        place = self._places.get(id(variable))
        if place is None:
            known = self._model.optimizer.variables
            found = [index for index, other in enumerate(known) if other is variable]
            if not found:
                return variable
            place = self._places[id(variable)] = found[0]
        return values[place]
