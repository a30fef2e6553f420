"""Edit imports where they stand: the class by what its uses need, the trio by its new home."""

from __future__ import annotations

import ast

from wandb_keras_codemods._old.import_lines import ALONE, Lines
from wandb_keras_codemods._old.imports import Imports
from wandb_keras_codemods._old.scopes import Binding, Scopes
from wandb_keras_codemods._old.source import Edit, Source, comments
from wandb_keras_codemods._old.suspicions import in_code_text
from wandb_keras_codemods._old.usages import Usages
from wandb_keras_codemods.findings import Finding
from wandb_keras_codemods.legacy.names import (
    CLASS,
    CLASS_NAMES,
    COMPAT,
    LEGACY,
    MODULES,
    OLD_MODULES,
    TRIO,
    UPSTREAM,
)


class ImportEdits:
    """Makes the edits of all import statements of a module.

    Args:
        source: The module.
        scopes: Its scopes.
        usages: Its legacy usages.
        asked: What the usages ask for.
    """

    def __init__(self, source: Source, scopes: Scopes, usages: Usages, asked: Imports) -> None:
        self._source = source
        self._scopes = scopes
        self._asked = asked
        self._usages = usages
        self._star_trio = [n.id for n in usages.star_names if n.id in TRIO]
        self._bindings = {
            binding.alias: binding for binding in scopes.imports if binding.alias is not None
        }
        self._removed: set[ast.AST] = set()
        self.findings: list[Finding] = []

    def all(self) -> list[Edit]:
        """Return the edits of all import statements."""
        statements: dict[ast.AST, None] = {}
        for binding in self._scopes.imports:
            statements[binding.node] = None
        for star in self._scopes.stars:
            statements[star] = None
        planned: list[tuple[ast.stmt, Lines]] = []
        found: list[Edit] = []
        for statement in statements:
            if isinstance(statement, ast.ImportFrom):
                lines = self._from(statement)
            elif isinstance(statement, ast.Import):
                lines = self._plain(statement)
            else:
                assert isinstance(statement, ast.Assign)
                found += self._imported(statement)
                if statement in self._asked.extras:
                    found += self._insertion(statement, self._asked.extras[statement])
                continue
            if lines is None:
                if statement in self._asked.extras:
                    found += self._insertion(statement, self._asked.extras[statement])
                continue
            for module, names in self._asked.extras.get(statement, Lines()).groups.items():
                for name, bound in names:
                    lines.add(module, name, bound)
            planned.append((statement, lines))
        self._removed = {statement for statement, lines in planned if not lines.groups}
        for statement, lines in planned:
            found.append(self._replace(statement, lines))
        return found

    def _from(self, statement: ast.ImportFrom) -> Lines | None:
        """Return what a ``from`` import becomes; None when it stays."""
        module = statement.module if statement.level == 0 else None
        if module in ("wandb", "wandb.integration"):
            return self._from_wandb(statement, module)
        if module not in MODULES and module != f"{UPSTREAM}.keras":
            return None
        assert module is not None
        if statement.names[0].name == "*":
            return self._star(statement, module)
        lines, before = Lines(), Lines()
        for alias in statement.names:
            before.add(module, alias.name, alias.asname)
            if f"{module}.{alias.name}" in LEGACY:
                self._class(lines, statement, module, alias)
            elif alias.name in TRIO:
                lines.add(self._trio_home(module, alias.name), alias.name, alias.asname)
            else:
                lines.add(module, alias.name, alias.asname)
                if module in OLD_MODULES:
                    self._say(
                        statement, "WKM418", f"{alias.name} of {module}",
                        "Look for it in wandb.integration.keras, or do without.",
                    )  # fmt: skip
        if list(lines.groups.items()) == list(before.groups.items()):
            return None
        if lines.groups:
            self._say(statement, "WKM102", f"import from {' and '.join(map(str, lines.groups))}")
        return lines

    def _class(self, lines: Lines, statement: ast.stmt, module: str, alias: ast.alias) -> None:
        binding = self._bindings[alias]
        bound = alias.asname or alias.name
        needs = self._asked.needs.get(binding, {})
        for name in sorted(needs):
            lines.add(self._asked.home, name)
        exported = self._exported(statement, bound)
        shim = self._asked.target == "shim"
        texts = [] if shim else in_code_text(self._source, bound)
        for text in texts:
            self.findings.append(
                self._source.finding(
                    text, "WKM422", f"{bound} in code that is a text", "Migrate it by hand."
                )
            )
        kept = texts or binding in self._asked.kept
        if shim or kept or (not needs and exported):
            if self._asked.fallback:
                lines.add(COMPAT, CLASS, bound)
            else:
                lines.add(module, alias.name, alias.asname)
        elif not needs:
            self._say(statement, "WKM207", f"{bound} was imported and never used")

    def _exported(self, statement: ast.stmt, name: str) -> bool:
        """Whether an unused import has a use that is not a name."""
        if self._source.filename.endswith("__init__.py"):
            return True
        if isinstance(self._source.parent(statement), ast.Try):  # it asks whether wandb is there
            return True
        _, end = self._source.span(statement)
        if "noqa" in self._source.text[end : self._source.line_end(end)]:
            return True
        for binding in self._scopes.module.bindings.get("__all__", ()):
            for node in ast.walk(binding.node):
                if isinstance(node, ast.Constant) and node.value == name:
                    return True
        return False

    def _trio_home(self, module: str, name: str) -> str:
        if module in OLD_MODULES:
            return self._asked.home
        return COMPAT if self._asked.target == "compat" and self._asked.provides(name) else module

    def _star(self, statement: ast.ImportFrom, module: str) -> Lines | None:
        lines = Lines()
        wanted = dict.fromkeys([*sorted(self._asked.stars), *self._star_trio])
        if module == UPSTREAM and not self._asked.stars and not self._asked.star_kept:
            return None
        if self._asked.star_kept and not self._asked.fallback:
            return None
        for name in wanted:
            lines.add(self._asked.home, name)
        if self._asked.star_kept:
            lines.add(COMPAT, CLASS)
        if not lines.groups:
            lines.add(UPSTREAM, "*")
        self._say(statement, "WKM102", f"import from {' and '.join(map(str, lines.groups))}")
        return lines

    def _from_wandb(self, statement: ast.ImportFrom, module: str) -> Lines | None:
        """Return what ``from wandb import keras`` becomes."""
        lines = Lines()
        changed = False
        for alias in statement.names:
            binding = self._bindings.get(alias)
            bound = alias.asname or alias.name
            old = f"{module}.{alias.name}"
            if binding is None or old not in MODULES:
                lines.add(module, alias.name, alias.asname)
            elif binding in self._asked.moved and self._asked.home == COMPAT:
                changed = True
                lines.add(None, COMPAT, bound)
            elif old == "wandb.wandb_keras" or (binding in self._asked.moved and old != UPSTREAM):
                changed = True
                lines.add("wandb.integration", "keras", bound)
            else:
                lines.add(module, alias.name, alias.asname)
        if not changed:
            return None
        self._say(statement, "WKM102", f"import from {self._asked.home}")
        return lines

    def _plain(self, statement: ast.Import) -> Lines | None:
        """Return what ``import wandb.keras`` becomes."""
        lines = Lines()
        changed = False
        for alias in statement.names:
            binding = self._bindings[alias]
            if alias.name not in MODULES:
                lines.add(None, alias.name, alias.asname)
                continue
            new = alias.name
            if alias.asname is None:
                if alias.name in OLD_MODULES:
                    new = "wandb" if self._replaced(binding) else UPSTREAM
                    if new == "wandb" and self._bound_before(binding):
                        changed = True
                        continue
            elif binding in self._asked.moved:
                new = self._asked.home
            elif alias.name in OLD_MODULES:
                new = UPSTREAM
            changed |= new != alias.name
            lines.add(None, new, alias.asname)
        if not changed:
            return None
        names = [name for name, _ in lines.groups.get(None, {})]
        told = f"import of {', '.join(names)}" if names else "import left out"
        self._say(statement, "WKM102", told)
        return lines

    def _replaced(self, binding: Binding) -> bool:
        """Whether all that is read from a module comes from elsewhere now."""
        if self._asked.home != COMPAT or not self._asked.fallback:
            extra = self._asked.extras.get(binding.node, Lines()).groups.get(ALONE, {})
            return (COMPAT, None) in extra
        uses = [use for use in self._usages.modules if use.binding is binding]
        return all(use.member in CLASS_NAMES | TRIO for use in uses)

    def _bound_before(self, binding: Binding) -> bool:
        """Whether ``import wandb`` stands before an import of a module of wandb, in its block."""
        for _, block in ast.iter_fields(self._source.parent(binding.node)):
            if isinstance(block, list) and binding.node in block:
                return any(
                    isinstance(statement, ast.Import)
                    and any(a.name == "wandb" and a.asname is None for a in statement.names)
                    for statement in block[: block.index(binding.node)]
                )
        return False

    def _imported(self, statement: ast.Assign) -> list[Edit]:
        """Edit the module's name in ``m = importlib.import_module("wandb.keras")``."""
        call = statement.value
        assert isinstance(call, ast.Call)
        path = call.args[0]
        assert isinstance(path, ast.Constant)
        moved = any(b.node is statement for b in self._asked.moved)
        new = self._asked.home if moved else UPSTREAM
        if path.value not in MODULES or path.value == new or (path.value == UPSTREAM and not moved):
            return []
        self._say(statement, "WKM102", f"import of {new}")
        return [Edit(*self._source.span(path), f'"{new}"')]

    def _say(self, statement: ast.stmt, code: str, message: str, hint: str = "") -> None:
        self.findings.append(self._source.finding(statement, code, message, hint))

    def _replace(self, statement: ast.stmt, lines: Lines) -> Edit:
        source = self._source
        start, end = source.span(statement)
        indent = source.indent(start)
        shared = self._shares_line(statement)
        notes = [text for _, text in _import_comments(source.text[start:end])]
        texts = lines.texts(indent, source.eol)
        if not texts:
            return self._remove(statement, notes)
        glue = "; " if shared else source.eol + indent
        kept = "" if shared else "".join(f"{note}{source.eol}{indent}" for note in notes)
        return Edit(start, end, kept + glue.join(texts))

    def _remove(self, statement: ast.stmt, notes: list[str]) -> Edit:
        source = self._source
        start, end = source.span(statement)
        if self._only_pass_left(statement):
            kept = "".join(f"{note}{source.eol}{source.indent(start)}" for note in notes)
            return Edit(start, end, f"{kept}pass")
        line, stop = source.line_start(start), source.line_end(end)
        rest = source.text[end:stop].strip()
        if self._shares_line(statement):
            if rest.startswith(";"):
                return Edit(start, source.text.index(";", end) + 1 + _spaces(source.text, end), "")
            return Edit(source.text.rindex(";", line, start), end, "")
        if rest.startswith("#"):
            notes.append(rest)
        indent = source.indent(start)
        text = "".join(f"{indent}{note}{source.eol}" for note in notes)
        following = stop + (2 if source.text.startswith("\r\n", stop) else 1)
        return Edit(line, min(following, len(source.text)), text)

    def _only_pass_left(self, statement: ast.stmt) -> bool:
        """Whether removing a statement would leave its block empty; its first one stays then."""
        parent = self._source.parent(statement)
        if isinstance(parent, ast.Module):
            return False
        blocks = (getattr(parent, name, []) for name in ("body", "orelse", "finalbody"))
        block = next(block for block in blocks if statement in block)
        return block[0] is statement and set(block) <= self._removed

    def _shares_line(self, statement: ast.stmt) -> bool:
        source = self._source
        start, end = source.span(statement)
        before = source.text[source.line_start(start) : start].lstrip("\ufeff").strip()
        after = source.text[end : source.line_end(end)].strip()
        return bool(before) or after.startswith(";")

    def _insertion(self, statement: ast.AST, lines: Lines) -> list[Edit]:
        source = self._source
        assert isinstance(statement, ast.stmt)
        start, end = source.span(statement)
        indent = source.indent(start)
        texts = lines.texts(indent, source.eol)
        self._say(statement, "WKM102", f"added imports from {', '.join(_modules(lines))}")
        if self._shares_line(statement):
            return [Edit(end, end, "".join(f"; {text}" for text in texts))]
        stop = source.line_end(end)
        return [Edit(stop, stop, "".join(f"{source.eol}{indent}{text}" for text in texts))]


def _modules(lines: Lines) -> dict[str, None]:
    found: list[str] = []
    for module, names in lines.groups.items():
        found += [name for name, _ in names] if module == ALONE else [str(module)]
    return dict.fromkeys(found)


def _import_comments(text: str) -> list[tuple[int, str]]:
    """Return the comments between the parentheses of an import."""
    opening = text.find("(")
    return comments(text[opening:]) if opening >= 0 else []


def _spaces(text: str, index: int) -> int:
    semicolon = text.index(";", index) + 1
    return len(text[semicolon:]) - len(text[semicolon:].lstrip(" \t"))
