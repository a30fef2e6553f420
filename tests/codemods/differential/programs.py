"""Programs as data: their files, what all of them start with, how they are written down."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Mapping

SETTING = """\
import wandb
from keras.callbacks import Callback, CallbackList, EarlyStopping, LambdaCallback
from keras.models import Model, Sequential

wandb.init(project="p")
model = Sequential()
x, y, xv, yv = [1, 2], [0, 1], [3, 4], [1, 0]
"""
IMPORT = "from wandb.keras import WandbCallback\n"
_FILE = re.compile(r"^#--- (\S+)\n", re.MULTILINE)
_CELL = re.compile(r"^# ?%%\n", re.MULTILINE)
_PROGRAM = re.compile(r"^## (.+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Program:
    """One program.

    Args:
        name: What it shows.
        files: Its files by path, the one that is run first; a notebook's cells are divided by
            ``# %%`` lines.
        fails: Whether it ends with an exception, which is then to be the same.
        unknown: Whether it uses names that it does not define.
        product: Whether it is one of many that are put together from lists.
    """

    name: str
    files: Mapping[str, str]
    fails: bool = False
    unknown: bool = False
    product: bool = False

    @property
    def main(self) -> str:
        """The file that is run."""
        return next(iter(self.files))

    @property
    def alone(self) -> bool:
        """Whether it is a single Python file."""
        return len(self.files) == 1 and self.main.endswith(".py")


def cells(text: str) -> list[str]:
    """Divide a notebook's text into its cells."""
    pieces = _CELL.split(text)
    return [piece[:-1] if piece.endswith("\n") else piece for piece in pieces if piece.strip()]


def program(name: str, text: str, product: bool = False) -> Program:
    """Make a program of its text.

    ``W(...)`` is short for the legacy callback and ``ES`` for another; the setting and the import
    come first, unless the text says ``#bare`` (neither) or imports from wandb itself. ``#fails``
    says that it ends with an exception.
    """
    fails, bare = "#fails\n" in text, "#bare\n" in text
    text = text.replace("#fails\n", "").replace("#bare\n", "")
    text = re.sub(r"(?<![\w.\"'])W(?=\()", "WandbCallback", text)
    text = re.sub(r"(?<![\w.\"'])W\b(?!\s*=[^=])(?!\")", "WandbCallback", text)
    text = re.sub(r"(?<![\w.\"'])ES\b", "EarlyStopping", text)
    first, *others = _FILE.split(text)
    files = {"main.py": first} if first.strip() else {}
    files.update(zip(others[::2], others[1::2]))
    main = next(iter(files))
    if not bare:
        head = SETTING
        future, body = _future(files[main].lstrip("\n"))
        if _needs_import(body):
            head = IMPORT + head
        if main.endswith(".ipynb"):
            head += "# %%\n"
        files[main] = future + head + body
    return Program(name, files, fails, product=product)


def _future(text: str) -> tuple[str, str]:
    """Divide off the imports that must come first."""
    end = 0
    for match in re.finditer(r"from __future__ import .*\n", text):
        end = match.end() if match.start() == end else end
    return text[:end], text[end:]


def _needs_import(text: str) -> bool:
    """Whether a file uses the class and does not get it by an import or assignment of its own."""
    got = re.search(
        r"import [^#\n]*\bWandbCallback\b(?! as)|import \(|keras import \*|parts import \*|pack import \*|^WandbCallback = ",
        text,
        re.MULTILINE,
    )
    return not got and re.search(r"(?<![\w.])WandbCallback\b", text) is not None


def read(text: str) -> list[Program]:
    """Read programs that are divided by ``## name`` lines."""
    pieces = _PROGRAM.split(text)
    return [
        program(name, body.strip("\n") + "\n") for name, body in zip(pieces[1::2], pieces[2::2])
    ]


def product(template: str, **choices: Mapping[str, str]) -> list[Program]:
    """Fill the places ``<name>`` of a template with each of their choices; lines keep the indent."""
    made: list[tuple[str, str]] = [("", template)]
    for place, options in choices.items():
        made = [
            (f"{name} {option}".strip(), _fill(text, place, lines))
            for name, text in made
            for option, lines in options.items()
        ]
    return [program(name, text.strip("\n") + "\n", product=True) for name, text in made]


def _fill(text: str, place: str, lines: str) -> str:
    def fill(match: re.Match[str]) -> str:
        return match[1] + lines.strip("\n").replace("\n", "\n" + match[1])

    text = re.sub(rf"(?m)^([ \t]*)<{place}>(?=\s*$)", fill, text)
    return text.replace(f"<{place}>", lines.strip("\n"))


def unique(programs: Iterable[Program]) -> list[Program]:
    """Check that no two programs have one name."""
    found = list(programs)
    names = [program.name for program in found]
    twice = {name for name in names if names.count(name) > 1}
    assert not twice, f"two programs are called {sorted(twice)}"
    return found
