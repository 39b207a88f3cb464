"""Imports: the project's own modules are run, everything else is external."""

from __future__ import annotations

from collections.abc import Sequence as Items
from pathlib import Path
from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.objects import Frame, Module
from flake8_contracts.flow.store import ROOT, single
from flake8_contracts.flow.values import UNKNOWN, External, Unknown, Value, text, union
from flake8_contracts.syntax.source import SourceModule

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

#: A script that imports more of the project than this is not followed further.
MODULE_LIMIT = 200
#: Deeper than that, modules that import each other are not followed: each takes seven calls of Python's thousand.
DEPTH_LIMIT = 100


class Imports:
    """Resolves import statements of the interpreted program."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp
        self.frames: dict[Path, Frame] = {}
        #: How many modules are being run, each imported by the one before.
        self.depth = 0
        #: How many modules there may be in the end.
        self.limit = MODULE_LIMIT
        #: The import statement that is being carried out.
        self.importing: tuple[Frame, cst.CSTNode] | None = None

    def run(self, source: SourceModule, name: str) -> Frame:
        """Run a module's body once and return its variables."""
        known = self.frames.get(source.path)
        if known is not None:
            return known
        interp = self.interp
        caller, node = self.importing or (None, None)
        frame = self.frames[source.path] = Frame(source, caller=caller, call=node)
        frame.locals["__name__"] = single(ROOT, text(name))
        saved = interp.path, interp.guards, interp.prose, interp.handled
        interp.path, interp.guards, interp.prose, interp.handled = ROOT, frozenset(), 0, []
        self.depth += 1
        try:
            interp.statements.run_block(source.body, frame)
        finally:
            self.depth -= 1
            if name != "__main__":
                interp.path, interp.guards, interp.prose, interp.handled = saved
            self.importing = (caller, node) if caller is not None and node is not None else None
        return frame

    def load(self, path: Path, name: str) -> Module | None:
        """The project module in the file ``path``."""
        interp = self.interp
        if path not in self.frames and len(self.frames) >= self.limit:
            interp.note(f"more than {MODULE_LIMIT} modules of the project are imported")
            return None
        if path not in self.frames and self.depth >= DEPTH_LIMIT:
            interp.note(f"modules of the project import each other more than {DEPTH_LIMIT} levels deep")
            return None
        source = interp.loader.source(path)
        if source is None:
            interp.note(f"the module {path.name} cannot be parsed")
            return None
        return Module(name, self.run(source, name))

    def module(self, name: str, importer: Path, level: int = 0) -> Value | None:
        """The module ``name``: of the project, or ``None``."""
        path = self.interp.loader.find(name, importer, level)
        return self.load(path, name) if path is not None else None

    def import_names(self, node: cst.Import, frame: Frame) -> None:
        self.importing = (frame, node)
        for alias in node.names:
            dotted = _dotted(alias.name)
            head = dotted.partition(".")[0]
            whole = self.module(dotted, frame.source.path)
            if alias.asname is not None and isinstance(alias.asname.name, cst.Name):
                value = whole if whole is not None else self.outside(dotted)
                self.interp.assign(alias.asname.name.value, value, frame)
                continue
            first = whole if head == dotted else self.module(head, frame.source.path)
            if first is None and whole is not None:
                first = External(head)  # a namespace package: its modules are found by their full name
            self.interp.assign(head, first if first is not None else self.outside(head), frame)

    def import_from(self, node: cst.ImportFrom, frame: Frame) -> None:
        name = _dotted(node.module) if node.module is not None else ""
        level = len(node.relative)
        importer = frame.source.path
        self.importing = (frame, node)
        module = self.module(name, importer, level) if name or level else None
        if isinstance(node.names, cst.ImportStar):
            if isinstance(module, Module):
                for key, log in module.frame.locals.items():
                    if not key.startswith("_"):
                        self.interp.assign(key, union(value for _, value in log), frame)
            return
        for alias in node.names:
            wanted = alias.name.value if isinstance(alias.name, cst.Name) else _dotted(alias.name)
            bound = (
                alias.asname.name.value
                if alias.asname and isinstance(alias.asname.name, cst.Name)
                else wanted
            )
            self.interp.assign(bound, self.member(module, name, level, wanted, importer, node, frame), frame)

    def member(
        self,
        module: Value | None,
        name: str,
        level: int,
        wanted: str,
        importer: Path,
        node: cst.CSTNode,
        frame: Frame,
    ) -> Value:
        if isinstance(module, Module):
            if wanted in module.frame.locals:
                return self.module_attribute(module, wanted, node, frame)
            package = module.frame.source.path
            if package.name == "__init__.py":
                found = self.interp.loader.find(wanted, package, 1)
                if found is not None:
                    return self.load(found, f"{name}.{wanted}") or UNKNOWN
            return Unknown(f"{name} has no {wanted!r}")
        submodule = self.module(f"{name}.{wanted}" if name else wanted, importer, level)
        if submodule is not None:
            return submodule
        if level:
            return Unknown(f"{'.' * level}{name} is not in the project")
        return self.interp.expressions.attribute(self.outside(name), wanted, node, frame)

    def outside(self, name: str) -> Value:
        """A module that is not part of the project."""
        self.interp.trace.libraries.add(name.partition(".")[0])
        return External(name)

    def module_attribute(self, module: Module, name: str, node: cst.CSTNode, frame: Frame) -> Value:
        log = module.frame.locals.get(name)
        if log is not None:
            values = [value for _, value in log]
            return values[0] if len(values) == 1 else union(values)
        path = module.frame.source.path
        if path.name == "__init__.py":
            found = self.interp.loader.find(name, path, 1)
            if found is not None:
                return self.load(found, f"{module.name}.{name}") or UNKNOWN
        return Unknown(f"{module.name} has no {name!r}")


def _dotted(node: cst.BaseExpression | Items[cst.BaseExpression]) -> str:
    if isinstance(node, cst.Name):
        return node.value
    if isinstance(node, cst.Attribute):
        return f"{_dotted(node.value)}.{node.attr.value}"
    return ""
