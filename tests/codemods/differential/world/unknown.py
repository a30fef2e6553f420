"""A value of which nothing is known: it takes whatever is done with it and tells of calls."""

from __future__ import annotations

from types import ModuleType


class Unknown:
    """What a name means that the program does not define.

    Args:
        path: How the program reached it.
        stage: Where events go.
    """

    def __init__(self, path: str, stage: ModuleType) -> None:
        self.__dict__.update(_path=path, _stage=stage)

    def _told(self) -> tuple[str, str]:
        return "unknown", self._path

    def __getattr__(self, name: str):
        if name.startswith("__") or name == "as_numpy_iterator":
            raise AttributeError(f"'Unknown' object has no attribute '{name}'")
        return Unknown(f"{self._path}.{name}", self._stage)

    def __setattr__(self, name: str, value: object) -> None:
        told = self._stage.told(value)
        self._stage.event("set", f"{self._path}.{name}", told)
        self.__dict__[name] = value

    def __call__(self, *args, **kwargs):
        name = self._path.rpartition(".")[2]
        if name == "startswith":
            return False
        if name in ("fit", "fit_generator", "evaluate", "predict"):
            from keras import Model  # the stub

            return getattr(Model(name=self._path), name)(*args, **kwargs)
        told = self._stage.told
        self._stage.event("call", self._path, told(args), told(kwargs))
        return Unknown(f"{self._path}()", self._stage)

    def __iter__(self):
        return iter([Unknown(f"{self._path}[{i}]", self._stage) for i in range(2)])

    def __len__(self):
        return 2

    def __contains__(self, item):
        return False

    def __pos__(self):
        return self

    def __abs__(self):
        return self

    def __neg__(self):
        return self

    def keys(self):
        return []

    def __getitem__(self, key):
        if key == slice(None):
            return self
        return Unknown(f"{self._path}[{self._stage.told(key)}]", self._stage)

    def __setitem__(self, key, value):
        told = self._stage.told
        self._stage.event("item", self._path, told(key), told(value))

    def __bool__(self):
        return True

    def __hash__(self):
        return hash(self._path)

    def __eq__(self, other):
        return isinstance(other, Unknown) and other._path == self._path

    def __enter__(self):
        return self

    def __exit__(self, *error):
        return None

    def __await__(self):
        return self
        yield

    def __mro_entries__(self, bases):
        from keras.callbacks import Callback  # the stub

        return () if Callback in bases else (Callback,)

    def __format__(self, spec):
        return self._path

    def __repr__(self):
        return self._path

    def _operate(self, other, name):
        if isinstance(other, str):  # then this is taken for a text too, and making one is no effect
            return Unknown(f"{self._path} {name} {other!r}", self._stage)
        if isinstance(other, (list, tuple)) and name in ("add", "radd"):
            return other  # a list of callbacks somewhere: what is added to it is what counts
        self._stage.event("operate", self._path, name, self._stage.told(other))
        return Unknown(f"{self._path} {name}", self._stage)


def _operator(name: str):
    return lambda self, other: self._operate(other, name)


for _name in ("add", "radd", "iadd", "sub", "rsub", "mul", "rmul", "truediv", "rtruediv",
              "floordiv", "rfloordiv", "mod", "lt", "le", "gt", "ge", "or", "and"):  # fmt: skip
    setattr(Unknown, f"__{_name}__", _operator(_name))
