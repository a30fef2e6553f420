"""What the bytes of a file put in the place of others' names, as tests and patches do."""

from __future__ import annotations

import re
from typing import Collection, Iterator

from wandb_keras_codemods.find.raw import decoded

_CLASS = rb"Wand[bB]\w*Callback"
_NAMED = re.compile(rb"""["'](?:[\w./:{}%]*[.:/])?(\w+)["']""")
# in tests: "train.fit_it", "{}.fit_it", object(train, "fit_it"), attribute="fit_it"
_PATCHED = re.compile(
    rb"""["'][\w.:{}%]*[.:](\w+)["']
    | [(,]\s*(?:\w+\.)*\w+\s*,\s*["'](\w+)["']
    | \battribute\s*=\s*["'](\w+)["']
    | ["']("""
    + _CLASS
    + rb""")["']""",
    re.VERBOSE,
)
_KEYWORD = re.compile(rb"[(,]\s*(\w+)\s*=(?!=)")
# sys.modules[name] = fake, sys.modules.update(fakes), patch.dict(sys.modules, fakes)
_PUTS_MODULES = re.compile(
    rb"""\bsys\.modules\s*\[\s*(?!__name__)[^\W\d][^\]\r\n]*\]\s*=[^=]
    | \bsys\.modules\.update\(\s*\w
    | \bdict\(\s*["']?sys\.modules["']?\s*,\s*\w
    | \bsetitem\(\s*sys\.modules\s*,\s*\w""",
    re.VERBOSE,
)
_HOME = re.compile(rb"""["']wandb(?:(?:\.integration)?\.(?:wandb_)?keras)?["']""")
_TESTS = re.compile(rb"\b(?:mock|monkeypatch|mocker)\b")
_SETS = re.compile(
    rb"""\bsetattr\(\s*(?:(?:\w+\.)*(\w+)\s*,|[^,\r\n]*\bmodules?\b[^,\r\n]*[\])]\s*,)
    | \b(\w+)\s*\.\s*__setattr__\(
    | \b__setattr__\(\s*(?:\w+\.)*(\w+)\s*,
    | \b(__dict__)\b""",
    re.VERBOSE,
)
_MEMBER = re.compile(rb"[\])]\s*\.\s*(\w+)\s*=(?!=)")  # sys.modules["train"].fit_it = fake
_SETS_CLASS = re.compile(rb"([\w)\]]+)\s*\.\s*" + _CLASS + rb"\s*=(?!=)")
_SETS_ITEM = re.compile(
    rb"""(?:\bvars\(\s*(?:\w+\.)*(\w+)\s*\)|\b(\w+)\s*\.\s*__dict__)\s*\[\s*["']""" + _CLASS
)
_SETS_HOME = re.compile(
    rb"""\bmultiple\(\s*["']wandb[\w.]*["'][^()]*"""
    + _CLASS
    + rb"""| \b(?:object|setattr|delattr)\([^,\r\n]*keras\w*["')\]]+\s*,\s*["']"""
    + _CLASS,
    re.VERBOSE,
)
_ALIAS = re.compile(
    _CLASS + rb"\s+as\s+(\w+)|\b(\w+)\s*=\s*[\w.]*\b" + _CLASS + rb"[ \t]*\r?$", re.MULTILINE
)
_OWN = {"self", "cls", "args", "config"}
_BLOCKS = (b"if", b"el", b"try", b"exc", b"fin", b"with", b"for", b"while", b"match", b"case")


def puts_modules(text: bytes) -> bool:
    """Tell whether a text may put a module in wandb's place under a name that is computed."""
    return _PUTS_MODULES.search(text) is not None and _HOME.search(text) is not None


def replaces_home(text: bytes, modules: Collection[str]) -> bool:
    """Tell whether a text puts another class in a module that is none of some.

    Args:
        text: The text.
        modules: What modules of the scanned files are called in it.
    """
    owners = [*_SETS_CLASS.findall(text), *(a or b for a, b in _SETS_ITEM.findall(text))]
    known = any(decoded(owner) not in modules for owner in owners)
    return known or _SETS_HOME.search(text) is not None


def changes_class(text: bytes) -> bool:
    """Tell whether a text sets attributes of the legacy class under another name of it."""
    names = {word for words in _ALIAS.findall(text) for word in words if word}
    if not names:
        return False
    either = b"|".join(map(re.escape, names))
    changed = rb"\b(?:" + either + rb")\s*\.\s*\w+\s*=(?!=)"
    return (
        re.search(changed + rb"|\b(?:setattr|object)\(\s*(?:" + either + rb")\b", text) is not None
    )


def loosely(text: bytes, modules: Collection[str], *, passed: bool) -> frozenset[str]:
    """Return the names that a text may put something under, in a module or a class.

    Args:
        text: The text.
        modules: What modules of the scanned files are called in it.
        passed: Whether it hands modules on, so that they have other names too.
    """
    tests = _TESTS.search(text) is not None
    owners = {decoded(b"".join(groups)) for groups in _SETS.findall(text)} - _OWN
    sets = any(passed or not owner or owner in modules for owner in owners)
    found = _MEMBER.findall(text)
    if tests:
        found += [b"".join(groups) for groups in _PATCHED.findall(text)]
    if sets:
        found += _NAMED.findall(text)
    if sets or b".multiple(" in text:
        found += _KEYWORD.findall(text)
    return frozenset(map(decoded, found))


def bound(text: bytes, names: Collection[str]) -> Iterator[str]:
    """Yield those of some method names that a text may bind by other means than ``def``.

    Args:
        text: The text.
        names: The names.
    """
    for name in names:
        word = name.encode()
        if word in text and (_by_text(word).search(text) or _in_class(text, word)):
            yield name


def _by_text(word: bytes) -> re.Pattern[bytes]:
    """Match what makes an attribute: ``model.fit, a = ``, ``fit=new``, ``{"fit": new}``."""
    return re.compile(
        rb"""\.WORD\s*(?:,[^=()\r\n]*=(?!=)|:\s*[^=()\r\n]+=(?!=)|[ ]in\b)
        | \bas\s+[\w.]*\.WORD\s*:
        | [(,]\s*WORD\s*=\s*(?!=|True\b|False\b|None\b|\d|["'])
        | ["']WORD["']\s*(?:\]\s*=(?!=)|:\s*(?!True\b|False\b|None\b)[^\W\d])
        | (?<!getattr)(?<!print)\((?:[^()\[\]"'\r\n]*,)?\s*["']WORD["']\s*,
          \s*(?!\w+\s*=|None\b)[^\W\d]
        | \b(?:namedtuple|make_dataclass)\([^()]*\bWORD\b
        | ^[ \t]*class\b[^\r\n]*:[ \t]*WORD\s*=""".replace(b"WORD", word),
        re.VERBOSE | re.MULTILINE,
    )


def _in_class(text: bytes, word: bytes) -> bool:
    """Whether a statement of a class's body binds a word."""
    line = re.compile(
        rb"^([ \t]+)(?!def\b)[^\r\n#\"']*(?<![.\w])" + word + rb"\s*(?::=|[:,=)][^=]|in\b|=?[\r\n])"
        rb"|^([ \t]+)class\s+" + word + rb"\b",
        re.MULTILINE,
    )
    return any(
        _is_class(text[: found.start()], len(found[1] or found[2])) for found in line.finditer(text)
    )


def _is_class(above: bytes, indent: int) -> bool:
    """Whether a line of some indentation stands in a class's body, in blocks or not."""
    for line in reversed(above.splitlines()):
        bare = line.lstrip()
        if not bare or bare.startswith(b"#") or len(line) - len(bare) >= indent:
            continue
        indent = len(line) - len(bare)
        if not bare.startswith(_BLOCKS):
            return bare.startswith(b"class")
    return False
