"""Pipeline definitions as the SDK compiles them, with the place of every value.

The form is that of the schema in the public repository
``aws-sagemaker-mlops/sagemaker-model-building-pipeline-definition-JSON-schema`` (commit b4012b0,
``schema/pipeline-definition.schema.json``). That schema knows neither what the SDK has added since
(``PipelineExperimentConfig``, ``PropertyFiles``, ``ForEachBody``) nor functions such as ``Std:Join`` as values of
arguments; these are as in the SDK 2.257.7 and sagemaker-mlops 1.27.0.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property

from flake8_contracts.catalog.documents import DataNode, MappingNode, ScalarNode, SequenceNode
from flake8_contracts.catalog.json_documents import read_json
from flake8_contracts.catalog.nodes import DocumentError
from flake8_contracts.findings import START, Span

MAX_BYTES = 1024 * 1024
"""The longest definition that the service takes (API, shape ``PipelineDefinition``: 1048576 characters)."""

# Members of arguments that hold steps: conditions (schema, ``ConditionStep``), loops (sagemaker-mlops 1.27.0,
# ``workflow/for_each_step.py``).
_NESTED = ("IfSteps", "ElseSteps", "ForEachBody")


@dataclass(frozen=True, order=True)
class Disagreement:
    """One thing that is wrong with a definition: where, the name of the rule, and why. ``message`` is one line."""

    span: Span
    name: str
    message: str


@dataclass(frozen=True)
class Step:
    """A step of a definition. ``name`` and ``kind`` are empty where they are not text."""

    node: MappingNode
    name: str = ""
    kind: str = ""
    arguments: MappingNode = field(default_factory=lambda: MappingNode((), START))

    @cached_property
    def span(self) -> Span:
        """Where the name stands, else the step."""
        found = self.node.get("Name")
        return self.node.span if found is None else found.value.span


@dataclass(frozen=True)
class Definition:
    """A pipeline definition. ``steps`` are all of them, also those in conditions and loops."""

    root: MappingNode
    steps: tuple[Step, ...]

    @cached_property
    def by_name(self) -> dict[str, Step]:
        """The steps by name; of several with one name the first."""
        return {step.name: step for step in reversed(self.steps)}

    @cached_property
    def parameters(self) -> frozenset[str]:
        """The names of the pipeline's parameters."""
        return frozenset(filter(None, (text_at(each, "Name") for each in items(self.root, "Parameters"))))


def read_definition(data: bytes) -> Definition:
    """Read a definition; raises ``DocumentError`` for what is no JSON object."""
    if len(data) > MAX_BYTES:
        raise DocumentError(
            START, f"the file is larger than {MAX_BYTES:,} bytes, the longest definition that SageMaker takes"
        )
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentError(START, "the file is not encoded in UTF-8") from error
    if not text.strip():
        raise DocumentError(START, "the file is empty")
    root = read_json(text)
    if not isinstance(root, MappingNode):
        raise DocumentError(root.span, "a pipeline definition is a JSON object")
    if root.get("Steps") is None:
        raise DocumentError(root.span, "a pipeline definition has 'Steps', and this has none")
    return Definition(root, tuple(_steps(items(root, "Steps"))))


def _steps(nodes: Iterator[DataNode]) -> Iterator[Step]:
    for node in nodes:
        if not isinstance(node, MappingNode):
            continue
        arguments = at(node, "Arguments")
        found = arguments if isinstance(arguments, MappingNode) else MappingNode((), node.span)
        yield Step(node, text_at(node, "Name") or "", text_at(node, "Type") or "", found)
        for nested in _NESTED:
            yield from _steps(items(found, nested))


# --- looking at nodes ---


def at(node: DataNode | None, *keys: str) -> DataNode | None:
    """Return what stands below these keys, ``None`` if there is nothing."""
    for key in keys:
        member = node.get(key) if isinstance(node, MappingNode) else None
        node = None if member is None else member.value
    return node


def text(node: DataNode | None) -> str | None:
    """Return a node's text; ``None`` for all that is no text, such as a reference."""
    return node.value if isinstance(node, ScalarNode) and isinstance(node.value, str) else None


def text_at(node: DataNode | None, *keys: str) -> str | None:
    """Return the text below these keys, ``None`` if there is none."""
    return text(at(node, *keys))


def items(node: DataNode | None, *keys: str) -> Iterator[DataNode]:
    """Yield the items of the list below these keys."""
    found = at(node, *keys)
    if isinstance(found, SequenceNode):
        yield from found.items


def is_reference(node: DataNode | None) -> bool:
    """Whether a value is known only when the pipeline runs: ``{"Get": …}``, ``{"Std:Join": …}``."""
    return (
        isinstance(node, MappingNode)
        and len(node.members) == 1
        and (node.members[0].key == "Get" or node.members[0].key.startswith("Std:"))
    )


def references_in(node: DataNode) -> Iterator[tuple[Span, str]]:
    """Yield what every ``{"Get": …}`` takes, and where it stands."""
    if isinstance(node, SequenceNode):
        for item in node.items:
            yield from references_in(item)
    elif isinstance(node, MappingNode):
        taken = text_at(node, "Get")
        if taken is not None and len(node.members) == 1:
            yield node.members[0].value.span, taken
            return
        for member in node:
            yield from references_in(member.value)


def step_of(reference: str) -> str | None:
    """Return the name of the step that a reference takes something from."""
    root, _, rest = reference.partition(".")
    return rest.partition(".")[0].partition("[")[0] if root == "Steps" else None
