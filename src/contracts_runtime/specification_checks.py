"""The rules that a step specification must satisfy, by itself and against its contract, on plain data.

Both the models and the linter use them; see :mod:`contracts_runtime.contract_checks` for contracts. ``fields``
holds the fields of a specification: ``dependencies`` and ``outputs`` as a list of mappings or as a mapping by
logical name, each with the fields of a dependency or an output; enumerations as members or as their text;
:data:`UNRESOLVED` for every value, key or item that is not known. What is not known never causes a problem, and
silences what it could affect. Whatever ``fields`` holds becomes problems, never an exception.

A problem's ``field`` is "step_type", "node_type", "dependencies" or "outputs", its ``key`` the logical name and its
``part`` the field of that dependency or output. Problems with the contract's side of an alignment
(``input-without-dependency``, ``output-without-spec``) have the contract's name as ``key`` and no ``part``.
"""

from __future__ import annotations

from typing import Collection, Iterator, Mapping

from contracts_runtime.problems import (
    ERROR,
    UNRESOLVED,
    WARNING,
    Problem,
    closest,
    has_unresolved_key,
    listed,
    quoted,
)
from contracts_runtime.property_paths import check_path
from contracts_runtime.specification_fields import (
    DEPENDENCIES,
    DEPENDENCY_FIELDS,
    LOGICAL_NAME,
    NODE_TYPE,
    OUTPUT_FIELDS,
    OUTPUTS,
    SPECIFICATION_FIELDS,
    Specification,
    invalid,
    read_specification,
)
from contracts_runtime.step_kinds import STEP_KINDS

__all__ = [
    "DEPENDENCY_FIELDS",
    "OUTPUT_FIELDS",
    "SPECIFICATION_FIELDS",
    "check_contract_alignment",
    "check_property_paths",
    "check_specification",
]

_INPUTS_OF_CONTRACT = "expected_input_paths"
_OUTPUTS_OF_CONTRACT = "expected_output_paths"


def check_specification(fields: Mapping[str, object]) -> list[Problem]:
    """Return what breaks the model of a specification: ``invalid-contract``, all of them errors.

    Wrong types, missing and unknown fields, bad or repeated logical names and aliases, and a node type that
    contradicts whether there are dependencies and outputs: a source has no dependencies, a sink no outputs, a
    singular node neither, an internal node both.
    """
    known, problems = read_specification(fields)
    problems += _check_node_type(known)
    problems += _check_aliases(known)
    return problems


def check_property_paths(fields: Mapping[str, object], kinds: Collection[str] = STEP_KINDS) -> list[Problem]:
    """Return outputs whose property path is wrong: SMC503 and SMC506.

    ``invalid-property-path``: the path exists on no kind of step in ``kinds`` (see
    :func:`contracts_runtime.step_kinds.possible_kinds`). ``property-path-mismatch``: it names another
    output than its own. ``value`` is the path, ``expected`` the path that is meant, where one is certain.
    """
    known, _ = read_specification(fields)
    return [
        problem
        for output in known.outputs.values()
        if output.property_path
        for problem in check_path(output.name, output.property_path, output.type, kinds)
    ]


def check_contract_alignment(
    fields: Mapping[str, object], contract: Mapping[str, object], optional_inputs: Collection[str] = ()
) -> list[Problem]:
    """Return where a specification and the contract of its script disagree: SMC501, 502, 504, 505.

    ``contract`` holds the fields of the contract, ``optional_inputs`` those of its inputs that the script can do
    without, which need no dependency. ``dependency-not-in-contract`` (a required dependency),
    ``output-not-in-contract`` and ``input-without-dependency`` are errors; ``output-without-spec`` is a
    warning.
    """
    known, _ = read_specification(fields)
    inputs = _names(contract, _INPUTS_OF_CONTRACT)
    outputs = _names(contract, _OUTPUTS_OF_CONTRACT)
    return [
        *_dependencies_not_in_contract(known, inputs),
        *_outputs_not_in_contract(known, outputs),
        *_inputs_without_dependency(known, inputs, optional_inputs),
        *_outputs_without_spec(known, outputs),
    ]


# --- by itself ---


def _check_node_type(known: Specification) -> Iterator[Problem]:
    node_type = known.node_type
    if node_type is None:
        return
    for name, entries, has_none in (
        (DEPENDENCIES, known.dependencies, node_type in {"source", "singular"}),
        (OUTPUTS, known.outputs, node_type in {"sink", "singular"}),
    ):
        found = listed(entries)
        if has_none and entries:
            message = f"{NODE_TYPE} is {node_type!r}, which has no {name}, but there are {found}"
        elif not has_none and not entries and name not in known.is_open:
            message = f"{NODE_TYPE} is {node_type!r}, which has {name}, but there are none"
        else:
            continue
        expected = _node_type_of(known)
        remedy = f"{'remove' if has_none else 'declare'} the {name}"
        if expected is not None:
            remedy = f"write {expected!r}, or {remedy}"
        yield invalid(NODE_TYPE, None, node_type, message, remedy, expected=expected)


def _node_type_of(known: Specification) -> str | None:
    """Return the node type that fits, ``None`` if it depends on what is not known."""
    entries = {DEPENDENCIES: known.dependencies, OUTPUTS: known.outputs}
    if any(name in known.is_open and not each for name, each in entries.items()):
        return None
    if known.dependencies:
        return "internal" if known.outputs else "sink"
    return "source" if known.outputs else "singular"


def _check_aliases(known: Specification) -> Iterator[Problem]:
    owners = {name: name for name in known.outputs}
    for output in known.outputs.values():
        for alias in output.aliases or ():
            owner = owners.setdefault(alias, output.name)
            if owner != output.name:
                what = "its logical name" if owner == alias else "an alias"
                message = (
                    f"{OUTPUTS}[{quoted(output.name)}]: the alias {quoted(alias)} also belongs to the output"
                    f" {quoted(owner)} as {what}, so that a look-up by it finds only one of them"
                )
                yield invalid(OUTPUTS, output.name, alias, message, "remove one of the two", "aliases")


# --- against the contract ---


def _names(contract: Mapping[str, object], field: str) -> tuple[list[str], bool]:
    """Return the logical names that a field of the contract declares, and whether those are all."""
    declared = contract.get(field, UNRESOLVED if has_unresolved_key(contract) else {})
    if not isinstance(declared, Mapping):
        return [], declared is None
    return [name for name in declared if isinstance(name, str)], all(
        isinstance(name, str) for name in declared
    )


def _dependencies_not_in_contract(known: Specification, inputs: tuple[list[str], bool]) -> Iterator[Problem]:
    names, is_complete = inputs
    if not is_complete:
        return
    for dependency in known.dependencies.values():
        if dependency.required and dependency.name not in names:
            message = (
                f"the required dependency {quoted(dependency.name)} is no input of the contract ({_or_none(names)}),"
                " so that the script never gets it"
            )
            yield _misaligned("dependency-not-in-contract", DEPENDENCIES, dependency.name, message, names)


def _outputs_not_in_contract(known: Specification, outputs: tuple[list[str], bool]) -> Iterator[Problem]:
    names, is_complete = outputs
    if not is_complete:
        return
    for output in known.outputs.values():
        if output.name not in names:
            message = (
                f"the output {quoted(output.name)} is no output of the contract ({_or_none(names)}),"
                " so that nothing is uploaded for it"
            )
            alias = next((each for each in output.aliases or () if each in names), None)
            yield _misaligned("output-not-in-contract", OUTPUTS, output.name, message, names, alias)


def _inputs_without_dependency(
    known: Specification, inputs: tuple[list[str], bool], optional: Collection[str]
) -> Iterator[Problem]:
    if DEPENDENCIES in known.is_open:
        return
    for name in inputs[0]:
        if name not in known.dependencies and name not in optional:
            message = (
                f"no dependency of the specification ({_or_none(known.dependencies)}) provides the contract's"
                f" input {quoted(name)}, so that its directory is missing"
            )
            spare = [each for each in known.dependencies if each not in inputs[0]]
            near = closest(name, spare)
            remedy = f"rename the dependency {near!r}" if near else "add a dependency of that name"
            yield Problem(
                "input-without-dependency", ERROR, DEPENDENCIES, name, near, message, remedy, expected=name
            )


def _outputs_without_spec(known: Specification, outputs: tuple[list[str], bool]) -> Iterator[Problem]:
    if OUTPUTS in known.is_open:
        return
    published: set[str] = set()
    for output in known.outputs.values():
        if output.aliases is None:
            return
        published.update(output.names)
    for name in outputs[0]:
        if name not in published:
            message = (
                f"the specification ({_or_none(known.outputs)}) does not publish the contract's output"
                f" {quoted(name)}, so that no other step can use it"
            )
            remedy = "add an output of that name"
            yield Problem("output-without-spec", WARNING, OUTPUTS, name, None, message, remedy, expected=name)


def _misaligned(
    rule: str, field: str, name: str, message: str, names: Collection[str], alias: str | None = None
) -> Problem:
    near = alias or closest(name, names)
    remedy = f"did you mean {near!r}?" if near else "declare it in the contract, or remove it here"
    return Problem(rule, ERROR, field, name, name, message, remedy, near, LOGICAL_NAME)


def _or_none(names: Collection[str]) -> str:
    return listed(names) or "it has none"
