"""Keep the promise of ``run --offline``: whatever a script says, W&B's client sends nothing."""

from __future__ import annotations

import functools
import inspect
import os
import sys
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any, Callable

VARIABLE = "WANDB_KERAS_COMPAT_OFFLINE"
_SENDS_NOTHING = ("offline", "dryrun", "disabled")
# What cannot do anything without W&B's server.
_NEED_A_SERVER = ("agent", "controller", "sweep")

_told = False


def keep() -> None:
    """Keep every run of this process, and of those it starts, on this machine."""
    os.environ.update({VARIABLE: "1", "WANDB_MODE": "offline", "WANDB_ERROR_REPORTING": "false"})
    if "wandb" in sys.modules:
        _overrule(sys.modules["wandb"])
    elif not any(isinstance(finder, _Finder) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Finder())


class _Finder:
    """Answers for ``wandb`` alone: W&B's own, overruled as soon as it is loaded."""

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname != "wandb":
            return None
        for finder in [known for known in sys.meta_path if known is not self]:
            spec = finder.find_spec(fullname, path, target)
            if spec is not None:
                loader: Any = None if spec.loader is None else _Loader(spec.loader)
                spec.loader = loader
                return spec
        return None


class _Loader:
    """Runs W&B's own loader and leaves the module with it."""

    def __init__(self, real: Any) -> None:
        self._real = real

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        module: ModuleType | None = self._real.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        if module.__spec__ is not None:
            module.__spec__.loader = self._real
        module.__loader__ = self._real
        self._real.exec_module(module)
        _overrule(module)


def _overrule(wandb: Any) -> None:
    if hasattr(wandb.init, "__wrapped_by_run_offline__"):
        return
    _replace(wandb, "init", _offline_init(wandb.init))
    _replace(wandb, "login", _no_login(wandb.login))
    for name in _NEED_A_SERVER:
        if hasattr(wandb, name):
            _replace(wandb, name, _refused(wandb, name, getattr(wandb, name)))
    wandb.Api.__init__ = _refused(wandb, "Api", wandb.Api.__init__)


def _replace(wandb: Any, name: str, new: Any) -> None:
    """Put a function in the place of one of W&B's, in each module that offers it."""
    old = getattr(wandb, name)
    new.__wrapped_by_run_offline__ = True
    for module in [m for key, m in sys.modules.items() if key.split(".")[0] == "wandb"]:
        if isinstance(module, ModuleType) and vars(module).get(name) is old:
            setattr(module, name, new)


def _offline_init(init: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(init)
    def offline_init(*args: Any, **kwargs: Any) -> Any:
        given = inspect.signature(init).bind_partial(*args, **kwargs)
        asked, said = _mode_asked_for(given.arguments)
        if asked not in _SENDS_NOTHING:
            _tell(f"the script says {said}; with --offline the run is recorded on disk only.")
        # The argument is stronger than settings, and they are stronger than the environment.
        given.arguments["mode"] = "disabled" if asked == "disabled" else "offline"
        if os.environ.get("WANDB_MODE") not in _SENDS_NOTHING:
            os.environ["WANDB_MODE"] = "offline"
        return init(*given.args, **given.kwargs)

    return offline_init


def _mode_asked_for(arguments: dict[str, Any]) -> tuple[str, str]:
    """Return the mode that a call of ``wandb.init`` would have, and where it is said."""
    if arguments.get("mode") is not None:
        return str(arguments["mode"]), f"mode={arguments['mode']!r}"
    settings: Any = arguments.get("settings") or {}
    if "mode" in getattr(settings, "model_fields_set", ()):  # from wandb 0.19 on
        settings = {"mode": settings.mode}
    if isinstance(settings, dict) and settings.get("mode") is not None:
        return str(settings["mode"]), f"mode={settings['mode']!r} in settings"
    mode = os.environ.get("WANDB_MODE", "online")
    return mode, f"WANDB_MODE={mode}"


def _no_login(login: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(login)
    def no_login(*args: Any, **kwargs: Any) -> bool:
        return False  # as W&B's own does offline, once it has read the mode from the environment

    return no_login


def _refused(wandb: Any, name: str, real: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(real)
    def refuse(*args: Any, **kwargs: Any) -> Any:
        raise wandb.Error(
            f"wandb.{name} needs W&B's server, and `wandb-keras-compat run --offline` asks for none"
        )

    return refuse


def _tell(message: str) -> None:
    global _told
    if not _told:
        _told = True
        print(f"wandb-keras-compat: {message}", file=sys.stderr)
