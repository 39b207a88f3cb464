"""Faults in single functions, as mutmut thinks them out; see mutants.py."""

from __future__ import annotations

import ast
import difflib
import types
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import libcst as cst
from libcst.metadata import CodeRange, MetadataWrapper, PositionProvider
from mutmut.mutation.file_mutation import create_mutations


@dataclass(frozen=True, eq=False)
class Mutant:
    """One fault.

    ``lines`` are those of the expression or statement that is changed, ``function`` those of the function or method
    around it, from its first decorator on.
    """

    name: str
    path: Path
    lines: range
    function: range
    module: cst.Module
    before: cst.CSTNode
    after: cst.CSTNode

    @cached_property
    def source(self) -> str:
        """The text of the module with the fault."""
        changed = self.module.deep_replace(self.before, self.after)
        assert isinstance(changed, cst.Module)
        return changed.code

    def difference(self) -> str:
        """The lines that are changed."""
        old, new = self.module.code.splitlines(), self.source.splitlines()
        lines = list(difflib.unified_diff(old, new, lineterm="", n=0))[2:]
        return "\n".join(line for line in lines if not line.startswith("@@"))

    def code(self) -> types.CodeType:
        """The code of the function with the fault."""
        return code_at(compile(self.source, str(self.path), "exec", dont_inherit=True), self.function.start)

    def defaults(self) -> tuple[list[ast.expr], list[ast.expr | None]]:
        """The default values of the function's parameters with the fault, and of those given by name only."""
        for node in ast.walk(ast.parse(self.source)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                first = node.decorator_list[0] if node.decorator_list else node
                if first.lineno == self.function.start:
                    return node.args.defaults, node.args.kw_defaults
        raise LookupError(self.name)


def code_at(code: types.CodeType, line: int) -> types.CodeType:
    """The code of the function that begins on a line of a module, at its top or in a class."""
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            if constant.co_firstlineno == line and not _is_class(constant):
                return constant
            if _is_class(constant):
                try:
                    return code_at(constant, line)
                except LookupError:
                    continue
    raise LookupError(f"{code.co_filename}:{line}")


def _is_class(code: types.CodeType) -> bool:
    return "__module__" in code.co_names and "__qualname__" in code.co_names


def mutants_of(path: Path, module: str) -> Iterator[Mutant]:
    """Every fault that mutmut can think of in the functions of a module, which has the dotted name ``module``."""
    tree, mutations, _, _ = create_mutations(str(path), path.read_text(encoding="utf-8"))
    if not mutations:
        return
    positions = MetadataWrapper(tree, unsafe_skip_copy=True).resolve(PositionProvider)
    names = dict(_functions(tree))
    numbers: Counter[str] = Counter()
    for mutation in mutations:
        function = mutation.contained_by_top_level_function
        if not isinstance(function, cst.FunctionDef):
            continue
        around = _lines(positions[function])
        place: Any = positions.get(mutation.original_node)
        name = f"{module}.{names[function]}"
        numbers[name] += 1
        yield Mutant(
            f"{name}:{numbers[name]}", path, _lines(place) if place else around, _with_decorators(function, positions),
            tree, mutation.original_node, mutation.mutated_node,
        )  # fmt: skip


def _functions(tree: cst.Module) -> Iterator[tuple[cst.FunctionDef, str]]:
    for statement in tree.body:
        if isinstance(statement, cst.FunctionDef):
            yield statement, statement.name.value
        elif isinstance(statement, cst.ClassDef):
            for member in statement.body.body:
                if isinstance(member, cst.FunctionDef):
                    yield member, f"{statement.name.value}.{member.name.value}"


def _lines(place: CodeRange) -> range:
    return range(place.start.line, place.end.line + 1)


def _with_decorators(function: cst.FunctionDef, positions: Any) -> range:
    lines = _lines(positions[function])
    first = positions[function.decorators[0]].start.line if function.decorators else lines.start
    return range(first, lines.stop)
