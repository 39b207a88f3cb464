"""Property paths: what a step's ``properties`` have, by the shapes of SageMaker's Describe responses."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Collection, Iterator, List, Mapping, Sequence, Tuple, Union, cast

from contracts_runtime.problems import ERROR, Problem, closest, quoted
from contracts_runtime.property_shapes import ANY_VALUE, ANYTHING, ROOT_SHAPES, Shape, shapes
from contracts_runtime.specification_fields import OUTPUTS, PROPERTY_PATH
from contracts_runtime.step_kinds import PROCESSING_STEP, TRAINING_STEP, TUNING_STEP

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


def why_missing(path: str, kind: str) -> str | None:
    """Return why the ``properties`` of this kind of step have no such path, ``None`` if they have it.

    Raises ``KeyError`` for no kind of step.
    """
    try:
        flaw = _follow(parse_path(path), kind)
    except ValueError as error:
        return str(error)
    if flaw is None:
        return None
    return flaw.what + (f"; did you mean {flaw.near!r}?" if flaw.near else "")


def named_output(parts: Tuple[Part, ...]) -> str | None:
    """Return the name in ``ProcessingOutputConfig.Outputs['name']``, ``None`` for any other path."""
    if len(parts) > 2 and parts[:2] == (Member("ProcessingOutputConfig"), Member("Outputs")):
        subscript = parts[2]
        if isinstance(subscript, Subscript) and isinstance(subscript.key, str):
            return subscript.key
    return None


def has_path(path: str, kind: str) -> bool:
    """Whether the ``properties`` of this kind of step have the path. Raises ``KeyError`` for no kind of step."""
    try:
        return _follow(parse_path(path), kind) is None
    except ValueError:
        return False


def expected_path(name: str, output_type: str | None, kind: str) -> str | None:
    """Return where the output ``name`` of a step of this kind is found, ``None`` if no one path can be told.

    ``output_type`` is the text of a dependency type. Of a training job it decides between the model and the other
    outputs.
    """
    if kind == TRAINING_STEP and output_type == "model_artifacts":
        return "properties.ModelArtifacts.S3ModelArtifacts"
    if kind == TUNING_STEP and output_type == "custom_property":
        return "properties.BestTrainingJob.TrainingJobName"
    template = _EXPECTED.get(kind)
    return None if template is None else template.format(name=name)


_EXPECTED = {
    "Callback": "properties.Outputs['{name}']",
    "Condition": "properties.Outcome",
    "Endpoint": "properties.EndpointName",
    "EndpointConfig": "properties.EndpointConfigName",
    "InferenceComponent": "properties.InferenceComponentName",
    "Lambda": "properties.Outputs['{name}']",
    "Model": "properties.ModelName",
    PROCESSING_STEP: "properties.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri",
    "RegisterModel": "properties.ModelPackageArn",
    TRAINING_STEP: "properties.OutputDataConfig.S3OutputPath",
    "Transform": "properties.TransformOutput.S3OutputPath",
    TUNING_STEP: "properties.TrainingJobDefinition.OutputDataConfig.S3OutputPath",
}


@dataclass(frozen=True)
class _Flaw:
    """Where a path leaves what exists: after ``depth`` parts; ``near`` is the member that is probably meant."""

    depth: int
    what: str
    near: str | None = None


def _follow(parts: Sequence[Part], kind: str) -> _Flaw | None:
    """Return where the path leaves the properties of this kind of step, ``None`` if it exists."""
    roots = ROOT_SHAPES[kind]
    if not roots:
        return _Flaw(0, f"a {kind} step has no properties")
    known = shapes()
    name = "it"
    shape: Shape = {
        key: each for root in roots for key, each in cast("Mapping[str, str]", known[root]).items()
    }
    for depth, part in enumerate(parts):
        if name == ANYTHING:
            return None
        if not name:
            return _Flaw(depth, f"what stands before {quoted(str(part))} is a single value")
        found = _member(shape, name, part) if isinstance(part, Member) else _item(shape, name, part)
        if isinstance(found, _Flaw):
            return replace(found, depth=depth)
        name = found
        shape = known[name] if name else {}
    return None


def _member(shape: Shape, name: str, part: Member) -> str | _Flaw:
    """Return the name of the shape of a structure's member, or why there is none."""
    if isinstance(shape, list) or ANY_VALUE in shape:
        kind = "list" if isinstance(shape, list) else "mapping"
        return _Flaw(0, f"{name} is a {kind}, which has items but no member {quoted(part.name)}")
    if part.name not in shape:
        return _Flaw(0, f"{name} has no member {quoted(part.name)}", closest(part.name, shape))
    return shape[part.name]


def _item(shape: Shape, name: str, part: Subscript) -> str | _Flaw:
    """Return the name of the shape of an item of a list or mapping, or why there is none."""
    if isinstance(shape, list):
        if isinstance(part.key, str) and not _has_names(shape[0]):
            return _Flaw(0, f"the items of {name} have no names, so that there is no {part}")
        return shape[0]
    if ANY_VALUE not in shape:
        return _Flaw(0, f"{name} is a structure, which has no items such as {part}")
    if not isinstance(part.key, str):
        return _Flaw(0, f"the items of {name} are taken by name, not as {part}")
    return shape[ANY_VALUE]


def _has_names(item: str) -> bool:
    """Whether the items of a list have a name to take them by, as a processing job's outputs have ``OutputName``."""
    shape = shapes()[item] if item else {}
    return isinstance(shape, Mapping) and any(member.endswith("Name") for member in shape)


def check_path(name: str, path: str, output_type: str | None, kinds: Collection[str]) -> Iterator[Problem]:
    """Yield what is wrong with the property path of the output ``name`` of a step of one of ``kinds``."""
    where = f"{OUTPUTS}[{quoted(name)}]: {PROPERTY_PATH} {quoted(path)}"
    usual = expected_path(name, output_type, next(iter(kinds))) if len(kinds) == 1 else None
    try:
        parts = parse_path(path)
    except ValueError as error:
        yield _invalid(name, path, f"{where} is no property path: {error}", usual)
        return
    flaws = {kind: _follow(parts, kind) for kind in sorted(kinds)}
    found = named_output(parts)
    if flaws and None not in flaws.values():
        kind, flaw = max(
            ((kind, flaw) for kind, flaw in flaws.items() if flaw),
            key=lambda pair: (pair[1].depth, pair[1].near is not None),
        )
        reason = f": {flaw.what}" if flaw.depth or len(kinds) == 1 else ""
        message = f"{where} does not exist on {_any_of(kinds)}{reason}"
        yield _invalid(name, path, message, _corrected(path, parts, flaw, kind) or usual)
    elif found is not None and found != name:
        yield _mismatch(name, path, where, found)


def _any_of(kinds: Collection[str]) -> str:
    if len(kinds) > _MOST_KINDS:
        return "any kind of step"
    return " or ".join(f"a {kind} step" for kind in sorted(kinds))


_MOST_KINDS = 5


def _corrected(path: str, parts: Sequence[Part], flaw: _Flaw, kind: str) -> str | None:
    """Return the path with the member that is probably meant, if that makes a path."""
    fixed = [Member(flaw.near or "") if depth == flaw.depth else part for depth, part in enumerate(parts)]
    if flaw.near is None or _follow(fixed, kind) is not None:
        return None
    return (PREFIX if path.startswith(PREFIX) else "") + render_path(fixed)


def _invalid(name: str, path: str, message: str, expected: str | None) -> Problem:
    remedy = f"write {quoted(expected)}" if expected else "correct the path"
    return Problem(
        "invalid-property-path", ERROR, OUTPUTS, name, path, message, remedy, expected, PROPERTY_PATH
    )


def _mismatch(name: str, path: str, where: str, found: str) -> Problem:
    """Return the problem of a path that names another output, with its quotes kept in the correction."""
    expected = re.sub(
        r"(\[['\"])" + re.escape(found) + r"(['\"]\])",
        lambda match: match[1] + name + match[2],
        path,
        count=1,
    )
    message = f"{where} refers to the output {quoted(found)}, so that other steps get that one"
    remedy = f"write {quoted(expected)}"
    return Problem(
        "property-path-mismatch", ERROR, OUTPUTS, name, path, message, remedy, expected, PROPERTY_PATH
    )
