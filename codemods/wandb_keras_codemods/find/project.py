"""What the other files of a run may read of a file, found by searching their bytes."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import PurePath
from typing import Iterable, Iterator, Mapping

from wandb_keras_codemods.findings import mentions

# methods that take callbacks: Keras' own and KerasTuner's
FITS = frozenset(
    {
        "fit", "fit_generator", "evaluate", "evaluate_generator", "predict", "predict_generator",
        "search",
    }
)  # fmt: skip

# methods by which a class of another file says what ``+`` does
ADDS = ("__add__", "__radd__")

_WORD = re.compile(rb"[^\W\d]\w*")
_CONTINUED = re.compile(rb"\\\r?\n")
_IMPORT = re.compile(
    rb"""\bfrom\s+(?P<home>[.\w]+)\s+import\s+(?P<names>\([^)]*\)|[^\r\n;\#"]*)
    | \bimport[ \t]+(?P<modules>[\w., \t]+)""",
    re.VERBOSE,
)
_PATH = re.compile(rb"""["']([\w./]+)["']""")
_RUN = re.compile(rb"%run\s+([\w./\\-]+)")
_PICTURE = re.compile(rb"[A-Za-z0-9+/]{300,}")
_DYNAMIC_WORDS = (
    b"import_module", b"__import__", b"runpy", b"load_source", b"spec_from", b"exec", b"ipynb",
    b"nbimporter", b"importnb", b"testbook",
)  # fmt: skip
_DYNAMIC = re.compile(
    rb"\bimport_module\b|\b__import__\b|\brunpy\b|\bload_source\b|\bspec_from_file_location\b"
    rb"|\bexec\s*\(|\bimport_ipynb\b|\bnbimporter\b|\bimportnb\b|\btestbook\b"
)
_OF_WANDB = re.compile(rb"""\bimport_module\(\s*(?:name\s*=\s*)?["']wandb[\w.]*["']""")
_NOTEBOOKS = re.compile(rb"import_ipynb|nbimporter|importnb|testbook|ipynb\.fs|%run\s+\S+\.ipynb")
_EXPORTED = re.compile(rb"#\s*\|?\s*(?:default_exp\b|exports?[ \t]*[\r\n\"])")  # nbdev
_CHAIN = re.compile(rb"(?<!\w)\w*[)\]]*(?:\s*\.\s*[^\W\d]\w*)+")
_DEFINED = re.compile(rb"\bdef\s+(\w+)|\.(\w+)\s*=[^=]")
# a method that a class gets by assignment; most often such a line keeps what a call of it gave
_ASSIGNED = re.compile(
    rb"^[ \t]+(" + "|".join(sorted(FITS)).encode() + rb")\s*(?::[^=\r\n]*)?=\s*"
    rb"(?:lambda\b|[\w.]+[ \t]*(?:\#[^\r\n]*)?\r?$"
    rb"|[\w.]*(?:partial|partialmethod|staticmethod|classmethod)\()",
    re.MULTILINE,
)
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
_STAND_IN = re.compile(
    rb"""\b(?:patch(?:\.\w+)?|setattr|delattr)\(\s*["']wandb(?:\.\w+)*\.Wand[bB]\w*Callback["']
    | \b(?:object|setattr|delattr)\(\s*[\w.]*keras\w*\s*,\s*["']Wand[bB]\w*Callback["']
    | \bkeras\w*\s*\.\s*Wand[bB]\w*Callback\s*=[^=]
    | \bsys\.modules\b[^\r\n]*["']wandb(?:(?:\.integration)?\.(?:wandb_)?keras)?["']""",
    re.VERBOSE,
)
_LOOKS = re.compile(
    rb"""\b(?:vars|dir|getmembers)\(\s*(?:\w+\s*\.\s*)*(\w+)\s*[,)]
    | \b(\w+)\s*\.\s*__dict__\b
    | \bgetattr\(\s*(?:\w+\s*\.\s*)*(\w+)\s*,(?!\s*["']\w+["']\s*[,)])""",
    re.VERBOSE,
)
_REPLACED = re.compile(
    rb"""\b(\w+)\.(\w+)\s*=[^=]
    | \b(?:patch(?:\.\w+)?|setattr|delattr)\(\s*["'](?:[\w.]*\.)?(\w+)\.(\w+)["']
    | \b(?:object|setattr|delattr)\(\s*(?:\w+\.)*(\w+)\s*,\s*["'](\w+)["']""",
    re.VERBOSE,
)
_PATCH = re.compile(
    rb"""\b(?:patch(?:\.\w+)?|setattr|object)\([^()\r\n]*?["'](?:[\w.]*\.)?(\w+)["']"""
)
_BASES = re.compile(rb"\bclass\s+\w+\s*\(([^)]*)\)")


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
        dynamic: Whether it imports modules by names that may be computed.
        patches: Whether it changes the legacy class itself.
        stand_in: Whether it puts another in the place of wandb's class or module.
        looks: Of what it reads all names at once.
        replaced: Attributes it sets, each with the last word before the dot.
        proxies: Whether it has a class that makes up its attributes and is no dictionary.
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


@dataclass(frozen=True)
class Project:
    """The files of a run, as far as the values of one can reach another.

    Files are related when imports lead from one to the other, over any number of files.

    Args:
        known: Whether the other files are known; if not, all that is public counts as read.
        facts: What the files say that are related to one with a construction.
        relatives: For each of those, the others it is related to.
        closed: Notebooks, which no other file can import.

    Example:
        >>> project = Project.of({"a.py": b"from wandb.keras import WandbCallback",
        ...                       "b.py": b"from a import callbacks"})
        >>> project.reads_name("a.py", "callbacks"), project.reads_name("a.py", "other")
        (True, False)
    """

    known: bool = False
    facts: Mapping[str, Facts] = field(default_factory=dict)
    relatives: Mapping[str, frozenset[str]] = field(default_factory=dict)
    closed: frozenset[str] = frozenset()

    @classmethod
    def alone(cls) -> Project:
        """Return the project of a file of whose surroundings nothing is known."""
        return cls()

    @classmethod
    def of(cls, files: Mapping[str, bytes]) -> Project:
        """Return the project of some files, which are all there are.

        Args:
            files: The bytes of Python files and notebooks by their paths.
        """
        chosen = [path for path, data in files.items() if mentions(data)]
        if not chosen:
            return cls(known=True)
        texts = {path: _plain(path, data) for path, data in files.items()}
        graph = _related(texts)
        dynamic = frozenset(path for path, text in texts.items() if _is_dynamic(text))
        for path in texts:  # pytest imports these for the tests beside and below them
            if PurePath(path).name == "conftest.py":
                _tie_tests(graph, path, texts)
        relatives = {
            path: (_component(graph, path) | dynamic) - ({path} - graph[path]) for path in chosen
        }
        needed = {path for group in relatives.values() for path in group} | set(chosen)
        stems = frozenset(map(_stem, files))
        asked = frozenset(word for path in chosen for word in _words(texts[path])).union(ADDS)
        facts = {path: _facts(texts[path], stems, path in dynamic, asked) for path in needed}
        imported = any(
            any(word in text for word in _DYNAMIC_WORDS) and _NOTEBOOKS.search(text)
            for text in texts.values()
        )
        closed = frozenset(
            path
            for path in chosen
            if path.endswith(".ipynb") and not imported and not _EXPORTED.search(texts[path])
        )
        return cls(True, facts, relatives, closed)

    def reads_name(self, filename: str, name: str) -> bool:
        """Tell whether another file may read a name of a file's module level.

        Args:
            filename: The file, as it is called in the run.
            name: The name.
        """
        if not self.known:
            return not name.startswith("_") and not filename.endswith(".ipynb")
        stem = _stem(filename)
        return filename not in self.closed and any(
            self._reads(facts, stem, name) for facts in self._others(filename)
        )

    def _reads(self, facts: Facts, stem: str, name: str) -> bool:
        if name in facts.imported or name in facts.strings or name in facts.words:
            return True
        if facts.dynamic:
            return any(member == name and owner != "keras" for owner, member in facts.members)
        return any((owner, name) in facts.members for owner in {stem} | facts.modules)

    def reads_attribute(self, filename: str, name: str) -> bool:
        """Tell whether another file may read or set an attribute, or call or override a method.

        Args:
            filename: The file, as it is called in the run.
            name: The attribute.
        """
        if not self.known:
            return not name.startswith("_") and not filename.endswith(".ipynb")
        return filename not in self.closed and any(
            name in facts.strings
            or name in facts.defined
            or any(member == name and owner != "keras" for owner, member in facts.members)
            for facts in self._others(filename)
        )

    def defines(self, filename: str, method: str) -> bool:
        """Tell whether another file that a file's objects may come from defines a method.

        Args:
            filename: The file, as it is called in the run.
            method: The method, such as ``"fit"``.
        """
        return any(method in facts.defined for facts in self._others(filename))

    def has_proxies(self, filename: str) -> bool:
        """Tell whether an object of another file may make up its methods when they are called.

        Args:
            filename: The file, as it is called in the run.
        """
        return any(facts.proxies for facts in self._others(filename))

    def derives(self, filename: str, name: str) -> bool:
        """Tell whether a class of another file may derive from one of a file.

        Args:
            filename: The file, as it is called in the run.
            name: The file's class.
        """
        return any(name in facts.bases for facts in self._others(filename))

    def patches(self, filename: str) -> bool:
        """Tell whether another file changes the legacy class itself, in the middle of a run.

        Args:
            filename: The file, as it is called in the run.
        """
        return any(facts.patches for facts in self._others(filename))

    def replaces_home(self, filename: str) -> bool:
        """Tell whether another file puts another in the place of wandb's class or module.

        Args:
            filename: The file, as it is called in the run.
        """
        return any(facts.stand_in for facts in self._others(filename))

    def replaces(self, filename: str, name: str) -> bool:
        """Tell whether another file may put something else under a name of a file's module level.

        Args:
            filename: The file, as it is called in the run.
            name: The name.
        """
        stem = _stem(filename)
        return any(
            (owner, name) in facts.replaced
            for facts in self._others(filename)
            for owner in {stem} | facts.modules
        )

    def looks_into(self, filename: str) -> bool:
        """Tell whether another file reads all names of a file at once, as ``vars(module)`` does.

        Args:
            filename: The file, as it is called in the run.
        """
        stem = _stem(filename)
        return any(
            facts.looks & (facts.modules | {stem}) and (stem in facts.modules or facts.dynamic)
            for facts in self._others(filename)
        )

    def is_module(self, filename: str, name: str) -> bool:
        """Tell whether a name that a file imports from somewhere may be another file's module.

        Args:
            filename: The file, as it is called in the run.
            name: The name.
        """
        return any(_stem(path) == name for path in self.relatives.get(filename, ()))

    def _others(self, filename: str) -> Iterable[Facts]:
        return (self.facts[path] for path in self.relatives.get(filename, ()))


def _is_dynamic(text: bytes) -> bool:
    if not any(word in text for word in _DYNAMIC_WORDS):
        return False
    return _DYNAMIC.search(_OF_WANDB.sub(b"", text)) is not None


def _plain(path: str, data: bytes) -> bytes:
    """Return the code of a file as one text; a notebook's JSON without its escapes and pictures."""
    if path.endswith(".ipynb"):
        data = _PICTURE.sub(b"", data)
        data = data.replace(b"\\n", b"\n").replace(b'\\"', b'"')
    return _CONTINUED.sub(b" ", data)


def _facts(text: bytes, stems: frozenset[str], dynamic: bool, asked: frozenset[str]) -> Facts:
    """Read what a text says of the words that may be asked for, which are few."""
    imported: set[str] = set()
    modules: set[str] = set()
    star = False
    for match in _IMPORT.finditer(text):
        home = match["home"]
        if home is None:
            modules.update(word for word in _words(match["modules"]) if stems & {word})
            for clause in match["modules"].split(b","):
                words = _words(clause)
                if stems & set(words[:-1]):
                    modules.add(words[-1])
        elif home.startswith(b".") or _text(home).split(".")[-1] in stems:
            imported.update(_words(match["names"]))
            star = star or b"*" in match["names"]
        modules.update(imported)
    whole = star or (b"%run" in text and _RUN.search(text) is not None)
    return Facts(
        frozenset(imported),
        frozenset(modules),
        frozenset(pair for pair in _members(text) if pair[1] in asked),
        frozenset(
            word
            for path in _PATH.findall(text)
            for word in (_text(path.replace(b"/", b".").rpartition(b".")[2]),)
            if word in asked
        ),
        frozenset(asked.intersection(_words(text))) if whole else frozenset(),
        asked.intersection(
            _text(word)
            for words in (
                *_DEFINED.findall(text),
                _PATCH.findall(text),
                _ASSIGNED.findall(text),
            )
            for word in words
        ),
        frozenset(word for bases in _BASES.findall(text) for word in _words(bases)),
        dynamic,
        b"andb" in text and b"Callback" in text and _PATCHED.search(text) is not None,
        b"wandb" in text and _STAND_IN.search(text) is not None,
        frozenset(_text(word) for words in _LOOKS.findall(text) for word in words if word),
        frozenset(
            (owner, name)
            for groups in _REPLACED.findall(text)
            for owner, name in (tuple(_text(word) for word in groups if word),)
            if name in asked
        ),
        b"__getattr" in text and _has_proxies(text),
    )


def _has_proxies(text: bytes) -> bool:
    mapping = False
    for match in _PROXY.finditer(text):
        if match[2] is not None and not mapping:
            return True
        mapping = match[2] is None and _MAPPINGS.search(match[1] or b"") is not None
    return False


def _members(text: bytes) -> Iterator[tuple[str, str]]:
    for chain in set(_CHAIN.findall(text)):
        words = [_text(word.strip(b")] \t\r\n")) for word in chain.split(b".")]
        yield from zip(words, words[1:])


def _text(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _words(data: bytes) -> list[str]:
    return [_text(word) for word in _WORD.findall(data)]


def _stem(path: str) -> str:
    pure = PurePath(path)
    return pure.parent.name if pure.stem == "__init__" else pure.stem


def _related(texts: Mapping[str, bytes]) -> dict[str, set[str]]:
    """Return for each file those it imports or is imported by."""
    homes: dict[str, list[tuple[str, ...]]] = defaultdict(list)  # by the last word of the module
    paths: dict[tuple[str, ...], str] = {}
    for path in texts:
        pure = PurePath(path)
        parts = (*pure.parent.parts, pure.stem)
        if pure.stem == "__init__":
            parts = parts[:-1]
        if parts:
            homes[parts[-1]].append(parts)
            paths[parts] = path
    graph: dict[str, set[str]] = defaultdict(set)
    for path, text in texts.items():
        here = PurePath(path).parent.parts
        for module in _modules(text):
            for parts in _targets(module, here, homes):
                graph[path].add(paths[parts])
                graph[paths[parts]].add(path)
    return graph


def _modules(text: bytes) -> set[tuple[int, tuple[str, ...]]]:
    """Return the modules a text may import: how many dots, then the words of the path."""
    found: set[tuple[int, tuple[str, ...]]] = set()
    for match in _IMPORT.finditer(text):
        if match["home"] is None:
            for module in match["modules"].split(b","):
                words = _words(module.split(b" as ")[0])
                found.update((0, tuple(words[:end])) for end in range(1, len(words) + 1))
            continue
        home = _text(match["home"])
        level = len(home) - len(home.lstrip("."))
        base = tuple(part for part in home[level:].split(".") if part)
        found.update((level, base[:end]) for end in range(0 if level else 1, len(base) + 1))
        for name in _words(match["names"]):
            found.add((level, (*base, name)))
    for run in _RUN.findall(text) if b"%run" in text else ():
        found.add((0, tuple(PurePath(_text(run)).with_suffix("").parts)))
    for quoted in _PATH.findall(text):
        path = _text(quoted)
        path = path[: -len(".py")] if path.endswith(".py") else path
        words = [word for word in re.split(r"[./]", path) if word]
        if len(words) > 1 or "." in _text(quoted):
            found.update((0, tuple(words[:end])) for end in range(1, len(words) + 1))
    return found


def _targets(
    module: tuple[int, tuple[str, ...]],
    here: tuple[str, ...],
    homes: Mapping[str, list[tuple[str, ...]]],
) -> list[tuple[str, ...]]:
    """Return the files that a module may be: the nearest above a file, else all of that path."""
    level, words = module
    if not words:
        package = here[: len(here) - level + 1]
        return [package] if package and package in homes.get(package[-1], ()) else []
    found = [parts for parts in homes.get(words[-1], ()) if parts[-len(words) :] == words]
    if level:
        base = here[: len(here) - level + 1]
        return [parts for parts in found if parts == (*base, *words)]
    for end in range(len(here), -1, -1):
        near = [parts for parts in found if parts == (*here[:end], *words)]
        if near:
            return near
    return found


def _tie_tests(graph: dict[str, set[str]], conftest: str, paths: Iterable[str]) -> None:
    """Relate a conftest.py to the tests of its folder."""
    folder = PurePath(conftest).parent
    for path in paths:
        pure = PurePath(path)
        if pure.name.startswith("test_") and folder in pure.parents:
            graph[conftest].add(path)
            graph[path].add(conftest)


def _component(graph: Mapping[str, set[str]], start: str) -> frozenset[str]:
    """Return all files that imports lead to or from."""
    seen, todo = {start}, [start]
    while todo:
        for other in graph.get(todo.pop(), ()):
            if other not in seen:
                seen.add(other)
                todo.append(other)
    return frozenset(seen)
