"""Keras' callbacks: a base, a list, and some that record the hooks they get."""

from stage import event, told

HOOKS = (
    "on_train_begin", "on_train_end", "on_epoch_begin", "on_epoch_end", "on_test_begin",
    "on_test_end", "on_predict_begin", "on_predict_end", "on_train_batch_begin",
    "on_train_batch_end",
)  # fmt: skip


class Callback:
    def __init__(self):
        self.params = None
        self._model = None

    @property
    def model(self):
        return self._model

    @model.setter
    def model(self, model):
        self._model = model

    def set_params(self, params):
        self.params = params

    def set_model(self, model):
        self._model = model

    def on_epoch_begin(self, epoch, logs=None):
        pass

    def on_epoch_end(self, epoch, logs=None):
        pass

    def on_train_begin(self, logs=None):
        pass

    def on_train_end(self, logs=None):
        pass

    def on_test_begin(self, logs=None):
        pass

    def on_test_end(self, logs=None):
        pass

    def on_predict_begin(self, logs=None):
        pass

    def on_predict_end(self, logs=None):
        pass

    def on_batch_begin(self, batch, logs=None):
        pass

    def on_batch_end(self, batch, logs=None):
        pass

    def on_train_batch_begin(self, batch, logs=None):
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch, logs=None):
        self.on_batch_end(batch, logs)


def flat(callbacks):
    """Take what Keras takes: a callback, a list or tuple of them, or None; nothing nested."""
    if callbacks is None:
        return []
    if isinstance(callbacks, CallbackList):
        return callbacks.callbacks
    found = list(callbacks) if isinstance(callbacks, (list, tuple)) else [callbacks]
    for callback in found:
        for needed in ("set_model", "set_params"):
            if isinstance(callback, type) or not hasattr(callback, needed):
                kind = "type" if isinstance(callback, type) else type(callback).__name__
                raise AttributeError(f"'{kind}' object has no attribute '{needed}'")
    return found


class CallbackList:
    def __init__(self, callbacks=None, add_history=False, model=None, **params):
        self.callbacks = list(flat(callbacks))
        self.params = params
        if add_history:
            self.callbacks.append(History())
        if model is not None:
            self.set_model(model)

    def append(self, callback):
        self.callbacks.append(callback)

    def set_params(self, params):
        for callback in self.callbacks:
            callback.set_params(params)

    def set_model(self, model):
        for callback in self.callbacks:
            callback.set_model(model)

    def __getattr__(self, name):
        if name not in HOOKS:
            raise AttributeError(f"'CallbackList' object has no attribute '{name}'")

        def forward(*args, **kwargs):
            for callback in self.callbacks:
                getattr(callback, name)(*args, **kwargs)

        return forward


class _Recorded(Callback):
    """A callback of Keras' own: it tells of each epoch, with what it was made of."""

    def __init__(self, *args, **kwargs):
        super().__init__()
        self._made_of = told(args), told(kwargs)
        for name, value in kwargs.items():
            setattr(self, name, value)

    def _told(self):
        return (type(self).__name__, *self._made_of)

    def __repr__(self):
        return f"<{type(self).__name__}>"

    def on_epoch_end(self, epoch, logs=None):
        event("keras", self._told(), epoch)


class EarlyStopping(_Recorded):
    pass


class ModelCheckpoint(_Recorded):
    pass


class ReduceLROnPlateau(_Recorded):
    pass


class LearningRateScheduler(_Recorded):
    pass


class TensorBoard(_Recorded):
    pass


class CSVLogger(_Recorded):
    pass


class TerminateOnNaN(_Recorded):
    pass


class LambdaCallback(Callback):
    def __init__(self, **hooks):
        super().__init__()
        for name, hook in hooks.items():
            setattr(self, name, hook)


class History(Callback):
    def __init__(self):
        super().__init__()
        self.history = {}
        self.epoch = []
