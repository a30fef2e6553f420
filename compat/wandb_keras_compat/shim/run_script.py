"""Run a script or module as ``python`` would, with the shim in place."""

from __future__ import annotations

import builtins
import importlib.util
import io
import linecache
import os
import pkgutil
import sys
from importlib.machinery import (
    BuiltinImporter,
    ModuleSpec,
    SourceFileLoader,
    SourcelessFileLoader,
)
from types import CodeType, ModuleType, TracebackType
from typing import Any, Sequence

from wandb_keras_compat import shim

PREFER_VARIABLE = "WANDB_KERAS_COMPAT_PREFER"
# TensorFlow's C++ tells at each start which processor and which GPU libraries it found; what the
# user has set stays.
QUIET = {"TF_CPP_MIN_LOG_LEVEL": "2"}  # errors alone
_STARTUP = os.path.join(os.path.dirname(os.path.abspath(__file__)), "startup")


class CannotRunError(Exception):
    """There is nothing to run; says so in one sentence.

    Args:
        message: The sentence.
        status: Python's exit status for this.
    """

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


def run(
    target: str, arguments: Sequence[str], *, option: str = "", prefer: str = shim.OURS
) -> None:
    """Run a script, folder, zip file, module or code as ``__main__``; ends as it ends.

    What it raises passes through, ``SystemExit`` and ``KeyboardInterrupt`` included; the traceback
    that Python then prints begins with the script's own frames.

    Args:
        target: Path of the script (``-`` for stdin), name of the module, or the code.
        arguments: What the script finds in ``sys.argv[1:]``.
        option: ``"-m"`` for a module, ``"-c"`` for code, as Python's own.
        prefer: As for ``shim.install()``.

    Raises:
        CannotRunError: If there is no such script or module.
    """
    sys.argv = [option or target, *arguments]
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    shim.install(prefer)
    _reach_children(prefer)
    try:
        main, code = {"-m": _from_module, "-c": _from_code}.get(option, _from_path)(target)
        sys.modules["__main__"] = main
        exec(code, vars(main))
    except CannotRunError:
        raise
    except BaseException:
        _hide_own_frames()
        raise


def theirs_note() -> str:
    """Return a sentence on whose WandbCallback a script gets that prefers W&B's."""
    from wandb_keras_compat.environment import KERAS_3, detect

    found = detect()
    if found.wandb is None:
        return "wandb is not installed."
    release = f"wandb {found.wandb.version}"
    if not found.wandb.legacy_callback:
        return f"{release} has no WandbCallback any more: this package's is used."
    if not found.wandb.trio:
        return f"{release} needs TensorFlow, which is not installed: this package's is used."
    keras = found.callbacks_on
    if keras is not None and keras.flavour == KERAS_3:
        return (
            f"the WandbCallback of {release} is used, which does not work on Keras {keras.version}:"
            " leave out --theirs to use this package's."
        )
    return f"the WandbCallback of {release} is used."


def show_at_exit() -> None:
    """Print what was recorded when the interpreter ends, after W&B has finished the runs.

    Runs of the Python processes that it starts are among them; those print nothing.
    """
    import atexit
    import tempfile

    from wandb_keras_compat._printed import say
    from wandb_keras_compat.recording.show import show

    from .startup.wandb_keras_compat_runs import VARIABLE, note

    file, noted = tempfile.mkstemp(prefix="wandb-keras-compat-runs-")
    os.close(file)
    os.environ[VARIABLE] = noted
    note(noted)
    process = os.getpid()

    # Registered before W&B's own handler, so it is called after it.
    @atexit.register
    def print_runs() -> None:
        if os.getpid() != process:  # a fork, which inherited this
            return
        with open(noted, "rb") as folders:
            found = dict.fromkeys(map(os.fsdecode, filter(None, folders.read().split(b"\0"))))
        os.remove(noted)
        say(f"\n{show(list(found))}")
        sys.stdout.flush()


def _from_code(code: str) -> tuple[ModuleType, CodeType]:
    _first_on_path("")
    main = _main_module(None, BuiltinImporter, None)
    del vars(main)["__file__"], vars(main)["__cached__"]
    source = f"{code}\n"
    if sys.version_info >= (3, 13):  # whose tracebacks show the lines of such code, too
        lines = source.splitlines(keepends=True)
        linecache.cache["<string>"] = len(source), None, lines, "<string>"
    return main, compile(source, "<string>", "exec", dont_inherit=True)


def _from_stdin() -> tuple[ModuleType, CodeType]:
    if sys.stdin is None or sys.stdin.isatty():
        raise CannotRunError("run - reads a script from a pipe or a file, but stdin is none", 2)
    _first_on_path("")
    code = compile(sys.stdin.buffer.read(), "<stdin>", "exec", dont_inherit=True)
    return _main_module("<stdin>", BuiltinImporter, None), code


def _from_path(target: str) -> tuple[ModuleType, CodeType]:
    if target == "-":
        return _from_stdin()
    if not os.path.exists(target):
        raise CannotRunError(f"can't open file {target!r}: there is no such file", 2)
    # A pipe or a device (process substitution, /dev/stdin) is read as a file is.
    if os.path.isdir(target) or (os.path.isfile(target) and pkgutil.get_importer(target)):
        return _from_container(target)
    main, code = _from_file(target)
    _first_on_path(_folder_of(target))
    return main, code


def _folder_of(script: str) -> str:
    """Return the folder of a script as Python finds it: a link counts, if it leads somewhere."""
    try:
        link = os.readlink(script)
    except (OSError, ValueError, AttributeError):
        link = ""
    if os.sep in link:
        script = os.path.join(os.path.dirname(script), link)
    real = os.path.realpath(script)
    return os.path.dirname(real if os.path.exists(real) else script)


def _from_file(target: str) -> tuple[ModuleType, CodeType]:
    path = _absolute(target)
    loader: Any
    if target.endswith(".pyc"):
        loader = SourcelessFileLoader("__main__", path)
        code = loader.get_code("__main__")
    else:
        loader = SourceFileLoader("__main__", path)
        try:
            with io.open_code(path) as file:
                source = file.read()
        except OSError as error:
            raise CannotRunError(f"can't open file {target!r}: {error.strerror}", 2) from None
        code = compile(source, path, "exec", dont_inherit=True)
    return _main_module(path, loader, None), code


def _from_container(target: str) -> tuple[ModuleType, CodeType]:
    path = _absolute(target)
    folder = os.path.join(os.getcwd(), target) if os.path.isdir(target) else path
    importer: Any = pkgutil.get_importer(folder)
    if hasattr(importer, "find_spec"):
        spec = importer.find_spec("__main__")
    else:  # until: Python 3.10, before which a zip file's importer was only a loader
        known = importer is not None and importer.find_module("__main__") is not None
        spec = importlib.util.spec_from_loader("__main__", importer) if known else None
    if spec is None or spec.loader is None:
        raise CannotRunError(f"can't find '__main__' module in {target!r}", 1)
    sys.path[0:1] = [path, *(sys.path[0:1] if _safe_path() else [])]
    return _main_module(spec.origin, spec.loader, spec), spec.loader.get_code("__main__")


def _from_module(name: str) -> tuple[ModuleType, CodeType]:
    _first_on_path(os.getcwd())
    try:
        spec = importlib.util.find_spec(name)
        if spec is not None and spec.submodule_search_locations is not None:
            package = name
            spec = importlib.util.find_spec(f"{name}.__main__")
            if spec is None:
                raise CannotRunError(
                    f"No module named {package}.__main__; {package!r} is a package and cannot be"
                    " directly executed",
                    1,
                )
    except ModuleNotFoundError as error:
        raise CannotRunError(
            f"Error while finding module specification for {name!r} ({error})", 1
        ) from None
    loader: Any = None if spec is None else spec.loader
    if spec is None or loader is None:
        raise CannotRunError(f"No module named {name}", 1)
    code = loader.get_code(spec.name) if hasattr(loader, "get_code") else None
    if code is None:
        raise CannotRunError(f"No code object available for {name}", 1)
    sys.argv[0] = spec.origin or name
    return _main_module(spec.origin, loader, spec), code


def _main_module(path: str | None, loader: Any, spec: ModuleSpec | None) -> ModuleType:
    main = ModuleType("__main__")
    vars(main).update(
        __builtins__=builtins,
        __cached__=None if spec is None else spec.cached,
        __file__=path,
        __loader__=loader,
        __package__=None if spec is None else spec.parent,
        __spec__=spec,
    )
    return main


def _absolute(target: str) -> str:
    """Return the path as Python's __main__ shows it: absolute from Python 3.9 on."""
    if sys.version_info < (3, 9):
        return target
    return os.path.join(os.getcwd(), target) if os.name == "posix" else os.path.abspath(target)


def _safe_path() -> bool:
    return bool(getattr(sys.flags, "safe_path", False) or sys.flags.isolated)


def _first_on_path(folder: str) -> None:
    """Put a folder where Python put the folder of the console script, or the current one."""
    if not _safe_path():
        sys.path[0] = folder


def _reach_children(prefer: str) -> None:
    """Let the Python processes that the script starts find the shim, spawned workers included."""
    known = os.environ.get("PYTHONPATH")
    entries = known.split(os.pathsep) if known else []  # an empty one is the current folder
    if _STARTUP not in entries:
        os.environ["PYTHONPATH"] = os.pathsep.join([_STARTUP, *entries])
    os.environ[PREFER_VARIABLE] = prefer


def _hide_own_frames() -> None:
    """Print the traceback of the exception under way as Python does for ``python SCRIPT``."""
    hook = sys.excepthook  # W&B and others may have set their own by now

    def script_only(
        kind: type[BaseException], error: BaseException, traceback: TracebackType | None
    ) -> None:
        while traceback is not None and not _of_script(traceback):
            traceback = traceback.tb_next
        hook(kind, error.with_traceback(traceback), traceback)

    sys.excepthook = script_only


def _of_script(traceback: TracebackType) -> bool:
    """Whether nothing but the script is on the stack from here on."""
    entry: TracebackType | None = traceback
    while entry is not None:
        if entry.tb_frame.f_code.co_filename == __file__:
            return False
        entry = entry.tb_next
    return True
