"""Note the folders of the runs that a process makes, for the process that will show them.

``run --show`` and the Python processes that its script starts write into one file; like the other
start-up module this one belongs to no package.
"""

import os
import re
import sys

VARIABLE = "WANDB_KERAS_COMPAT_RUNS"
RUN_FOLDER = re.compile(r"(?:offline-)?run-\d{8}_\d{6}-[^/\\]+\Z")


def note(path: str) -> None:
    """Write down, from now on, each run folder that this process or a fork of it makes.

    Args:
        path: The file for their names, each with a NUL after it; it has to be there.
    """

    def hear(event: str, arguments: tuple) -> None:  # type: ignore[type-arg]  # Python 3.8
        if event != "os.mkdir":
            return
        folder = os.path.abspath(os.fsdecode(arguments[0]))
        while not RUN_FOLDER.match(os.path.basename(folder)):
            above = os.path.dirname(folder)
            if above == folder:
                return
            folder = above
        try:
            file = os.open(path, os.O_WRONLY | os.O_APPEND)
        except OSError:  # nobody waits any more
            return
        os.write(file, os.fsencode(folder) + b"\0")
        os.close(file)

    sys.addaudithook(hear)  # W&B has no public list of a process's finished runs
