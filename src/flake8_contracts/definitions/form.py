"""Whether a definition has the form that the service takes.

Facts are those of the published schema, see :mod:`flake8_contracts.definitions.document`. That schema forbids members
which it does not know and the SDK writes, so that an unknown member is reported only if it looks like a slip.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from contracts_runtime.problems import quoted
from contracts_runtime.step_kinds import STEP_KINDS
from flake8_contracts.catalog.documents import DataNode, MappingNode, ScalarNode, SequenceNode
from flake8_contracts.catalog.nodes import describe
from flake8_contracts.definitions.document import Definition, Disagreement, Step, at, items, text
from flake8_contracts.findings import Span
from flake8_contracts.suggestions import did_you_mean, nearest

NAME = "invalid-definition"

VERSIONS = ("2020-12-01",)
"""The versions of the schema (``Version``)."""
_NAME = re.compile(r"[A-Za-z0-9\-_]{1,64}")  # StepName, ParameterName
_NAME_TEXT = "1 to 64 letters, digits, '-' and '_'"
_TOP = (
    "Version",
    "Metadata",
    "Parameters",
    "Steps",
    "PipelineExperimentConfig",  # SDK 2.257.7, workflow/pipeline.py
    "MlflowConfig",  # sagemaker-mlops 1.27.0, workflow/pipeline.py
)
# What a step has besides its arguments; the last two lines: SDK 2.257.7, workflow/steps.py and *_step.py.
_STEP = (
    *("Name", "Type", "DependsOn", "DisplayName", "Description", "RetryPolicies", "CacheConfig", "Arguments"),
    *("FunctionArn", "SqsQueueUrl", "OutputParameters", "CheckType", "ModelPackageGroupName", "ModelName"),
    *("SuppliedBaselineConstraints", "SuppliedBaselineStatistics", "SkipCheck", "RegisterNewBaseline"),
    *("PropertyFiles", "ClusterId", "ClusterConfig", "FailStepOnViolation", "Metadata"),
)
#: Steps of these kinds need no arguments, but something else (schema, ``required``).
_INSTEAD = {"Lambda": "FunctionArn", "Callback": "SqsQueueUrl"}
_JOBS = frozenset(
    {"Processing", "Training", "Transform", "Tuning", "Model", "RegisterModel", "Condition", "Fail"}
)
_PARAMETER = ("Name", "Type", "Description", "DefaultValue", "EnumValues", "MinValue", "MaxValue")
_TYPES = {"String": (str,), "Integer": (int,), "Float": (int, float), "Boolean": (bool,)}
_LONGEST_DEFAULT = 4096  # StringParameter.DefaultValue


def check_form(definition: Definition) -> Iterator[Disagreement]:
    """Yield where a definition has not the form that the service takes."""
    root = definition.root
    yield from _slips(root, _TOP, "the definition")
    version = at(root, "Version")
    if version is not None and text(version) not in VERSIONS:
        yield _wrong(version.span, f"Version is {_shown(version)}; SageMaker knows {VERSIONS[0]!r}")
    yield from _check_parameters(root)
    yield from _check_list(root, "Steps", "a step")
    seen: dict[str, Span] = {}
    for step in definition.steps:
        yield from _check_step(step, definition)
        if step.name in seen:
            yield _wrong(
                step.span,
                f"step {quoted(step.name)} is already on line {seen[step.name].line}; names are unique in a"
                " pipeline, so rename one of them",
            )
        elif step.name:
            seen[step.name] = step.span


def _check_parameters(root: MappingNode) -> Iterator[Disagreement]:
    yield from _check_list(root, "Parameters", "a parameter")
    seen: dict[str, Span] = {}
    for node in items(root, "Parameters"):
        if not isinstance(node, MappingNode):
            continue
        name, kind = at(node, "Name"), text(at(node, "Type")) or "String"
        found = text(name)
        yield from _slips(node, _PARAMETER, f"the parameter {quoted(found)}")
        if found is None or not _NAME.fullmatch(found):
            place = node if name is None else name
            yield _wrong(place.span, f"a parameter has a name of {_NAME_TEXT}, not {_shown(name)}")
        elif found in seen:
            yield _wrong(node.span, f"parameter {quoted(found)} is already on line {seen[found].line}")
        else:
            seen[found] = node.span
        yield from _check_default(node, found, kind)


def _check_default(node: MappingNode, name: str | None, kind: str) -> Iterator[Disagreement]:
    default = at(node, "DefaultValue")
    if kind not in _TYPES:
        where = at(node, "Type") or node
        yield _wrong(
            where.span,
            f"parameter {quoted(name)}: the type {quoted(kind)} is none of {', '.join(_TYPES)}"
            + did_you_mean(kind, _TYPES),
        )
    elif default is not None:
        value = default.value if isinstance(default, ScalarNode) else None
        fits = isinstance(value, _TYPES[kind]) and (kind == "Boolean" or not isinstance(value, bool))
        if not fits:
            yield _wrong(
                default.span,
                f"parameter {quoted(name)} is of the type {kind}, its default {_shown(default)} is not",
            )
        elif isinstance(value, str) and len(value) > _LONGEST_DEFAULT:
            yield _wrong(
                default.span,
                f"parameter {quoted(name)}: the default has {len(value)} characters, and at most"
                f" {_LONGEST_DEFAULT} are taken",
            )


def _check_step(step: Step, definition: Definition) -> Iterator[Disagreement]:
    name = at(step.node, "Name")
    if not _NAME.fullmatch(step.name):
        yield _wrong(step.span, f"a step has a name of {_NAME_TEXT}, not {_shown(name)}")
    what = f"step {quoted(step.name)}"
    yield from _slips(step.node, _STEP, what)
    kind = at(step.node, "Type")
    if not step.kind:
        place = step.node if kind is None else kind
        yield _wrong(place.span, f"{what} has no Type, which says what kind of step it is")
    elif step.kind not in STEP_KINDS and kind is not None:
        near = nearest(step.kind, STEP_KINDS)
        if near is not None:
            yield _wrong(kind.span, f"{what}: there is no Type {quoted(step.kind)}; did you mean {near!r}?")
    needed = _INSTEAD.get(step.kind, "Arguments" if step.kind in _JOBS else None)
    if needed is not None and at(step.node, needed) is None:
        yield _wrong(step.span, f"{what} has no {needed}, which a {step.kind} step needs")
    arguments = at(step.node, "Arguments")
    if arguments is not None and not isinstance(arguments, MappingNode):
        yield _wrong(arguments.span, f"{what}: Arguments is an object, not {describe(arguments)}")
    yield from _check_waits(step, definition, what)


def _check_waits(step: Step, definition: Definition, what: str) -> Iterator[Disagreement]:
    yield from _check_list(step.node, "DependsOn", None)
    for node in items(step.node, "DependsOn"):
        name = text(node)
        if name is None:
            yield _wrong(node.span, f"{what}: DependsOn has names of steps, not {_shown(node)}")
        elif name not in definition.by_name:
            near = did_you_mean(name, definition.by_name)
            yield _wrong(node.span, f"{what} waits for the step {quoted(name)}, which does not exist{near}")
        elif name == step.name:
            yield _wrong(node.span, f"{what} waits for itself")


def _check_list(node: MappingNode, key: str, item: str | None) -> Iterator[Disagreement]:
    found = at(node, key)
    if found is None:
        return
    if not isinstance(found, SequenceNode):
        yield _wrong(found.span, f"{key} is a list, not {describe(found)}")
    elif item is not None:
        for each in found.items:
            if not isinstance(each, MappingNode):
                yield _wrong(each.span, f"{item} is an object, not {describe(each)}")


def _slips(node: MappingNode, known: Collection[str], what: str) -> Iterator[Disagreement]:
    for member in node:
        near = None if member.key in known else nearest(member.key, known)
        if near is not None and node.get(near) is None:
            yield _wrong(
                member.key_span, f"{what} has no member {quoted(member.key)}; did you mean {near!r}?"
            )


def _shown(node: DataNode | None) -> str:
    return "nothing" if node is None else describe(node)


def _wrong(span: Span, message: str) -> Disagreement:
    return Disagreement(span, NAME, message)
