"""Alignment of specifications with their contracts and with each other."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Dict, Iterable, List, Union

from contracts_runtime.contracts import ScriptContract
from contracts_runtime.declaration_files import (
    DeclarationError,
    at_line,
    declaration_files,
    read_declaration,
)
from contracts_runtime.offers import PipelineStep
from contracts_runtime.problems import ERROR, WARNING
from contracts_runtime.registry import SpecificationRegistry
from contracts_runtime.results import ValidationResult
from contracts_runtime.specification_checks import check_contract_alignment, check_property_paths
from contracts_runtime.specifications import StepSpecification
from contracts_runtime.step_kinds import possible_kinds
from contracts_runtime.wire_checks import check_pair


def validate_spec_against_contract(
    spec: StepSpecification, contract: ScriptContract | None = None
) -> ValidationResult:
    """Check a specification against its contract, or against ``contract`` instead.

    Errors: a required dependency or an output that the contract does not have, an input of the contract that no
    dependency provides, a property path that does not exist on this kind of step or names another output.
    Warnings: an output of the contract that the specification does not publish. Of a specification without contract
    only the property paths are checked.
    """
    contract = contract if contract is not None else spec.script_contract
    fields = spec.fields()
    if contract is None:
        return ValidationResult.of(check_property_paths(fields, spec.possible_kinds))
    declared = contract.model_dump()
    kinds = possible_kinds(fields, declared, contract.kind)
    return ValidationResult.of(
        [*check_property_paths(fields, kinds), *check_contract_alignment(fields, declared)]
    )


def validate_cross_step_compatibility(
    producer: StepSpecification, consumer: StepSpecification
) -> ValidationResult:
    """Check whether ``consumer`` can get from ``producer`` what it says it gets from steps of that type.

    All problems at once; those of required dependencies are errors, those of optional ones warnings. Job-type
    variants of a compatible source count as that source, and outputs are found by their aliases as well.
    """
    return ValidationResult.of(check_pair(_as_step(producer), _as_step(consumer)))


def validate_all_contracts(
    source: Union[SpecificationRegistry, str, os.PathLike[str], Iterable[StepSpecification]],
) -> ValidationResult:
    """Check every specification of ``source`` against its contract.

    ``source`` is a registry, some specifications, or a folder, whose ``*.step.yaml`` and
    ``*.contract.{yaml,json,toml}`` files are checked, the contracts themselves included. Every message begins
    with the step or the file. Whether the steps fit together is asked by
    :meth:`SpecificationRegistry.validate`. Raises ``FileNotFoundError`` for a folder that does not exist, and
    ``ValueError`` for one without such files.
    """
    if isinstance(source, (str, os.PathLike)):
        results = validate_folder(Path(source))
    elif isinstance(source, SpecificationRegistry):
        named = {name: source.get_specification(name) for name in source.list_step_names()}
        results = {name: validate_spec_against_contract(spec) for name, spec in named.items() if spec}
    else:
        parts = [validate_spec_against_contract(spec).prefixed(f"{spec.step_type}: ") for spec in source]
        return ValidationResult.combine(parts)
    return ValidationResult.combine(result.prefixed(f"{name}: ") for name, result in results.items())


def validate_folder(folder: Path) -> Dict[str, ValidationResult]:
    """Return the result for each contract and step file below the folder, by its path relative to the folder.

    Raises what :func:`validate_all_contracts` raises.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"{str(folder)!r} is not a folder, so that no contracts can be found there")
    results: Dict[str, ValidationResult] = {}
    for path in declaration_files(folder):
        results[path.relative_to(folder).as_posix()] = _validate_file(path)
    if not results:
        raise ValueError(f"there is no *.step.yaml or *.contract file below {str(folder)!r}")
    return results


def _validate_file(path: Path) -> ValidationResult:
    """Check one file; every message begins with its line, where one is known."""
    try:
        declared = read_declaration(path)
    except DeclarationError as error:
        return ValidationResult.error(at_line(error.line, error.reason))
    found: Dict[str, List[str]] = {ERROR: [], WARNING: []}
    for line, problem in declared.located(declared.check()):
        found[problem.severity].append(at_line(line, problem.text))
    return ValidationResult(not found[ERROR], found[ERROR], found[WARNING])


def _as_step(spec: StepSpecification) -> PipelineStep:
    return PipelineStep(spec.step_type, spec.fields(), spec.possible_kinds)
