"""Run Python programs in processes forked from one that has imported W&B and the row's Keras.

Importing TensorFlow takes longer than most of what a test trains. Each program still has a process of its
own, in which no callback, no run and no model has been made, and nothing of the shim's is installed; only
the imports that it begins with are done. What depends on the order of imports is tested in fresh processes
(tests/compat/shim, tests/compat/environment).
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from functools import lru_cache
from multiprocessing import forkserver
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

LIMIT_S = 300.0
# One thread each: the models are small, and as many processes train at once as there are cores.
ENVIRONMENT = {
    "CUDA_VISIBLE_DEVICES": "-1",
    "OMP_NUM_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "WANDB_CONSOLE": "off",
    "WANDB_MODE": "offline",
    "WANDB_SILENT": "true",
}


@lru_cache(maxsize=None)
def context() -> Any:
    """Return a context whose processes are forked after the slow imports, before any training."""
    made = multiprocessing.get_context("forkserver")
    made.set_forkserver_preload(["numpy", "wandb", "row_keras"])
    # Up to Python 3.12 the server does not get our sys.path, and says nothing of a failed import.
    before = dict(os.environ)
    os.environ.update(PYTHONPATH=os.pathsep.join(filter(None, sys.path)), **ENVIRONMENT)
    try:
        forkserver.ensure_running()
    finally:
        os.environ.clear()
        os.environ.update(before)
    return made


def python(*arguments: object, folder: Path, **environ: str) -> CompletedProcess[str]:
    """Run ``python SCRIPT ...`` or ``python -m MODULE ...`` in a folder, offline.

    Args:
        arguments: What stands behind ``python``.
        folder: Where it runs and where W&B records.
        environ: Further environment variables.

    Raises:
        TimeoutError: If it does not end in time.
    """
    words = [str(word) for word in arguments]
    told = {**os.environ, **ENVIRONMENT, "WANDB_DIR": str(folder), **environ}
    output = [folder / f".{name}.{len(os.listdir(folder))}" for name in ("stdout", "stderr")]
    process = context().Process(target=_run, args=(words, str(folder), told, output))
    process.start()
    process.join(LIMIT_S)
    if process.is_alive():
        process.kill()
        process.join()
        raise TimeoutError(f"{words} did not end within {LIMIT_S:.0f} s")
    said = []
    for path in output:
        said.append(path.read_text(encoding="utf-8", errors="replace"))
        path.unlink()
    return CompletedProcess(words, process.exitcode or 0, *said)


def _run(words: list[str], folder: str, environ: dict[str, str], output: list[Path]) -> None:
    import atexit
    import runpy

    atexit._clear()  # what was imported before the fork belongs to all, W&B's folder of media too
    for stream, path in enumerate(output, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), stream)
    os.chdir(folder)
    for name in set(os.environ) - set(environ):
        del os.environ[name]
    os.environ.update(environ)
    status = 0
    try:
        if words[0] == "-m":
            sys.argv, sys.path[0:0] = words[1:], [folder]
            runpy.run_module(words[1], run_name="__main__", alter_sys=True)
        else:
            sys.argv, sys.path[0:0] = words, [str(Path(words[0]).resolve().parent)]
            runpy.run_path(words[0], run_name="__main__")
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        sys.excepthook(*sys.exc_info())
        status = 1
    atexit._run_exitfuncs()  # which multiprocessing leaves out, and W&B finishes the run in
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
