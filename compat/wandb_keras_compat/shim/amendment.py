"""Our names on one of W&B's modules, and how they come off again."""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any, Sequence

from .homes import HOMES, handed_out, ours

ABSENT = object()


class Amendment:
    """Names added to one of W&B's modules (with ``force``: taken over), and how to undo it.

    They are attributes of the module's class: W&B's own functions look names up in the module's
    dictionary and go on finding what W&B put there.
    """

    def __init__(self, module: ModuleType, names: Sequence[str], lazy: bool = False) -> None:
        self.module = module
        self._class = type(module)
        self._all = vars(module).get("__all__", ABSENT)
        attributes: dict[str, Any] = {name: _Name(name, module) for name in names}
        if not lazy:
            public = [name for name in vars(module) if not name.startswith("_")]
            known = public if self._all is ABSENT else list(self._all)
            vars(module)["__all__"] = [*known, *(name for name in names if name not in known)]
            attributes["__getattr__"] = _submodule
            attributes["__dir__"] = lambda own: sorted({*ModuleType.__dir__(own), *names})
        module.__class__ = type(self._class.__name__, (self._class,), attributes)

    def undo(self) -> None:
        """Leave the module as it was."""
        self.module.__class__ = self._class
        put(vars(self.module), "__all__", self._all)


class _Name:
    """Our class as an attribute of W&B's module, until someone sets another one."""

    def __init__(self, name: str, module: ModuleType) -> None:
        self._name = name
        self._before = vars(module).get(name, ABSENT)

    def __get__(self, module: ModuleType, owner: type) -> Any:
        value = vars(module).get(self._name, ABSENT)
        return ours(self._name) if value is self._before else value

    def __set__(self, module: ModuleType, value: Any) -> None:
        # Putting ours back, as mock.patch does, is no change.
        put(vars(module), self._name, self._before if id(value) in handed_out else value)

    def __delete__(self, module: ModuleType) -> None:
        put(vars(module), self._name, self._before)


def _submodule(module: ModuleType, attribute: str) -> Any:
    """Import a home that W&B's package used to import itself."""
    name = f"{module.__name__}.{attribute}"
    if name in HOMES:
        return importlib.import_module(name)
    raise AttributeError(f"module {module.__name__!r} has no attribute {attribute!r}")


def offers(module: ModuleType, name: str) -> bool:
    """Whether W&B's module has a name, or says that it will have it when asked."""
    space = vars(module)
    return name in space or ("__getattr__" in space and name in space.get("__all__", ()))


def put(space: dict[str, Any], name: str, value: Any) -> None:
    """Set a name in a module's dictionary, or remove it where it was absent."""
    if value is ABSENT:
        space.pop(name, None)
    else:
        space[name] = value
