"""What the dependencies of a step without a script are for: its model, its data."""

from __future__ import annotations

from typing import Any, Mapping

from contracts_runtime.builders.limits import listed
from contracts_runtime.problems import closest, quoted
from contracts_runtime.specifications import DependencyType, StepSpecification
from contracts_runtime.step_kinds import MODEL_STEP, REGISTER_MODEL_STEP, TRANSFORM_STEP

MODEL_DATA, MODEL_NAME, DATA, PAYLOAD = "model_data", "model_name", "data", "payload"

# The roles of each kind of step, with whether the step cannot do without.
ROLES: Mapping[str, Mapping[str, bool]] = {
    MODEL_STEP: {MODEL_DATA: True},
    TRANSFORM_STEP: {MODEL_NAME: True, DATA: True},
    REGISTER_MODEL_STEP: {MODEL_DATA: True, PAYLOAD: False},
}
# The one dependency of this type has the role, where neither the configuration nor its name says so.
_BY_TYPE = {
    MODEL_DATA: {DependencyType.MODEL_ARTIFACTS},
    MODEL_NAME: {DependencyType.CUSTOM_PROPERTY},
    DATA: {DependencyType.PROCESSING_OUTPUT, DependencyType.TRAINING_DATA},
    PAYLOAD: {DependencyType.PAYLOAD_SAMPLES},
}


def assign_roles(
    kind: str,
    spec: StepSpecification,
    named: Mapping[str, str],
    given: Mapping[str, Any],
    problems: list[str],
) -> dict[str, Any]:
    """Return the source of each role that a kind of step has.

    ``named`` is the configuration's choice. Else a dependency that is called like the role has it, else the only one
    of the type that the role is for.
    """
    roles = ROLES[kind]
    for role in named:
        if role not in roles:
            near = closest(role, roles)
            remedy = f"did you mean {near!r}?" if near else f"known are {listed(roles)}"
            problems.append(f"role {quoted(role)} is unknown to a step of the kind {kind}; {remedy}")
    found: dict[str, Any] = {}
    for role, required in roles.items():
        name = _dependency_of(role, spec, named, problems)
        if name is not None and name in given:
            found[role] = given[name]
        elif required and name is None and role not in named:
            problems.append(
                f"no dependency is the {role} of this step ({kind}); set roles={{{role!r}: <logical name>}} to one of"
                f" {listed(spec.dependencies)}"
            )
        elif required and name is not None and not spec.dependencies[name].required:
            problems.append(
                f"input {quoted(name)} is missing, which is the {role} of this step; give its source"
            )
    return found


def _dependency_of(
    role: str, spec: StepSpecification, named: Mapping[str, str], problems: list[str]
) -> str | None:
    if role in named:
        if named[role] in spec.dependencies:
            return named[role]
        near = closest(named[role], spec.dependencies)
        remedy = f"did you mean {near!r}?" if near else f"known are {listed(spec.dependencies)}"
        problems.append(f"role {quoted(role)} is {quoted(named[role])}, which is no dependency; {remedy}")
        return None
    for name in spec.dependencies:
        if name.lower() == role and name not in named.values():
            return name
    fitting = [
        name
        for name, dependency in spec.dependencies.items()
        if dependency.dependency_type in _BY_TYPE[role] and name not in named.values()
    ]
    return fitting[0] if len(fitting) == 1 else None
