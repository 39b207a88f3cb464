"""A declared path that names a file becomes the directory above, in the contract and in the scripts that ask for it."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from pathlib import Path

import libcst as cst

from flake8_contracts.buffers import read_bytes
from flake8_contracts.catalog.documents import ScalarNode
from flake8_contracts.catalog.model import DeclaredContract, Entry
from flake8_contracts.facts.effects.schema import Effect
from flake8_contracts.facts.model import LogicalLookup, PathUse, ScriptFacts
from flake8_contracts.findings import Edit
from flake8_contracts.fixes import imports
from flake8_contracts.fixes.declarations import require_own
from flake8_contracts.fixes.literals import respelt_string
from flake8_contracts.fixes.project_texts import Impossible, ProjectTexts
from flake8_contracts.fixes.python_text import PythonText
from flake8_contracts.flow.events import KeyLookup
from flake8_contracts.flow.values import Hole, Text, options
from flake8_contracts.repairs import DeclareDirectory
from flake8_contracts.rules.coverage import Relation, derivation, relation, resolved
from flake8_contracts.syntax.source import NodePlace, UnparsableSource

_OF_DIRECTORIES = frozenset({Effect.EXTRACT, Effect.LIST, Effect.MAKE_DIRECTORY})
_PATH_CLASSES = frozenset({"Path", "pathlib.Path", "PurePath", "PurePosixPath", "pathlib.PurePosixPath"})


def declare_directory(repair: DeclareDirectory, texts: ProjectTexts) -> list[Edit]:
    """The directory in every contract of the scripts that are concerned, and the file's name in these scripts."""
    entry = _entry(repair.contract, repair)
    if entry is None or not entry.value or "/" not in entry.value.strip("/"):
        raise Impossible
    path = entry.value
    contracts = [repair.contract]
    edits: list[Edit] = []
    for script in _scripts(repair.contract, texts):
        try:
            binding = texts.project.binding(script)
        except UnparsableSource as error:
            raise Impossible from error  # it may be a script that has to change
        if repair.contract not in binding.contracts:
            continue
        for contract in binding.contracts:
            other = _entry(contract, repair)
            if other is None or other.value != path:
                raise Impossible  # the script serves contracts that do not agree
            if contract not in contracts:
                contracts.append(contract)
        edits += _Script(texts.project.facts(script), repair, path, texts).edits()
    for contract in contracts:
        if contract.source.suffix == ".py":
            require_own(contract, contracts, texts)
        edits.append(_declared(contract, repair, texts))
    return edits


def _entry(contract: DeclaredContract, repair: DeclareDirectory) -> Entry | None:
    return (contract.outputs if repair.direction == "output" else contract.inputs).get(repair.name)


def _scripts(contract: DeclaredContract, texts: ProjectTexts) -> Iterator[Path]:
    """The files that may be scripts of the contract: by their names, or because they name it."""
    catalog = texts.project.catalog
    entry_point = contract.entry_point.value if contract.entry_point is not None else None
    named = set(catalog.scripts_named(entry_point)) if entry_point else set()
    word = (contract.name if contract.source.suffix == ".py" else contract.source.name).encode()
    for name in catalog.files.python_files:
        path = catalog.root / name
        if path == contract.source:
            continue
        try:
            if name in named or word in read_bytes(path):
                yield path
        except OSError:
            continue


# -- the contract ------------------------------------------------------------------------------------------


def _declared(contract: DeclaredContract, repair: DeclareDirectory, texts: ProjectTexts) -> Edit:
    entry = _entry(contract, repair)
    assert entry is not None
    assert entry.value is not None
    directory = posixpath.dirname(entry.value.rstrip("/"))
    if contract.source.suffix != ".py":
        document = texts.data(contract.source)
        found = document.at(entry.place.span)
        if found is None or not isinstance(found[0], ScalarNode) or found[0].value != entry.value:
            raise Impossible
        return document.replace(entry.place.span, document.scalar(directory, found[0].text))
    text, key = texts.node(entry.key_place)
    element = text.parent(key)
    if not isinstance(element, cst.DictElement) or not isinstance(contract.place, NodePlace):
        raise Impossible
    if contract.place.node not in text.ancestors(element):
        raise Impossible  # a dictionary that other contracts may use
    return _above(text, element.value, entry.value, directory)


def _above(text: PythonText, node: cst.BaseExpression, path: str, directory: str) -> Edit:
    """The expression for the directory above, made from the one for the path."""
    end = f"/{posixpath.basename(path.rstrip('/'))}"
    if isinstance(node, cst.SimpleString):
        return respelt_string(text, node, path, directory)
    if isinstance(node, cst.FormattedString):
        last = node.parts[-1] if node.parts else None
        if isinstance(last, cst.FormattedStringText) and last.value.endswith(end):
            first = node.parts[0]
            if (
                len(node.parts) == 2
                and last.value == end
                and isinstance(first, cst.FormattedStringExpression)
            ):
                return text.replace(node, text.code(first.expression))
            stop = text.range(last)[1]
            return text.edit(stop - len(end), stop, "")
    if isinstance(node, cst.BinaryOperation) and isinstance(node.operator, cst.Add):
        right = node.right
        if isinstance(right, cst.SimpleString) and right.evaluated_value == end:
            return text.replace(node, text.code(node.left))
    if isinstance(node, cst.Call) and len(node.args) > 1 and text.code(node.func).endswith("path.join"):
        last_argument = node.args[-1].value
        if isinstance(last_argument, cst.SimpleString) and last_argument.evaluated_value == end[1:]:
            if len(node.args) == 2:
                return text.replace(node, text.code(node.args[0]))
            return text.edit(text.range(node.args[-2])[1], text.range(node.args[-1])[1], "")
    return text.replace(node, text.literal(directory))


# -- a script ----------------------------------------------------------------------------------------------


class _Script:
    """A script that may ask the contract for the path."""

    def __init__(self, facts: ScriptFacts, repair: DeclareDirectory, path: str, texts: ProjectTexts) -> None:
        self.facts = facts
        self.repair = repair
        self.path = posixpath.normpath(path)
        self.text = texts.python(facts.source)

    def edits(self) -> list[Edit]:
        """The file's name wherever the script asks for it. Raises :class:`Impossible` if that is not clear."""
        asked = [lookup for lookup in self.facts.lookups if self._asks(lookup)]
        as_file = as_directory = False
        for use in self.facts.paths:
            how = self._relation(use)
            if how is Relation.MAYBE:
                raise Impossible  # all paths of the contract at once
            if not self._is_asked_for(use.value):
                if how is Relation.INSIDE and self.repair.direction == "input":
                    raise Impossible  # the object was below the path, and will not be
            elif how is Relation.INSIDE or (how is Relation.EQUAL and _is_of_directory(use)):
                as_directory = True
            elif how is Relation.EQUAL and use.effect is not Effect.NONE:
                as_file = True
        if as_directory and as_file:
            raise Impossible
        if as_directory or not asked:
            if as_file:
                raise Impossible
            return []
        return self._named(asked)

    def _relation(self, use: PathUse) -> Relation:
        parts = resolved(use.value, self.repair.contract)
        first = use.value.parts[0] if use.value.parts else ""
        if isinstance(first, Hole) and first.kind == self.repair.direction and not first.name:
            return Relation.MAYBE
        if parts is None or not parts or isinstance(parts[0], Hole):
            return Relation.OUTSIDE
        how = relation(parts, self.path)
        return Relation.OUTSIDE if how is Relation.MAYBE else how

    def _is_asked_for(self, value: Text) -> bool:
        """Whether the path comes from the contract, and is not written in the script."""
        return self._from_contract(derivation(value)[0])

    def _from_contract(self, value: Text) -> bool:
        first = value.parts[0] if value.parts else ""
        if isinstance(first, Hole):
            return first.kind == self.repair.direction and first.name == self.repair.name
        return (
            value.source is not None
            and value.source.path == self.repair.contract.source != self.facts.source.path
        )

    def _asks(self, lookup: LogicalLookup) -> bool:
        """Whether the look-up is the one that takes the path from the contract."""
        event = lookup.event
        if lookup.direction != self.repair.direction or lookup.name != self.repair.name or event is None:
            return False
        assert isinstance(event, KeyLookup)
        container = event.container
        if lookup.how == "enforcer" or container.is_open:
            return True
        made_here = container.source is not None and container.source.path == self.facts.source.path
        found = [self._from_contract(value) for value in options(event.value) if isinstance(value, Text)]
        return not made_here and any(found)

    def _named(self, asked: list[LogicalLookup]) -> list[Edit]:
        name = self.text.literal(posixpath.basename(self.path))
        edits: list[Edit] = []
        for lookup in asked:
            if lookup.place is None or lookup.place.path != self.facts.source.path:
                raise Impossible
            edits += below(self.text, _asking(self.text, lookup.place.node), name)
        return edits


def _is_of_directory(use: PathUse) -> bool:
    return use.effect in _OF_DIRECTORIES or use.shape == "directory"


def _asking(text: PythonText, node: cst.CSTNode) -> cst.BaseExpression:
    """The whole expression that asks: ``enforcer.get_output_path("x")``, ``output_paths["x"]``."""
    for outer in (node, *text.ancestors(node)):
        if isinstance(outer, cst.Subscript):
            return outer
        if isinstance(outer, cst.Call):
            if len(outer.args) != 1:
                raise Impossible
            return outer
        if isinstance(outer, cst.BaseStatement):
            break
    raise Impossible


def below(text: PythonText, node: cst.BaseExpression, rest: str) -> list[Edit]:
    """The edits that make of an expression for a directory one for what lies below: ``rest`` is an expression, too."""
    start, end = text.range(node)
    outer = around(text, node)
    if outer is not None and outer in _PATH_CLASSES:
        return [text.edit(end, end, f", {rest}")]
    os, edits = imports.module(text, "os")
    return [text.edit(start, start, f"{os}.path.join("), text.edit(end, end, f", {rest})"), *edits]


def around(text: PythonText, node: cst.BaseExpression) -> str | None:
    """The function whose only argument is the expression, as it is written."""
    argument = text.parent(node)
    call = text.parent(argument) if isinstance(argument, cst.Arg) else None
    if isinstance(call, cst.Call) and len(call.args) == 1 and call.args[0].keyword is None and not node.lpar:
        return text.code(call.func)
    return None
