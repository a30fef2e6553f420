"""Execute the files of one program in fresh modules, with the stubs in place of the real ones."""

from __future__ import annotations

import builtins
import importlib.util
import signal
import sys
import warnings
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path, PurePosixPath
from types import CodeType, ModuleType
from typing import Any, Collection, Iterator, Mapping

from .notebook import Kernel
from .unknown import Unknown

_PACKAGES = Path(__file__).parent / "packages"
_TOPS = ("keras", "tensorflow", "wandb", "wandb_keras_compat", "stage", "stub_parts", "IPython")
SECONDS = 5.0


@dataclass
class Run:
    """What a program did.

    Args:
        events: What happened, in order: hooks of parts, fits, calls, output.
        made: What was constructed, and where.
        error: The exception it ended with: its type and its message.
        forms: How often it constructed the legacy callback, a list in its place, and parts.
    """

    events: list[tuple[Any, ...]] = field(default_factory=list)
    made: list[tuple[Any, Any]] = field(default_factory=list)
    error: tuple[str, str] | None = None
    forms: dict[str, int] = field(default_factory=dict)


class TooLong(BaseException):
    """The program did not end in time."""


def run(
    files: Mapping[str, str | list[str]],
    main: str,
    *,
    old: bool = True,
    unknown: bool = False,
    missing: Collection[str] = (),
) -> Run:
    """Run a program.

    Args:
        files: Its files by path; a notebook is the list of its cells.
        main: The file that is run.
        old: Whether wandb still has the legacy callback.
        unknown: Whether a name that is nowhere defined is an ``Unknown``.
        missing: Modules that are not installed.
    """
    with world(files, old, missing) as stage:
        output = _Output(stage.EVENTS)
        done = Run(stage.EVENTS, stage.MADE, forms=stage.FORMS)
        module = ModuleType("__main__")
        if unknown:
            module.__dict__["__builtins__"] = _Builtins(stage)
        module.__dict__["__file__"] = main
        sys.modules["__main__"] = module
        stdout, sys.stdout = sys.stdout, output  # type: ignore[assignment]
        stderr, sys.stderr = sys.stderr, output  # type: ignore[assignment]
        try:
            with _time_limit(), warnings.catch_warnings():
                warnings.simplefilter("ignore")
                source = files[main]
                if isinstance(source, str):
                    exec(compiled(source, main), module.__dict__)
                else:
                    Kernel(module.__dict__, stage).run(source)
        except TooLong:
            done.error = ("TooLong", "")
        except SystemExit as error:
            done.error = ("SystemExit", str(error))
        except Exception as error:
            done.error = (type(error).__name__, str(error))
        finally:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                module.__dict__.clear()  # what is left behind goes now, with nobody listening
            sys.stdout, sys.stderr = stdout, stderr
    return done


@lru_cache(maxsize=256)
def compiled(source: str, path: str) -> CodeType:
    """Compile a source once, however often it runs."""
    return compile(source.encode("utf-8", "surrogatepass"), path, "exec", dont_inherit=True)


class _Builtins(dict):  # type: ignore[type-arg]
    """Builtins in which a name that is nowhere defined is there all the same."""

    def __init__(self, stage: ModuleType) -> None:
        super().__init__(vars(builtins))
        self._stage = stage

    def __missing__(self, name: str) -> Unknown:
        if name.startswith("__"):
            raise KeyError(name)
        return Unknown(name, self._stage)


class _Output:
    """Output is an event among the others; what is written in pieces is one."""

    def __init__(self, events: list[tuple[Any, ...]]) -> None:
        self._events = events

    encoding = "utf-8"

    def write(self, text: str) -> int:
        if self._events and self._events[-1][0] == "out":
            text = self._events.pop()[1] + text
        self._events.append(("out", text))
        return len(text)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False


@contextmanager
def _time_limit() -> Iterator[None]:
    def stop(*_: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@contextmanager
def world(
    files: Mapping[str, str | list[str]], old: bool = True, missing: Collection[str] = ()
) -> Iterator[ModuleType]:
    """Put the stubs and the program's files where imports look; take them away afterwards."""
    finder = _Finder(files, old, missing)
    hidden = {n: m for n, m in sys.modules.items() if n.partition(".")[0] in finder.tops}
    for name in hidden:
        del sys.modules[name]
    main = sys.modules["__main__"]
    sys.meta_path.insert(0, finder)
    try:
        yield importlib.import_module("stage")
    finally:
        sys.meta_path.remove(finder)
        for name in [n for n in sys.modules if n.partition(".")[0] in finder.tops]:
            del sys.modules[name]
        sys.modules.update(hidden)
        sys.modules["__main__"] = main


class _Finder(MetaPathFinder, Loader):
    """Finds the stubs and the modules of the program."""

    def __init__(
        self, files: Mapping[str, str | list[str]], old: bool, missing: Collection[str]
    ) -> None:
        self._files = {p: s for p, s in files.items() if isinstance(s, str) and p.endswith(".py")}
        self._old = old
        self._missing = missing
        self.tops = frozenset(_TOPS) | {
            PurePosixPath(path).parts[0].removesuffix(".py") for path in files
        }

    def find_spec(self, fullname: str, path: Any = None, target: Any = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] not in self.tops:
            return None
        if fullname in self._missing:  # the real one may be installed
            raise ModuleNotFoundError(f"No module named {fullname!r}", name=fullname)
        name = fullname.replace(".", "/")
        for place, is_package in ((f"{name}.py", False), (f"{name}/__init__.py", True)):
            if place in self._files or place in stubs():
                return ModuleSpec(fullname, self, origin=place, is_package=is_package)
        below = f"{name}/"
        if any(place.startswith(below) for place in self._files):  # a namespace package
            return ModuleSpec(fullname, self, origin="", is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        place = module.__spec__.origin if module.__spec__ else None
        if not place:
            return
        code = compiled(self._files[place], place) if place in self._files else stubs()[place]
        module.__file__ = place
        if place == "wandb/__init__.py":
            exec(code, module.__dict__)
            module.OLD = self._old  # type: ignore[attr-defined]
            return
        exec(code, module.__dict__)


@lru_cache(maxsize=None)
def stubs() -> dict[str, CodeType]:
    """Return the stubs' code by path."""
    found = {}
    for path in sorted(_PACKAGES.rglob("*.py")):
        place = path.relative_to(_PACKAGES).as_posix()
        found[place] = compile(path.read_bytes(), f"<world>/{place}", "exec", dont_inherit=True)
    return found
