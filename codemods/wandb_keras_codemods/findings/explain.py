"""Explain a code of a finding, or what becomes of an argument of the legacy callback."""

from __future__ import annotations

import re
from difflib import get_close_matches
from textwrap import indent

from wandb_keras_codemods.legacy.arguments import ARGUMENTS, Argument

from .codes import CODES, Code

_KINDS = {
    "migrated": "done by the migration",
    "changed": "works differently after the migration",
    "lost": "lost under target wandb",
    "manual": "left for you",
    "metric": "a metric name that changes",
    "requirement": "a requirement that can change",
    "error": "the file is left as it is",
}
_INDENT = "    "
_NEAR = 5  # words that are proposed


def explain(name: str) -> str:
    """Return the explanation of a code or an argument.

    Args:
        name: Such as ``"WKM203"`` or ``"log_weights"``.

    Raises:
        KeyError: There is no such code or argument; the message names near ones.

    Example:
        >>> explain("verbose").splitlines()[0]
        'verbose=0'
    """
    if name.upper() in CODES:
        return _code(CODES[name.upper()])
    if name in ARGUMENTS:
        return _argument(ARGUMENTS[name])
    near = _near(name)
    hint = "it takes a code such as WKM201 or an argument such as log_weights"
    if near:
        hint = f"did you mean {' or '.join(near)}?"
    raise KeyError(f"no code or argument {name!r}; {hint}")


def _near(name: str) -> list[str]:
    """Return the codes and arguments a word may stand for: alike, or with the word in them."""
    near = get_close_matches(name.upper(), CODES) + get_close_matches(name.lower(), ARGUMENTS)
    if not near:
        words = re.findall(r"\w{3,}", name.lower().replace("_", " "))
        near = [argument for argument in ARGUMENTS if any(word in argument for word in words)]
        near += [c.code for c in CODES.values() if any(word in c.title.lower() for word in words)]
    if not near:
        parts = {part: argument for argument in ARGUMENTS for part in argument.split("_")}
        near = [parts[part] for part in get_close_matches(name.lower(), parts)]
    return near[:_NEAR]


def _code(code: Code) -> str:
    kind = _KINDS[code.kind]
    silence = ""
    if code.kind != "error":
        silence = f"\n\nSilence it on its line with  # wandb-keras: ignore[{code.code}]"
    example = ""
    if code.before:
        example = (
            f"\n\nbefore\n{indent(code.before, _INDENT)}\nafter\n{indent(code.after, _INDENT)}"
        )
    example = example.rstrip("\n")
    return f"{code.code}  {code.title}  ({kind})\n\n{_wrap(code.explanation)}{example}{silence}"


def _argument(argument: Argument) -> str:
    rows = [
        ("was", argument.meaning),
        ("--target wandb", argument.wandb),
        ("--target compat", argument.compat),
        ("--target shim", argument.shim),
    ]
    lines = [f"{argument.name}={argument.default!r}", ""]
    lines += [f"  {title:<18}{text}" for title, text in rows]
    if argument.lost is not None:
        lines += ["", f"Under target wandb it is reported as {argument.lost}."]
    return "\n".join(lines)


def _wrap(text: str) -> str:
    from textwrap import fill

    return fill(text, 80, break_long_words=False, break_on_hyphens=False)
