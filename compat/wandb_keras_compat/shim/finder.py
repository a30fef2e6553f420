"""Modules of W&B with the names they had: amended where they exist, made up where they do not."""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Sequence

TRIO = ("WandbEvalCallback", "WandbMetricsLogger", "WandbModelCheckpoint")
LEGACY = "WandbCallback"
NEW_HOME = "wandb.integration.keras"
OLD_HOME = "wandb.keras"

# module -> the names it offers. Those W&B does not have (any more) are made up.
HOMES: dict[str, Sequence[str]] = {
    OLD_HOME: (LEGACY, *TRIO),
    NEW_HOME: (LEGACY, *TRIO),
    "wandb.integration.keras.keras": (LEGACY,),
    "wandb.integration.keras.callbacks": TRIO,
    "wandb.integration.keras.callbacks.metrics_logger": ("WandbMetricsLogger",),
    "wandb.integration.keras.callbacks.model_checkpoint": ("WandbModelCheckpoint",),
    "wandb.integration.keras.callbacks.tables_builder": ("WandbEvalCallback",),
    "wandb.wandb_keras": ("WandbKerasCallback", LEGACY),  # the home before 2019
}
# Old names of what has another name now.
RENAMED = {"WandbKerasCallback": LEGACY}

_ABSENT = object()
_handed_out: dict[int, Any] = {}  # our classes in use, by identity


def ours(name: str) -> Any:
    """Return this package's class for a name that W&B's modules offered."""
    name = RENAMED.get(name, name)
    if name == LEGACY:
        from wandb_keras_compat import legacy as home
    else:
        from wandb_keras_compat import callbacks as home  # type: ignore[no-redef]
    found = getattr(home, name)
    _handed_out[id(found)] = found
    return found


class Finder:
    """Answers for the homes alone; every other import passes.

    Args:
        prefer: As for ``shim.install()``.
    """

    def __init__(self, prefer: str) -> None:
        self.prefer = prefer
        self.force = prefer == "ours"  # ours stand in for those that W&B still has
        self._executing: set[str] = set()
        self._amended: list[_Amendment] = []
        self._loaders: list[_Loader] = []
        self._made_up: dict[str, ModuleType] = {}
        self._attributes: list[Any] = []  # (parent module, attribute, value before)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        """Return a spec whose loader runs W&B's own and amends it; None for what is no home."""
        if fullname not in HOMES:
            return None
        real = self._real_spec(fullname, path, target)
        loader: Any = _Loader(self, fullname, None if real is None else real.loader)
        self._loaders.append(loader)
        if real is None:
            package = any(home.startswith(f"{fullname}.") for home in HOMES)
            return ModuleSpec(fullname, loader, origin="wandb_keras_compat", is_package=package)
        real.loader = loader
        return real

    def _real_spec(
        self, fullname: str, path: Sequence[str] | None, target: Any
    ) -> ModuleSpec | None:
        for finder in sys.meta_path:
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(fullname, path, target)
                if spec is not None and spec.loader is not None:
                    return spec
        return None

    def execute(self, module: ModuleType, real: Any) -> None:
        """Fill a module: with W&B's code if there is some that runs here, else with our names."""
        name = module.__name__
        parent, _, attribute = name.rpartition(".")
        if parent in sys.modules:
            value = vars(sys.modules[parent]).get(attribute, _ABSENT)
            self._attributes.append((sys.modules[parent], attribute, value))
        before = dict(vars(module))
        if real is None:
            self._make_up(module)
            return
        self._executing.add(name)
        try:
            real.exec_module(module)
        except ImportError:  # W&B's code needs TensorFlow, which is not here
            if name.rpartition(".")[0] in self._executing:
                raise  # the parent falls back as a whole
            vars(module).clear()
            vars(module).update(before)
            self._make_up(module)
        finally:
            self._executing.discard(name)
        if not self._executing:
            self.amend_loaded()

    def amend_loaded(self) -> None:
        """Add the missing names to W&B's modules, those imported before the shim included."""
        for name, offered in HOMES.items():
            module = sys.modules.get(name)
            if module is not None and name not in self._made_up:
                self._amend(module, offered)
        lazy = _lazy_attribute()
        if lazy is not None and self.force:
            self._amend(lazy, HOMES[OLD_HOME], lazy=True)

    def _amend(self, module: ModuleType, offered: Sequence[str], lazy: bool = False) -> None:
        if any(amendment.module is module for amendment in self._amended):
            return
        names = [name for name in offered if self.force or not _offers(module, name)]
        if names:
            self._amended.append(_Amendment(module, names, lazy))

    def _make_up(self, module: ModuleType) -> None:
        """Fill a module with our names, resolved when they are asked for."""
        name = module.__name__
        self._made_up[name] = module
        module.__doc__ = "The names W&B's module of this name had, offered by wandb_keras_compat."
        vars(module)["__all__"] = list(HOMES[name])

        def resolve(attribute: str) -> Any:
            if attribute in HOMES[name]:
                if name == OLD_HOME and not self.force and _upstream_offers(attribute):
                    return getattr(importlib.import_module(NEW_HOME), attribute)
                return ours(attribute)
            if f"{name}.{attribute}" in HOMES:
                return importlib.import_module(f"{name}.{attribute}")
            if name == OLD_HOME and not attribute.startswith("__"):
                return getattr(importlib.import_module(NEW_HOME), attribute)
            raise AttributeError(f"module {name!r} has no attribute {attribute!r}")

        vars(module)["__getattr__"] = resolve

    def restore(self) -> None:
        """Undo everything, in the opposite order."""
        lazy = _lazy_attribute()
        # W&B's lazy attribute copied the dictionary of the module it loaded, with our entries.
        copied = [*self._made_up.values(), *(amendment.module for amendment in self._amended)]
        copies = [
            (module, name)
            for module in copied
            for name in ("__getattr__", "__all__")
            if lazy not in (None, module)
            and name in vars(module)
            and vars(lazy).get(name) is vars(module)[name]
        ]
        for amendment in reversed(self._amended):
            amendment.undo()
        for module in self._made_up.values():
            vars(module).pop("__getattr__", None)
            vars(module).pop("__all__", None)
            for space in (sys.modules, vars(sys.modules.get("wandb", module))):
                for name in [name for name, known in space.items() if known is module]:
                    del space[name]
        for module, name in copies:
            _put(vars(lazy), name, vars(module).get(name, _ABSENT))
        gone = [_ABSENT, *self._made_up.values()]
        gone += [module for loader in self._loaders for module in loader.step_aside()]
        for parent, attribute, value in reversed(self._attributes):
            if vars(parent).get(attribute, _ABSENT) in gone:
                _put(vars(parent), attribute, value)
        _handed_out.clear()


class _Loader:
    """Runs W&B's own loader, if there is one, and amends what it loaded."""

    def __init__(self, finder: Finder, name: str, real: Any) -> None:
        self._finder = finder
        self._name = name
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = None
        if self._real is not None:
            module = self._real.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        self._finder.execute(module, self._real)

    def __getattr__(self, name: str) -> Any:
        # get_code, get_source, is_package, ...: pickle, inspect and runpy ask the real loader.
        if name.startswith("__") or self._real is None:
            raise AttributeError(name)
        return getattr(self._real, name)

    def step_aside(self) -> list[ModuleType]:
        """Leave a module with W&B's own loader; return it if it had to be dropped."""
        module = sys.modules.get(self._name)
        spec = getattr(module, "__spec__", None)
        if module is None or spec is None or spec.loader is not self:
            return []
        spec.loader = self._real
        module.__loader__ = self._real
        if all(id(value) not in _handed_out for value in vars(module).values()):
            return []
        # W&B's own code imported our classes; the next import is to run it anew.
        del sys.modules[self._name]
        return [module]


class _Amendment:
    """Names added to one of W&B's modules (with ``force``: taken over), and how to undo it.

    They are attributes of the module's class: W&B's own functions look names up in the module's
    dictionary and go on finding what W&B put there.
    """

    def __init__(self, module: ModuleType, names: Sequence[str], lazy: bool = False) -> None:
        self.module = module
        self._class = type(module)
        self._all = vars(module).get("__all__", _ABSENT)
        attributes: dict[str, Any] = {name: _Name(name, module) for name in names}
        if not lazy:
            public = [name for name in vars(module) if not name.startswith("_")]
            known = public if self._all is _ABSENT else list(self._all)
            vars(module)["__all__"] = [*known, *(name for name in names if name not in known)]
            attributes["__getattr__"] = _submodule
        module.__class__ = type(self._class.__name__, (self._class,), attributes)

    def undo(self) -> None:
        self.module.__class__ = self._class
        _put(vars(self.module), "__all__", self._all)


class _Name:
    """Our class as an attribute of W&B's module, until someone sets another one."""

    def __init__(self, name: str, module: ModuleType) -> None:
        self._name = name
        self._before = vars(module).get(name, _ABSENT)

    def __get__(self, module: ModuleType, owner: type) -> Any:
        value = vars(module).get(self._name, _ABSENT)
        return ours(self._name) if value is self._before else value

    def __set__(self, module: ModuleType, value: Any) -> None:
        # Putting ours back, as mock.patch does, is no change.
        _put(vars(module), self._name, self._before if id(value) in _handed_out else value)

    def __delete__(self, module: ModuleType) -> None:
        _put(vars(module), self._name, self._before)


def _submodule(module: ModuleType, attribute: str) -> Any:
    """Import a home that W&B's package used to import itself."""
    name = f"{module.__name__}.{attribute}"
    if name in HOMES:
        return importlib.import_module(name)
    raise AttributeError(f"module {module.__name__!r} has no attribute {attribute!r}")


def _offers(module: ModuleType, name: str) -> bool:
    """Whether W&B's module has a name, or says that it will have it when asked."""
    space = vars(module)
    return name in space or ("__getattr__" in space and name in space.get("__all__", ()))


def _upstream_offers(name: str) -> bool:
    """Whether the installed W&B has a class, found out without importing TensorFlow."""
    if NEW_HOME in sys.modules or name != LEGACY:
        return True
    from wandb_keras_compat.environment import detect

    wandb = detect().wandb
    return wandb is not None and wandb.legacy_callback


def _lazy_attribute() -> ModuleType | None:
    """Return the module object that ``import wandb`` puts at ``wandb.keras``, if it has."""
    wandb = sys.modules.get("wandb")
    attribute = None if wandb is None else vars(wandb).get("keras")
    if isinstance(attribute, ModuleType) and sys.modules.get(OLD_HOME) is not attribute:
        return attribute
    return None


def _put(space: dict[str, Any], name: str, value: Any) -> None:
    """Set a name in a module's dictionary, or remove it where it was absent."""
    if value is _ABSENT:
        space.pop(name, None)
    else:
        space[name] = value
