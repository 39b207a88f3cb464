"""Property paths: what a step's ``properties`` have, by the shapes of SageMaker's Describe responses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Collection, Iterator, List, Tuple, Union

from contracts_runtime.problems import ERROR, Problem, quoted
from contracts_runtime.specification_fields import OUTPUTS, PROPERTY_PATH

PREFIX = "properties."

_MEMBER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_SUBSCRIPT = re.compile(r"\[(?:(?P<index>[0-9]+)|'(?P<single>[^'\[\]]+)'|\"(?P<double>[^\"\[\]]+)\")\]")


@dataclass(frozen=True)
class Member:
    """A member of a structure: ``.ModelArtifacts``."""

    name: str

    def __str__(self) -> str:
        return f".{self.name}"


@dataclass(frozen=True)
class Subscript:
    """An item of a list by its number, or of a list or map by its name: ``[0]``, ``['x']``."""

    key: Union[int, str]

    def __str__(self) -> str:
        return f"[{self.key!r}]"


Part = Union[Member, Subscript]


def parse_path(path: str) -> Tuple[Part, ...]:
    """Return the parts of a property path; "properties." in front may be left out.

    Raises ``ValueError``, which says what is wrong, for what is no property path.
    """
    text = path[len(PREFIX) :] if path.startswith(PREFIX) else path
    parts: List[Part] = []
    position = 0
    while position < len(text):
        if parts and text[position] == "[":
            subscript = _SUBSCRIPT.match(text, position)
            if subscript is None:
                raise ValueError(f"{quoted(text[position:])} is neither [0] nor ['name']")
            index, name = subscript["index"], subscript["single"] or subscript["double"]
            parts.append(Subscript(int(index) if index is not None else name))
            position = subscript.end()
            continue
        if parts:
            if text[position] != ".":
                raise ValueError(f"{quoted(text[position:])} follows without a '.'")
            position += 1
        member = _MEMBER.match(text, position)
        if member is None:
            raise ValueError(f"{quoted(text[position:])} is not the name of a member")
        parts.append(Member(member[0]))
        position = member.end()
    if not parts:
        raise ValueError("it names nothing")
    return tuple(parts)


def render_path(parts: Collection[Part]) -> str:
    """Return a property path as the SDK writes it in a definition, without "properties."."""
    return "".join(map(str, parts)).lstrip(".")


def named_output(parts: Tuple[Part, ...]) -> str | None:
    """Return the name in ``ProcessingOutputConfig.Outputs['name']``, ``None`` for any other path."""
    if len(parts) > 2 and parts[:2] == (Member("ProcessingOutputConfig"), Member("Outputs")):
        subscript = parts[2]
        if isinstance(subscript, Subscript) and isinstance(subscript.key, str):
            return subscript.key
    return None


def check_path(name: str, path: str, output_type: str | None, kinds: Collection[str]) -> Iterator[Problem]:
    """Yield what is wrong with the property path of the output ``name`` of a step of one of ``kinds``."""
    try:
        parts = parse_path(path)
    except ValueError as error:
        message = f"{OUTPUTS}[{quoted(name)}]: {quoted(path)} is no property path: {error}"
        yield Problem(
            "invalid-property-path",
            ERROR,
            OUTPUTS,
            name,
            path,
            message,
            "correct the path",
            None,
            PROPERTY_PATH,
        )
        return
    found = named_output(parts)
    if found is not None and found != name:
        expected = path.replace(str(Subscript(found)), str(Subscript(name)))
        message = (
            f"{OUTPUTS}[{quoted(name)}]: {PROPERTY_PATH} {quoted(path)} refers to the output {quoted(found)},"
            " so that other steps get that one"
        )
        yield Problem(
            "property-path-mismatch",
            ERROR,
            OUTPUTS,
            name,
            path,
            message,
            f"write {quoted(expected)}",
            expected,
            PROPERTY_PATH,
        )
