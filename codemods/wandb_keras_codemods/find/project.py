"""What the other files of a run may read of a file, found by searching their bytes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import PurePath
from typing import TYPE_CHECKING, Iterable, Mapping

from wandb_keras_codemods.find.facts import (
    ADDS,
    ANY,
    FITS,
    Facts,
    facts_of,
    is_dynamic,
    is_exported,
    opens_notebooks,
)
from wandb_keras_codemods.find.raw import plain, plain_word, stem_of, words_of
from wandb_keras_codemods.find.relations import component, related, tie_tests
from wandb_keras_codemods.findings import mentions

if TYPE_CHECKING:
    from wandb_keras_codemods.find.holders import Holders


@dataclass(frozen=True)
class Project:
    """The files of a run, as far as the values of one can reach another.

    Files are related when imports lead from one to the other, over any number of files.

    Args:
        known: Whether the other files are known; if not, all that is public counts as read.
        facts: What the files say that are related to one with a construction.
        relatives: For each of those, the others it is related to.
        closed: Notebooks, which no other file can import.
        sources: The bytes of those that are Python files.
        holders: What was parsed of them; None for what is not followed.

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
    sources: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    holders: dict[str, Holders | None] = field(default_factory=dict, repr=False)

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
        texts = {path: plain(path, data) for path, data in files.items()}
        graph = related(texts)
        dynamic = frozenset(path for path, text in texts.items() if is_dynamic(text))
        for path in texts:  # pytest imports these for the tests beside and below them
            if PurePath(path).name == "conftest.py":
                tie_tests(graph, path, texts)
        relatives = {
            path: (component(graph, path) | dynamic) - ({path} - graph[path]) for path in chosen
        }
        needed = {path for group in relatives.values() for path in group} | set(chosen)
        stems = frozenset(map(stem_of, files))
        words = (word for path in needed for word in words_of(texts[path]))
        asked = frozenset(words).union(ADDS, FITS)
        facts = {path: facts_of(texts[path], stems, path in dynamic, asked) for path in needed}
        imported = any(map(opens_notebooks, texts.values()))
        closed = frozenset(
            path
            for path in chosen
            if path.endswith(".ipynb") and not imported and not is_exported(texts[path])
        )
        sources = {path: files[path] for path in needed if not path.endswith(".ipynb")}
        return cls(True, facts, relatives, closed, sources)

    def reads_name(self, filename: str, name: str) -> bool:
        """Tell whether another file may read a name of a file's module level.

        Args:
            filename: The file, as it is called in the run.
            name: The name.
        """
        name = plain_word(name)
        if not self.known and not name.startswith("_") and not filename.endswith(".ipynb"):
            return True
        return bool(self.readers(filename, name))

    def readers(self, filename: str, name: str) -> list[str]:
        """Return the other files that may read a name of a file's module level.

        Args:
            filename: The file, as it is called in the run.
            name: The name.
        """
        name, stem = plain_word(name), stem_of(filename)
        others = () if filename in self.closed else self.relatives.get(filename, ())
        return sorted(path for path in others if self._reads(self.facts[path], stem, name))

    def owners(self, filename: str, path: str) -> frozenset[str]:
        """Return what a file's module may be called in another file.

        Args:
            filename: The file, as it is called in the run.
            path: The other file.
        """
        return self.facts[path].modules | {stem_of(filename)}

    def beside(self, filename: str, path: str) -> Project:
        """Return the project as a file has it that reads another.

        Args:
            filename: The file that is read, as it is called in the run.
            path: The file that reads it.
        """
        others = (self.relatives[filename] | {filename}) - {path}
        return replace(self, relatives={**self.relatives, path: others})

    def reads_program(self, filename: str, name: str) -> bool:
        """Tell whether another file may read a name of a file that is run, as ``__main__``.

        Args:
            filename: The file, as it is called in the run.
            name: The name.
        """
        return any(
            "__main__" in facts.modules and self._reads(facts, "__main__", plain_word(name))
            for facts in self._others(filename)
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
        name = plain_word(name)
        if not self.known:
            return not name.startswith("_") and not filename.endswith(".ipynb")
        return filename not in self.closed and any(
            facts.opens
            or name in facts.strings
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
        method = plain_word(method)
        return any(method in facts.defined - facts.idle for facts in self._others(filename))

    def fakes(self, filename: str) -> bool:
        """Tell whether another file may give a file fakes that tell with what they were called.

        Args:
            filename: The file, as it is called in the run.
        """
        return any(facts.fakes for facts in self._others(filename))

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
        name = plain_word(name)
        return any(name in facts.bases for facts in self._others(filename))

    def catches(self, filename: str, name: str) -> bool:
        """Tell whether another file that goes on after exceptions names or defines a function.

        Args:
            filename: The file, as it is called in the run.
            name: The function, one of the file or one that it calls.
        """
        name, stem = plain_word(name), stem_of(filename)
        return any(
            facts.catches
            and (
                name in facts.defined
                or self._reads(facts, stem, name)
                or any(member == name and owner != "keras" for owner, member in facts.members)
            )
            for facts in self._others(filename)
        )

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
        name = plain_word(name)
        stem = stem_of(filename)
        return any(
            (owner, name) in facts.replaced
            for facts in self._others(filename)
            for owner in {stem, ANY} | facts.modules
        )

    def replaces_method(self, filename: str, name: str) -> bool:
        """Tell whether another file may put something else under the name of a file's method.

        Args:
            filename: The file, as it is called in the run.
            name: The method.
        """
        name = plain_word(name)
        return any(
            member == name and owner != "self"
            for facts in self._others(filename)
            for owner, member in facts.replaced
        )

    def looks_into(self, filename: str) -> bool:
        """Tell whether another file reads all names of a file at once, as ``vars(module)`` does.

        So does one that reads the names of its callers.

        Args:
            filename: The file, as it is called in the run.
        """
        stem = stem_of(filename)
        return any(
            facts.frames
            or (facts.looks & (facts.modules | {stem}) and (stem in facts.modules or facts.dynamic))
            for facts in self._others(filename)
        )

    def is_module(self, filename: str, name: str) -> bool:
        """Tell whether a name that a file imports from somewhere may be another file's module.

        Args:
            filename: The file, as it is called in the run.
            name: The name.
        """
        name = plain_word(name)
        return any(stem_of(path) == name for path in self.relatives.get(filename, ()))

    def _others(self, filename: str) -> Iterable[Facts]:
        return (self.facts[path] for path in self.relatives.get(filename, ()))
