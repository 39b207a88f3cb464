"""References of a definition: whether what they take exists.

``{"Get": "Steps.<name>.<path>"}`` takes a property of a step, ``{"Get": "Parameters.<name>"}`` a parameter, and
``Std:JsonGet`` a value from a property file (SageMaker SDK 2.257.7, ``workflow/properties.py``, ``parameters.py``,
``functions.py``). References of other kinds are left alone.
"""

from __future__ import annotations

from collections.abc import Iterator

from contracts_runtime.problems import listed, quoted
from contracts_runtime.property_paths import Subscript, named_output, parse_path, why_missing
from contracts_runtime.step_kinds import PROCESSING_STEP, STEP_KINDS, TRAINING_STEP
from flake8_contracts.catalog.documents import DataNode, SequenceNode
from flake8_contracts.definitions.document import (
    Definition,
    Disagreement,
    Step,
    at,
    items,
    references_in,
    step_of,
    text,
    text_at,
)
from flake8_contracts.findings import Span
from flake8_contracts.suggestions import did_you_mean

# SDK 2.257.7, workflow/execution_variables.py.
EXECUTION_VARIABLES = frozenset(
    {
        *("StartDateTime", "CurrentDateTime", "PipelineName", "PipelineArn", "PipelineExecutionId"),
        *("PipelineExecutionArn", "TrainingJobName", "ProcessingJobName"),
    }
)
_PROPERTY_FILES = "PropertyFiles"


def check_references(definition: Definition) -> Iterator[Disagreement]:
    """Yield the references that take what does not exist, and property files of outputs that do not exist."""
    for span, reference in references_in(definition.root):
        yield from _check(span, reference, definition)
    for step in definition.steps:
        yield from _check_property_files(step)
    yield from _check_circles(definition)


def _check(span: Span, reference: str, definition: Definition) -> Iterator[Disagreement]:
    root, _, rest = reference.partition(".")
    name = step_of(reference)
    if root == "Parameters":
        if rest not in definition.parameters:
            near = did_you_mean(rest, definition.parameters)
            yield Disagreement(
                span, "unknown-reference", f"the pipeline has no parameter {quoted(rest)}{near}"
            )
    elif root == "Execution":
        near = did_you_mean(rest, EXECUTION_VARIABLES)
        if rest not in EXECUTION_VARIABLES and near:
            yield Disagreement(
                span, "unknown-reference", f"an execution of a pipeline has no variable {quoted(rest)}{near}"
            )
    elif name is not None:
        step = definition.by_name.get(name)
        if step is None:
            near = did_you_mean(name, definition.by_name)
            yield Disagreement(
                span,
                "unknown-reference",
                f"{quoted(reference)}: the pipeline has no step {quoted(name)}{near}",
            )
        else:
            yield from _check_property(span, step, rest[len(name) + 1 :])


def _check_property(span: Span, step: Step, path: str) -> Iterator[Disagreement]:
    what = f"step {quoted(step.name)}"
    if path.startswith(f"{_PROPERTY_FILES}."):
        found = path.partition(".")[2]
        known = [
            each
            for each in (text_at(file, "PropertyFileName") for file in items(step.node, _PROPERTY_FILES))
            if each
        ]
        if found not in known:
            yield Disagreement(
                span,
                "property-file-mismatch",
                f"{what} has no property file {quoted(found)}" + _known(found, known),
            )
        return
    if step.kind not in STEP_KINDS:
        return
    missing = why_missing(path, step.kind)
    # A notebook job is a training step too, with properties of its own.
    if missing is not None and not (step.kind == TRAINING_STEP and why_missing(path, "NotebookJob") is None):
        yield Disagreement(
            span, "invalid-property-path", f"{quoted(path)} does not exist on {what}: {missing}"
        )
        return
    if missing is None:
        yield from _check_output(span, step, path, what)


def _check_output(span: Span, step: Step, path: str, what: str) -> Iterator[Disagreement]:
    """Check the name of an output, which the service's shapes do not tell."""
    parts = parse_path(path)
    if step.kind == PROCESSING_STEP:
        name = named_output(parts)
        known = names_of_outputs(step)
    elif (
        len(parts) > 1
        and str(parts[0]) in {".OutputParameters", ".Outputs"}
        and isinstance(parts[1], Subscript)
    ):
        name = str(parts[1].key)
        known = _names(step, "OutputName", "OutputParameters")
    else:
        return
    if name is not None and known is not None and name not in known:
        yield Disagreement(
            span,
            "unknown-property-reference",
            f"{what} has no output {quoted(name)}" + _known(name, known),
        )


def names_of_outputs(step: Step) -> list[str] | None:
    """Return the names of a processing step's outputs; ``None`` if they are not all known."""
    found = at(step.arguments, "ProcessingOutputConfig")
    if found is not None and not isinstance(at(found, "Outputs"), SequenceNode):
        return None
    return _texts([at(each, "OutputName") for each in items(found, "Outputs")])


def _names(step: Step, key: str, *place: str) -> list[str] | None:
    return _texts([at(each, key) for each in items(step.node, *place)])


def _texts(nodes: list[DataNode | None]) -> list[str] | None:
    found = [text(node) for node in nodes]
    return None if None in found else [each for each in found if each is not None]


def _known(name: str, known: list[str]) -> str:
    return did_you_mean(name, known) or (f"; it has {listed(known)}" if known else "; it has none")


def _check_property_files(step: Step) -> Iterator[Disagreement]:
    known = names_of_outputs(step) if step.kind == PROCESSING_STEP else None
    for file in items(step.node, _PROPERTY_FILES):
        output = at(file, "OutputName")
        name = text(output)
        if output is not None and name is not None and known is not None and name not in known:
            yield Disagreement(
                output.span,
                "property-file-mismatch",
                f"step {quoted(step.name)}: the property file {quoted(text_at(file, 'PropertyFileName'))} is in the"
                f" output {quoted(name)}, which the step has not{_known(name, known)}",
            )


def _check_circles(definition: Definition) -> Iterator[Disagreement]:
    from graphlib import CycleError, TopologicalSorter

    waits: dict[str, set[str]] = {}
    for step in definition.steps:
        before = {name for _, taken in references_in(step.node) if (name := step_of(taken))}
        before |= {name for name in map(text, items(step.node, "DependsOn")) if name}
        waits.setdefault(step.name, set()).update(name for name in before if name in definition.by_name)
    for name, before in waits.items():
        before.discard(name)
        # A condition contains the references of the steps in it, which wait for it.
        if definition.by_name[name].kind in {"Condition", "ForEach"}:
            before.clear()
    try:
        TopologicalSorter(waits).prepare()
    except CycleError as error:
        circle = error.args[1]
        yield Disagreement(
            definition.by_name[circle[0]].span,
            "dependency-cycle",
            f"the steps {' → '.join(circle)} wait for each other, so that none of them can start",
        )
