"""Modules of W&B with the names they had: amended where they exist, made up where they do not."""

from __future__ import annotations

import importlib
import sys
import threading
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Sequence

from .amendment import ABSENT, Amendment, offers, put
from .homes import HOMES, LEGACY, NEW_HOME, OLD_HOME, handed_out, ours

_OWN = ("__getattr__", "__dir__", "__all__")  # what a module that is made up has of ours


class _Thread(threading.local):
    """The imports under way in this thread."""

    def __init__(self) -> None:
        self.sought: set[str] = set()
        self.executing: set[str] = set()


class Finder:
    """Answers for the homes alone; every other import passes.

    Args:
        prefer: As for ``shim.install()``.
    """

    def __init__(self, prefer: str) -> None:
        self.prefer = prefer
        self.force = prefer == "ours"  # ours stand in for those that W&B still has
        self._thread = _Thread()
        self._executing: set[str] = set()  # in any thread
        self._amending = threading.Lock()
        self._amended: list[Amendment] = []
        self._loaders: list[_Loader] = []
        self._made_up: dict[str, ModuleType] = {}
        self._attributes: list[Any] = []  # (parent module, attribute, value before)

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: Any = None
    ) -> ModuleSpec | None:
        """Return a spec whose loader runs W&B's own and amends it; None for what is no home."""
        sought = self._thread.sought
        if fullname not in HOMES or fullname in sought:  # another finder asks those after it, too
            return None
        sought.add(fullname)
        try:
            real = self._real_spec(fullname, path, target)
        finally:
            sought.discard(fullname)
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

    def begin(self, name: str) -> None:
        """Leave a module alone from its creation until its code has run."""
        self._executing.add(name)

    def execute(self, module: ModuleType, real: Any) -> None:
        """Fill a module: with W&B's code if there is some that runs here, else with our names."""
        name = module.__name__
        parent, _, attribute = name.rpartition(".")
        if parent in sys.modules:
            value = vars(sys.modules[parent]).get(attribute, ABSENT)
            self._attributes.append((sys.modules[parent], attribute, value))
        before = dict(vars(module))
        if real is None:
            self._make_up(module)
            self._executing.discard(name)
            return
        executing = self._thread.executing
        executing.add(name)
        try:
            real.exec_module(module)
        except ImportError:  # W&B's code needs TensorFlow, which is not here
            if name.rpartition(".")[0] in executing:
                raise  # the parent falls back as a whole
            vars(module).clear()
            vars(module).update(before)
            self._make_up(module)
        finally:
            executing.discard(name)
            self._executing.discard(name)
        if not executing:
            self.amend_loaded()

    def amend_loaded(self) -> None:
        """Add the missing names to W&B's modules, those imported before the shim included."""
        with self._amending:
            for name, offered in HOMES.items():
                module = sys.modules.get(name)
                made_up = self._made_up.get(name) is module
                if module is not None and not made_up and name not in self._executing:
                    self._amend(module, offered)
            lazy = _lazy_attribute()
            if lazy is not None and self.force:
                self._amend(lazy, HOMES[OLD_HOME], lazy=True)

    def _amend(self, module: ModuleType, offered: Sequence[str], lazy: bool = False) -> None:
        if any(amendment.module is module for amendment in self._amended):
            return
        names = [name for name in offered if self.force or not offers(module, name)]
        if names:
            self._amended.append(Amendment(module, names, lazy))

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
        vars(module)["__dir__"] = lambda: sorted({*vars(module), *HOMES[name]})

    def restore(self) -> None:
        """Undo everything, in the opposite order."""
        lazy = _lazy_attribute()
        # W&B's lazy attribute copied the dictionary of the module it loaded, with our entries.
        copied = [*self._made_up.values(), *(amendment.module for amendment in self._amended)]
        copies = [
            (module, name)
            for module in copied
            for name in _OWN
            if lazy not in (None, module)
            and name in vars(module)
            and vars(lazy).get(name) is vars(module)[name]
        ]
        for amendment in reversed(self._amended):
            amendment.undo()
        for module in self._made_up.values():
            for name in _OWN:
                vars(module).pop(name, None)
            for space in (sys.modules, vars(sys.modules.get("wandb", module))):
                for name in [name for name, known in space.items() if known is module]:
                    del space[name]
        for module, name in copies:
            put(vars(lazy), name, vars(module).get(name, ABSENT))
        gone = [ABSENT, *self._made_up.values()]
        gone += [module for loader in self._loaders for module in loader.step_aside()]
        for parent, attribute, value in reversed(self._attributes):
            if vars(parent).get(attribute, ABSENT) in gone:
                put(vars(parent), attribute, value)
        handed_out.clear()


class _Loader:
    """Runs W&B's own loader, if there is one, and amends what it loaded."""

    def __init__(self, finder: Finder, name: str, real: Any) -> None:
        self._finder = finder
        self._name = name
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        self._finder.begin(self._name)
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
        if all(id(value) not in handed_out for value in vars(module).values()):
            return []
        # W&B's own code imported our classes; the next import is to run it anew.
        del sys.modules[self._name]
        return [module]


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
