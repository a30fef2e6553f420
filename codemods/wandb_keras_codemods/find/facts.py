"""What the bytes of one file say that other files may feel."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterator

from wandb_keras_codemods.find.raw import IMPORT, PATH_ENDS, QUOTED, RUN, decoded, words_of
from wandb_keras_codemods.find.swaps import (
    bound,
    changes_class,
    loosely,
    puts_modules,
    replaces_home,
)

# methods that take callbacks: Keras' own and KerasTuner's
FITS = frozenset(
    {
        "fit", "fit_generator", "evaluate", "evaluate_generator", "predict", "predict_generator",
        "search",
    }
)  # fmt: skip

# where they stand when they are given by position, the model not counted
POSITIONS = {
    "fit": 5, "fit_generator": 4, "evaluate": 6, "evaluate_generator": 2, "predict": 4,
    "predict_generator": 2,
}  # fmt: skip

# the owner of an attribute that is set, where any may be meant
ANY = "*"

# methods by which a class of another file says what ``+`` does
ADDS = ("__add__", "__radd__")

_DYNAMIC_WORDS = (
    b"import_module", b"__import__", b"runpy", b"load_source", b"spec_from", b"exec", b"ipynb",
    b"nbimporter", b"importnb", b"testbook", b"sys.modules",
)  # fmt: skip
_DYNAMIC = re.compile(
    rb"\bimport_module\b|\b__import__\b|\brunpy\b|\bload_source\b|\bspec_from_file_location\b"
    rb"|\bsys\.modules(?:\[(?!\s*__name__)|\.(?:get|values|items)\b)"
    rb"|\bexec\s*\(|\bimport_ipynb\b|\bnbimporter\b|\bimportnb\b|\btestbook\b"
)
# a module that is imported by its name, and what it is called then
_MODULE = rb"""(?:\w+\.)*import_module\(\s*(?:name\s*=\s*)?["'](?:[\w.]*\.)?(\w+)["']\s*\)"""
_BOUND = re.compile(rb"\b(\w+)\s*:?=\s*" + _MODULE)
_OF_WANDB = re.compile(rb"""\bimport_module\(\s*(?:name\s*=\s*)?["']wandb[\w.]*["']""")
_NOTEBOOKS = re.compile(rb"import_ipynb|nbimporter|importnb|testbook|ipynb\.fs|%run\s+\S+\.ipynb")
_EXPORTED = re.compile(rb"#\s*\|?\s*(?:default_exp\b|exports?[ \t]*[\r\n\"])")  # nbdev
_CHAIN = re.compile(rb"(?<!\w)\w*[)\]]*(?:\s*\.\s*[^\W\d]\w*)+")
_DEFINED = re.compile(rb"\bdef\s+(\w+)|\.(\w+)\s*=[^=]")
_SIGNATURE = re.compile(
    rb"\bdef\s+(" + "|".join(sorted(FITS)).encode() + rb")\s*\(([^()#]*)\)\s*(?:->[^:\r\n]*)?:"
)
# a method that a class gets by assignment; most often such a line keeps what a call of it gave
_ASSIGNED = re.compile(
    rb"^[ \t]+(" + "|".join(sorted(FITS)).encode() + rb")\s*(?::[^=\r\n]*)?=\s*"
    rb"(?:lambda\b|[\w.]+[ \t]*(?:\#[^\r\n]*)?\r?$"
    rb"|[\w.]*(?:partial|partialmethod|staticmethod|classmethod)\("
    rb"|[^\r\n]*\.(?:" + b"|".join(sorted(word.encode() for word in FITS)) + rb")\s*[,)])",
    re.MULTILINE,
)
# what gives a class methods under names that are texts
_BY_TEXT = re.compile(rb"""\bsetattr\(\s*[\w.]+\s*,\s*(?!["'])|\btype\(\s*[^(),]+,""")
_MANGLED = re.compile(r"_[^\W_]\w*?(?=__)")
_PROXY = re.compile(
    rb"^class\s+\w+\s*(?:\(([^)]*)\))?\s*:|^[ \t]+def\s+(__getattr(?:ibute)?__)\b", re.MULTILINE
)
_MAPPINGS = re.compile(rb"\w*(?:[dD]ict|Mapping|Namespace)\b")
_PATCHED = re.compile(
    rb"""Wand[bB]\w*Callback\s*\.\s*\w+\s*=[^=]
    | \b(?:setattr|object)\(\s*[\w.]*Wand[bB]\w*Callback\b
    | \b(?:patch(?:\.\w+)?|setattr)\(\s*["'][\w.]*Wand[bB]\w*Callback
    | \.\s*Wand[bB]\w*Callback\s*=[^=]""",
    re.VERBOSE,
)
# The same idea as stand_ins.py, which asks a parsed module: most other files are never parsed,
# and this one is read where LibCST is not imported.
_STAND_IN = re.compile(
    rb"""\b(?:patch(?:\.\w+)?|setattr|delattr)\(\s*["']wandb(?:\.\w+)*\.Wand[bB]\w*Callback(?:\.\w+)?["']
    | \b(?:object|setattr|delattr)\(\s*[\w.]*keras\w*\s*,\s*["']Wand[bB]\w*Callback["']
    | \bkeras\w*\s*\.\s*Wand[bB]\w*Callback\s*=[^=]
    | \bsys\.modules\b[^\r\n]*["']wandb(?:(?:\.integration)?\.(?:wandb_)?keras)?["']""",
    re.VERBOSE,
)
_LOOKS = re.compile(
    rb"""\b(?:vars|dir|getmembers)\(\s*(?:\w+\s*\.\s*)*(\w+)\s*[,)]
    | \b(\w+)\s*\.\s*__dict__\b
    | \b[gs]etattr\(\s*(?:(?:\w+\s*\.\s*)*(\w+)|"""
    + _MODULE
    + rb""")\s*,(?!\s*["']\w+["']\s*[,)])""",
    re.VERBOSE,
)
_REPLACED = re.compile(
    rb"""\b(\w+)\.(\w+)\s*=[^=]
    | \b(?:patch(?:\.\w+)?|setattr|delattr)\(\s*["'](?:[\w.]*\.)?(\w+)\.(\w+)["']
    | \b(?:object|setattr|delattr)\(\s*(?:\w+\.)*(\w+)\s*,\s*["'](\w+)["']""",
    re.VERBOSE,
)
_PATCH = re.compile(rb"""\b(?:patch(?:\.\w+)?|setattr|object)\([^()]*?["'](?:[\w.]*\.)?(\w+)["']""")
_BASES = re.compile(rb"\bclass\s+\w+\s*\(([^)]*)\)")
# attributes of an object that are read by names which do not stand there
_ATTRIBUTES = re.compile(
    rb"""(?<!\w)vars\(\s*([^\W\d]\w*)\s*\)
    | \b(\w+)\s*\.\s*__dict__\b
    | \b(?:getmembers|asdict|astuple)\(\s*(\w+)\s*[,)]
    | \bgetattr\(\s*([^\W\d]\w*)\s*,(?!\s*["'])""",
    re.VERBOSE,
)
# its own, which derived classes are asked for, and what arguments of the command line are called
_OTHERS = {"self", "cls", "args", "opt", "opts", "options", "flags", "FLAGS", "hparams"}
_PARSED = re.compile(rb"\b(\w+)\s*(?:,\s*\w+\s*)?=\s*[\w.()]*parse_(?:known_)?args\(")
# a fake that tells with what it was called: all its methods, or those that are named
_FAKES = re.compile(rb"\bmock_calls\b|\bmethod_calls\b")
_FAKE_METHODS = re.compile(
    rb"\b(?:call_args(?:_list)?|side_effect|assert_called(?:_once)?_with|assert_any_call"
    rb"|assert_has_calls)\b|\bwraps\s*="
)
_TRAINS = re.compile(rb"\b(?:callbacks|" + "|".join(sorted(FITS)).encode() + rb")\b")

# what catches more than a failed import or the end of the program
_CATCHES = re.compile(
    rb"\bexcept\b(?![ \t]*(?:ImportError|ModuleNotFoundError|KeyboardInterrupt|SystemExit)\b)"
    rb"|\b(?:suppress|raises|assertRaises\w*)\("
)


@dataclass(frozen=True)
class Facts:
    """What one file says that others may feel.

    Args:
        imported: Names it imports from somewhere.
        modules: What modules are called in it.
        members: Attributes it uses, each with the last word before the dot.
        strings: The last words of paths in strings.
        words: All its words, when it takes over whole modules.
        defined: Functions it defines and attributes it sets.
        bases: What its classes derive from.
        dynamic: Whether it may call modules by other names than those it imports them by.
        patches: Whether it changes the legacy class itself.
        stand_in: Whether it puts another in the place of wandb's class or module.
        looks: Of what it reads all names at once.
        replaced: Attributes it sets, each with the last word before the dot.
        proxies: Whether it has a class that makes up its attributes and is no dictionary.
        frames: Whether it reads or writes the names that functions see.
        idle: Of the functions it defines, those that no callbacks can be given to.
        opens: Whether it reads attributes of objects by names that do not stand there.
        fakes: Whether it has fakes of objects that tell with what they were called.
        catches: Whether it goes on after exceptions.
    """

    imported: frozenset[str] = frozenset()
    modules: frozenset[str] = frozenset()
    members: frozenset[tuple[str, str]] = frozenset()
    strings: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    defined: frozenset[str] = frozenset()
    bases: frozenset[str] = frozenset()
    dynamic: bool = False
    patches: bool = False
    stand_in: bool = False
    looks: frozenset[str] = frozenset()
    replaced: frozenset[tuple[str, str]] = frozenset()
    proxies: bool = False
    frames: bool = False
    idle: frozenset[str] = frozenset()
    opens: bool = False
    fakes: bool = False
    catches: bool = False


def is_dynamic(text: bytes) -> bool:
    """Tell whether a text may import modules by names that are computed."""
    if not any(word in text for word in _DYNAMIC_WORDS):
        return False
    return _DYNAMIC.search(_OF_WANDB.sub(b"", text)) is not None


def opens_notebooks(text: bytes) -> bool:
    """Tell whether a text may import notebooks."""
    return any(word in text for word in _DYNAMIC_WORDS) and bool(_NOTEBOOKS.search(text))


def is_exported(text: bytes) -> bool:
    """Tell whether a notebook is made a module by nbdev."""
    return _EXPORTED.search(text) is not None


def facts_of(text: bytes, stems: frozenset[str], dynamic: bool, asked: frozenset[str]) -> Facts:
    """Read what a text says of the words that may be asked for, which are few."""
    imported: set[str] = set()
    modules: set[str] = set()
    foreign: set[str] = set()
    star = False
    stems |= {"__main__"}
    for match in IMPORT.finditer(text):
        home = match["home"]
        if home is None:
            modules.update(word for word in words_of(match["modules"]) if stems & {word})
            for clause in match["modules"].split(b","):
                words = words_of(clause)
                if stems & set(words[:-1]):
                    modules.add(words[-1])
                foreign.update(words[-1:])
        elif home.startswith(b".") or decoded(home).split(".")[-1] in stems:
            imported.update(words_of(match["names"]))
            if home == b"__main__":
                modules.add("__main__")
            star = star or b"*" in match["names"]
            foreign |= imported & stems
        else:
            foreign.update(words_of(match["names"]))
        modules.update(imported)
    if dynamic:
        modules.update(
            decoded(name) for name, module in _BOUND.findall(text) if decoded(module) in stems
        )
    loose = dynamic or _passes_on(text, [name for name in modules if name in stems])
    whole = star or (b"%run" in text and RUN.search(text) is not None)
    strings = frozenset(
        word
        for path in QUOTED.findall(text)
        for word in (PATH_ENDS.split(decoded(path))[-1],)
        if word in asked
    )
    idle, taking = _idle(text)
    found = (*_DEFINED.findall(taking), _PATCH.findall(text), _ASSIGNED.findall(text))
    defined = asked.intersection(decoded(word) for words in found for word in words)
    swapped = asked & loosely(text, modules & stems | imported & stems, passed=loose)
    defined |= swapped | (strings if _BY_TEXT.search(text) else frozenset())
    defined |= frozenset(bound(text, FITS & asked))
    return Facts(
        frozenset(imported),
        frozenset(modules),
        frozenset(pair for pair in _members(text) if pair[1] in asked),
        strings,
        frozenset(asked.intersection(words_of(text))) if whole else frozenset(),
        (asked & idle) | defined,
        frozenset(word for bases in _BASES.findall(text) for word in words_of(bases)),
        loose,
        b"andb" in text and b"Callback" in text and _changes(text),
        b"wandb" in text and _stands_in(text, modules),
        frozenset(decoded(word) for words in _LOOKS.findall(text) for word in words if word),
        frozenset(
            (owner, name)
            for groups in _REPLACED.findall(text)
            for owner, name in (tuple(decoded(word) for word in groups if word),)
            if name in asked
        )
        | {(ANY, name) for name in swapped},
        b"__getattr" in text and _has_proxies(text),
        b"f_locals" in text or b"__globals__" in text,
        idle - defined,
        _opens(text, foreign),
        b"ock" in text and _has_fakes(text),
        _CATCHES.search(text) is not None,
    )


def _idle(text: bytes) -> tuple[frozenset[str], bytes]:
    """Return the methods of Keras' names that take no callbacks, and the text without them."""
    found: set[str] = set()
    others = _SIGNATURE.sub(lambda match: _without(match, found), text)
    return frozenset(found), others


def _without(match: re.Match[bytes], found: set[str]) -> bytes:
    name, parameters = decoded(match[1]), match[2]
    by_position = name in POSITIONS and parameters.count(b",") > POSITIONS[name]
    decorated = match.string[: match.start()].rstrip().rpartition(b"\n")[2].strip()[:1] in b"@)"
    if by_position or decorated or b"callbacks" in parameters or b"*" in parameters:
        return match[0]
    found.add(name)
    return b""


def _changes(text: bytes) -> bool:
    return _PATCHED.search(text) is not None or changes_class(text)


def _stands_in(text: bytes, modules: set[str]) -> bool:
    found = _STAND_IN.search(text) is not None or puts_modules(text)
    return found or (b"andb" in text and replaces_home(text, modules))


def _has_fakes(text: bytes) -> bool:
    if _FAKES.search(text) is not None:
        return True
    return _FAKE_METHODS.search(text) is not None and _TRAINS.search(text) is not None


def _opens(text: bytes, foreign: set[str]) -> bool:
    """Whether attributes of an object are read by names that do not stand there."""
    known = foreign | _OTHERS | {decoded(name) for name in _PARSED.findall(text)}
    return any(
        decoded(word) not in known for words in _ATTRIBUTES.findall(text) for word in words if word
    )


def _passes_on(text: bytes, modules: list[str]) -> bool:
    """Whether a module is used as a value, so that it gets another name."""
    if not modules:
        return False
    words = "|".join(map(re.escape, modules)).encode()
    passed = re.compile(
        rb"(?<![\w.\"'])(?:" + words + rb")\s*[,)\]}]|[=:]\s*(?:" + words + rb")\s*$", re.MULTILINE
    )
    return passed.search(IMPORT.sub(b"", text)) is not None


def _has_proxies(text: bytes) -> bool:
    mapping = False
    for match in _PROXY.finditer(text):
        if match[2] is not None and not mapping:
            return True
        mapping = match[2] is None and _MAPPINGS.search(match[1] or b"") is not None
    return False


def _members(text: bytes) -> Iterator[tuple[str, str]]:
    for chain in set(_CHAIN.findall(text)):
        words = [decoded(word.strip(b")] \t\r\n")) for word in chain.split(b".")]
        yield from zip(words, words[1:])
        if b"__" in chain:  # what a class calls __name
            yield from zip(words, (_MANGLED.sub("", word, count=1) for word in words[1:]))
