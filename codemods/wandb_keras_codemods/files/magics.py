"""Hide IPython's own syntax from the Python parser, line for line, and bring it back."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from keyword import iskeyword

from wandb_keras_codemods.findings import ParseFailure
from wandb_keras_codemods.legacy.names import CLASS_NAMES

# the body runs here, as the Python it is
PYTHON_CELLS = frozenset({"time", "timeit", "capture", "wandb", "prun", "memit", "mprun", "px"})
# the body is another language's, or goes into a file or another process
FOREIGN_CELLS = frozenset(
    {
        "", "bash", "sh", "script", "system", "sx", "cmd", "powershell", "pwsh", "perl", "ruby",
        "pypy", "python", "python2", "python3", "writefile", "file", "html", "HTML", "svg", "SVG",
        "javascript", "js", "latex", "markdown", "css", "R", "sql", "bigquery", "cython", "julia",
        "octave", "matlab", "writetemplate", "shell",
    }
)  # fmt: skip
# what stands behind them names nothing of the program
_OTHER_LINES = frozenset(
    {
        "pip", "conda", "mamba", "uv", "matplotlib", "pylab", "load_ext", "reload_ext",
        "unload_ext", "autoreload", "aimport", "cd", "ls", "ll", "pwd", "mkdir", "cat", "cp", "mv",
        "rm", "rmdir", "config", "wandb", "tensorboard", "tensorflow_version", "run", "load",
        "colors", "precision", "xmode", "lsmagic", "magic", "history", "hist", "env", "set_env",
        "man", "alias", "bookmark", "automagic", "javascript", "gui", "notebook", "logstart",
    }
)  # fmt: skip
# lines that IPython takes for magics although no % stands before them
_AUTOMAGIC = (
    r"(?:pip3?|conda|mamba|cd|ls|ll|mkdir|rmdir|cat|cp|mv|rm|man|less|more|env|run|time|timeit"
    r"|prun|load_ext|reload_ext|autoreload|matplotlib|pylab|store|who|whos|reset|load|alias"
    r"|unalias|bookmark|colors|config|dirs|edit|gui|lsmagic|logstart|logstop|pdb|pinfo|popd|precision"
    r"|pushd|recall|rerun|sc|set_env|sx|system|tensorboard|tensorflow_version|unload_ext|wandb|xmode)"
)
_MAGIC = re.compile(
    rf"""(?P<indent>[ \t]*)
    (?:
        (?P<line> [%!?] .* | [^\#\n'"=]*[\w)\]*] \?\??[ \t\r]*
          | {_AUTOMAGIC} (?:[ \t]+ [\w\-./~"'$!@:{{*] .*)? [ \t\r]* )
      | (?P<target> [A-Za-z_][\w., \t\[\]'"]*? [ \t]* = [ \t]* ) (?P<value> [!%] .* )
    )(?=\n|\Z)""",
    re.VERBOSE,
)
_HEAD = re.compile(r"\s*%%[ \t]*(?P<name>\w*)(?P<rest>[^\n]*)")
_OPTIONS = re.compile(r"(?:\s|-[nrtp]\s*\w+|-[qocvs])*")  # of %%timeit; more is code to set up
_TOKEN = re.compile(
    r"""
      [^\#"'()\[\]{}\\\n]+
    | (?P<comment>\#[^\n]*)
    | \"\"\"(?:\\.|[^\\])*?\"\"\" | '''(?:\\.|[^\\])*?'''
    | "(?:\\.|[^"\\\n])*" | '(?:\\.|[^'\\\n])*'
    | (?P<open>[(\[{]) | (?P<close>[)\]}])
    | \\\r?\n
    | (?P<end>\n)
    | .""",
    re.VERBOSE | re.DOTALL,
)
_MASK = re.compile(r'"""wkm-(\d+)\n*"""')
_USES = re.compile(r"(?:; )?(?:[^\W\d]\w* = )*wkm_uses\((?:[^()]|\(\))*\)")
_OURS = re.compile(r'"""wkm-|wkm_uses\(')
_WORD = re.compile(r"[^\W\d]\w*(?:\.[^\W\d]\w*)*")
_BOUND = re.compile(
    r"""\b(?:as|def|class|import|for) \s+ ([^\W\d]\w*)
      | (?<![.:]) (?<!:[ ]) \b ([^\W\d]\w*)
        (?= (?:\s*,\s*\w+)* \s* (?: :[^=\n]* )? (?: [-+*/|&^@%]|//|\*\*|<<|>> )? =(?!=) )""",
    re.VERBOSE,
)
_CALLED = re.compile(r"\s*\(")
_INTERPOLATED = re.compile(r"\$\{?([^\W\d]\w*)|\{([^{}]*)\}")


class Foreign(Exception):
    """The cell is not Python: it belongs to a cell magic of another language."""


class Opaque(Exception):
    """The cell may be run as Python, but not as a part of the program that can be rewritten."""


@dataclass
class Masks:
    """The texts that are hidden, by number; one object serves all cells of a notebook."""

    texts: list[str] = field(default_factory=list)

    def hide(self, text: str) -> str:
        """Return a string literal of as many lines that stands for a text."""
        self.texts.append(text)
        return f'"""wkm-{len(self.texts) - 1}' + "\n" * text.count("\n") + '"""'

    def show(self, code: str) -> str:
        """Put the hidden texts back."""
        return _MASK.sub(lambda match: self.texts[int(match[1])], code)

    def shown_once(self, code: str) -> bool:
        """Tell whether each hidden text still stands in a code, in order."""
        numbers = [int(number) for number in _MASK.findall(code)]
        return numbers == list(range(len(self.texts)))


def is_taken(cell: str) -> bool:
    """Tell whether a cell holds what stands for hidden texts here."""
    return _OURS.search(cell) is not None


def mask(cell: str, masks: Masks) -> str:
    """Return a cell as pure Python of as many lines.

    Args:
        cell: The source of a code cell in which nothing is taken.
        masks: Takes the hidden texts.

    Raises:
        Foreign: A cell magic hands the cell to another language.
        Opaque: A cell magic may run it as Python, in its own way.
        ParseFailure: The cell is no Python even so.

    Example:
        >>> masks = Masks()
        >>> masks.show(mask("%matplotlib inline", masks))
        '%matplotlib inline'
    """
    from wandb_keras_codemods.find.parsing import parse

    try:
        parse(cell)
    except ParseFailure as failure:
        said = failure
    else:
        return cell
    kept = len(masks.texts)
    try:
        masked = _mask(cell, masks)
        if len(masks.texts) == kept:
            raise said
        parse(masked)
    except (ParseFailure, Foreign, Opaque):
        del masks.texts[kept:]
        raise
    return masked


def _mask(cell: str, masks: Masks) -> str:
    pieces: list[str] = []
    position, depth, fresh = 0, 0, True
    while True:  # cell magics come first and may be stacked
        head = _HEAD.match(cell, position)
        if head is None:
            break
        name, rest = head["name"], head["rest"]
        if name in FOREIGN_CELLS:
            raise Foreign(name)
        if name not in PYTHON_CELLS or (name == "timeit" and not _OPTIONS.fullmatch(rest)):
            raise Opaque(name)
        pieces.append(masks.hide(head[0]))
        position = head.end()
        if position < len(cell):
            pieces.append("\n")
            position += 1
    while position < len(cell):
        magic = _MAGIC.match(cell, position) if fresh else None
        if magic is not None:
            end = _continued(cell, magic.end())
            start = magic.start("value" if magic["value"] is not None else "line")
            hidden = cell[start:end]
            pieces += [cell[position:start], masks.hide(hidden), _names_of(hidden)]
            position, fresh = end, False
            continue
        token = _TOKEN.match(cell, position)
        assert token is not None
        if token["open"]:
            depth += 1
        elif token["close"]:
            depth = max(0, depth - 1)
        fresh = token["end"] is not None and depth == 0
        pieces.append(token[0])
        position = token.end()
    return "".join(pieces)


def _continued(cell: str, end: int) -> int:
    """Return where a line ends that goes on as long as a backslash ends it."""
    while end < len(cell) and cell[:end].rstrip("\r").endswith("\\"):
        following = cell.find("\n", end + 1)
        end = len(cell) if following < 0 else following
    return end


def _names_of(hidden: str) -> str:
    """Let the names that a hidden line uses be seen as used, in a way nobody rewrites."""
    text = hidden.lstrip("%")
    name = re.match(r"\w*", text)
    assert name is not None
    if hidden[0] in "!?" or hidden.rstrip().endswith("?") or name[0] in _OTHER_LINES:
        text = " ".join(a or b for a, b in _INTERPOLATED.findall(hidden))
    else:
        text = text[name.end() :]
    found = uses(text)
    return "" if found == _NOTHING else f"; {found}"


def uses(text: str) -> str:
    """Return a statement that uses every name a text may use, and binds those it may bind.

    Where the legacy class is called and no more, the statement calls it, too.

    Example:
        >>> uses("a = b.c")
        'a = wkm_uses(a, b.c)'
    """
    found: dict[str, bool] = {}  # whether it is only called
    for match in _WORD.finditer(text):
        if not any(map(iskeyword, match[0].split("."))):
            called = _CALLED.match(text, match.end()) is not None
            found[match[0]] = found.get(match[0], True) and called
    names = set(found)
    bound = {one or other for one, other in _BOUND.findall(text)} & names
    targets = "".join(f"{name} = " for name in sorted(bound))
    legacy = {name for name in names if found[name] and name.split(".")[-1] in CLASS_NAMES}
    listed = ", ".join(f"{name}()" if name in legacy else name for name in sorted(names))
    return f"{targets}wkm_uses({listed})"


_NOTHING = uses("")


def without_uses(code: str) -> str:
    """Take the statements of ``uses`` out again."""
    return _USES.sub("", code)
