"""Read a file as one module: a program as it stands, of a notebook the cells together."""

from __future__ import annotations

from wandb_keras_codemods.find.encoding import Undecodable, decode
from wandb_keras_codemods.find.module import Module
from wandb_keras_codemods.find.parsing import parse
from wandb_keras_codemods.findings import ParseFailure

from .notebook import join
from .notebook_json import BadNotebook, read

FAILURES = (ParseFailure, Undecodable, BadNotebook)  # what a file that cannot be read raises


def module_of(path: str, data: bytes) -> Module:
    r"""Parse a program or a notebook.

    Args:
        path: Its name.
        data: Its bytes.

    Raises:
        ParseFailure: It is no Python.
        Undecodable: It is not text in the encoding it declares.
        BadNotebook: It is no notebook.

    Example:
        >>> module_of("train.py", b"import wandb\n").filename
        'train.py'
    """
    if path.lower().endswith(".ipynb"):
        parsed = parse(join(read(decode(data).content)).code)
    else:
        parsed = parse(data)
    return Module(parsed.tree, path, parsed.printed)
