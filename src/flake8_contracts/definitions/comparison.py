"""One job of a definition against one contract."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from contracts_runtime.container_paths import is_at_or_below, names_a_file, normalise
from contracts_runtime.path_checks import channel_of
from contracts_runtime.platform_paths import CHECKPOINT_DIRECTORY, PROCESSING, is_platform_path
from contracts_runtime.platform_variables import is_platform_variable
from contracts_runtime.problems import quoted
from flake8_contracts.catalog.model import DeclaredContract, DeclaredSpecification, Entry
from flake8_contracts.definitions.document import Disagreement
from flake8_contracts.definitions.jobs import Job, Mount
from flake8_contracts.suggestions import did_you_mean, nearest

# Names that the SDK gives to inputs and outputs that have none (2.257.7, processing.py: _normalize_inputs).
_OWN_NAMES = re.compile(r"(input|output)-[0-9]+")
_JOB_TYPE = "job_type"


@dataclass(frozen=True)
class Claim:
    """A contract that a step may have to keep, and the specification that it has it from, if that is known.

    ``optional`` are the inputs that need not be there.
    """

    contract: DeclaredContract
    specification: DeclaredSpecification | None = None
    optional: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Side:
    """The inputs, or the outputs, of a job and of its contract."""

    what: str
    given: tuple[Mount, ...]
    declared: Mapping[str, Entry]
    is_given_open: bool
    is_declared_open: bool

    @property
    def paths(self) -> dict[str, str]:
        """The paths that the contract declares, as far as they are known."""
        return {
            name: normalise(entry.value) for name, entry in self.declared.items() if entry.value is not None
        }


def compare(job: Job, claim: Claim) -> list[Disagreement]:
    """Return everything in which a job disagrees with a contract, in the order of the definition."""
    contract = claim.contract
    inputs = Side(
        "input",
        job.inputs,
        contract.inputs,
        "inputs" in job.open,
        "expected_input_paths" in contract.unresolved,
    )
    outputs = Side(
        "output",
        job.outputs,
        contract.outputs,
        "outputs" in job.open,
        "expected_output_paths" in contract.unresolved,
    )
    found = [
        *_check_mounts(job, contract, inputs),
        *_check_missing(job, claim, inputs),
        *_check_mounts(job, contract, outputs),
        *_check_missing(job, claim, outputs),
        *_check_environment(job, contract),
        *_check_arguments(job, contract),
    ]
    return sorted(set(found))


# --- paths and names ---


def _check_mounts(job: Job, contract: DeclaredContract, side: Side) -> Iterator[Disagreement]:
    if job.kind == PROCESSING:  # a channel has no logical name
        for mount in side.given:
            yield from _check_named(job, contract, side, mount)
    for mount in _unknown(job, side):
        meant = _meant(job, side, mount)
        remedy = (
            "declare or remove it"
            if meant is None
            else f"did you mean {quoted(meant)} at {quoted(side.paths[meant])}?"
        )
        yield Disagreement(
            mount.span,
            "unknown-channel",
            f"{_where(job, side, mount)} at {quoted(mount.path)} is none of the contract {_of(contract)}; {remedy}",
        )


def _check_named(job: Job, contract: DeclaredContract, side: Side, mount: Mount) -> Iterator[Disagreement]:
    """Check whether name and path belong together."""
    if mount.path is None or mount.name is None:
        return
    entry = side.declared.get(mount.name)
    if entry is None:
        same = [name for name, path in side.paths.items() if path == normalise(mount.path)]
        if same and not _OWN_NAMES.fullmatch(mount.name):
            yield Disagreement(
                mount.span,
                "unknown-channel",
                f"{_where(job, side, mount)} is called {quoted(same[0])} in the contract {_of(contract)}, at the same"
                " path; rename it",
            )
    elif entry.value is not None and normalise(entry.value) != normalise(mount.path):
        yield Disagreement(
            mount.path_span,
            "channel-path-mismatch",
            f"{_where(job, side, mount)} is at {quoted(mount.path)}, but the contract {_of(contract)} has it at"
            f" {quoted(entry.value)}, where the script looks for it; use that path",
        )


def _meant(job: Job, side: Side, mount: Mount) -> str | None:
    """Return what the contract has, and the job has not, that an unknown input or output was probably meant to be."""
    if mount.name is None or _OWN_NAMES.fullmatch(mount.name):
        return None
    missing = _not_given(job, side)
    if job.kind == PROCESSING:
        return nearest(mount.name, missing)
    channels = {channel_of(path): name for name, path in missing.items()}
    near = nearest(mount.name, [channel for channel in channels if channel])
    return None if near is None else channels[near]


def _not_given(job: Job, side: Side) -> dict[str, str]:
    """Return the names and paths that the contract declares and the job has not."""
    names = {mount.name for mount in side.given} if job.kind == PROCESSING else set()
    given = [mount.path for mount in side.given if mount.path is not None]
    return {
        name: path
        for name, path in side.paths.items()
        if name not in names
        and not any(_overlap(path, each) for each in given)
        and not (side.what == "output" and _is_uploaded(job, path))
    }


def _check_missing(job: Job, claim: Claim, side: Side) -> Iterator[Disagreement]:
    """Yield what the contract declares and the job has not, but for what it seems to have under another name."""
    if side.is_given_open:
        return
    meant = {_meant(job, side, mount) for mount in _unknown(job, side)}
    for name, path in _not_given(job, side).items():
        if name in claim.optional or name in meant or not side.declared[name].required:
            continue
        effect = (
            "the script finds nothing there"
            if side.what == "input"
            else "nothing uploads what is written there"
        )
        yield Disagreement(
            job.step.span,
            "missing-channel",
            f"{_step(job)} has no {side.what} at {quoted(path)}, which the contract {_of(claim.contract)}"
            f" declares as {quoted(name)}: {effect}; add it",
        )


def _unknown(job: Job, side: Side) -> list[Mount]:
    """Return the inputs or outputs that are nothing of the contract, as far as can be told."""
    if side.is_declared_open or None in {each.value for each in side.declared.values()}:
        return []
    return [
        mount
        for mount in side.given
        if mount.path is not None
        and not (job.kind == PROCESSING and mount.name in side.declared)
        and not any(_overlap(path, mount.path) for path in side.paths.values())
        # What holds the script, or what every training job uploads.
        and not (is_platform_path(mount.path, job.kind) and (job.kind == PROCESSING or side.what == "output"))
    ]


def _is_uploaded(job: Job, path: str) -> bool:
    """Whether a training job has a directory without any input or output that names it."""
    return (
        job.kind != PROCESSING
        and not is_at_or_below(path, CHECKPOINT_DIRECTORY)
        and is_platform_path(path, job.kind)
    )


def _overlap(one: str, other: str) -> bool:
    return is_at_or_below(one, other) or is_at_or_below(other, one)


def check_suffixes(job: Job) -> Iterator[Disagreement]:
    """Yield the paths that name files, where SageMaker makes directories; no contract is needed to tell."""
    if job.kind != PROCESSING:
        return
    for name, what, mounts in (
        ("input-path-is-file", "input", job.inputs),
        ("output-source-is-file", "output", job.outputs),
    ):
        for mount in mounts:
            where = f"{_step(job)}: {what} {quoted(mount.name)}"
            if mount.path is not None and names_a_file(mount.path):
                yield Disagreement(
                    mount.path_span,
                    name,
                    f"{where} is at {quoted(mount.path)}, but SageMaker makes a directory there; use the directory"
                    " above",
                )
            if what == "output" and mount.uri is not None and names_a_file(mount.uri):
                yield Disagreement(
                    mount.uri_span,
                    "file-suffix-in-destination",
                    f"{where} goes to {quoted(mount.uri)}, but SageMaker uploads a directory to a prefix; remove the"
                    " file name",
                )


# --- variables and arguments ---


def _check_environment(job: Job, contract: DeclaredContract) -> Iterator[Disagreement]:
    slips = misspelled_variables(job, contract)
    for name, meant in slips.items():
        yield Disagreement(
            job.environment[name].span,
            "environment-mismatch",
            f"{_step(job)} sets {quoted(name)}, which the contract {_of(contract)} does not know; did you mean"
            f" {quoted(meant)}?",
        )
    if "environment" in job.open:
        return
    for name in contract.required_env:
        if name not in job.environment and name not in slips.values() and not is_platform_variable(name):
            yield Disagreement(
                job.step.span,
                "environment-mismatch",
                f"{_step(job)} does not set {quoted(name)}, which the contract {_of(contract)} requires; set it",
            )


def misspelled_variables(job: Job, contract: DeclaredContract) -> dict[str, str]:
    """Return the variables that were probably meant to be one of the contract which is not set."""
    unset = [name for name in (*contract.required_env, *contract.optional_env) if name not in job.environment]
    near = {name: nearest(name, unset) for name in undeclared_variables(job, contract)}
    return {name: meant for name, meant in near.items() if meant is not None}


def undeclared_variables(job: Job, contract: DeclaredContract) -> list[str]:
    """Return the variables of a job that the contract does not know: perhaps they are a library's."""
    if contract.unresolved & {"required_env_vars", "optional_env_vars"}:
        return []
    return [
        name
        for name in job.environment
        if not contract.declares_variable(name) and not is_platform_variable(name)
    ]


def _check_arguments(job: Job, contract: DeclaredContract) -> Iterator[Disagreement]:
    declared = {_plain(name): name for name in contract.arguments}
    given = {_plain(name): name for name in job.arguments}
    for plain, name in declared.items():
        if plain not in given and "arguments" not in job.open:
            yield Disagreement(
                job.step.span,
                "argument-mismatch",
                f"{_step(job)} does not pass {quoted(name)}, an argument of the contract {_of(contract)}; pass it",
            )
    entry = contract.arguments.get(declared.get(_JOB_TYPE, ""))
    value = job.arguments.get(given.get(_JOB_TYPE, ""))
    if (
        entry is not None
        and value is not None
        and None not in (entry.value, value.text)
        and entry.value != value.text
    ):
        yield Disagreement(
            value.span,
            "argument-mismatch",
            f"{_step(job)} has the job type {quoted(value.text)}, the contract {_of(contract)} is for"
            f" {quoted(entry.value)}",
        )
    if job.kind != PROCESSING or "expected_arguments" in contract.unresolved:
        return  # hyperparameters are for whoever reads them
    for plain, name in given.items():
        if plain not in declared:
            near = did_you_mean(name, contract.arguments)
            yield Disagreement(
                job.arguments[name].span,
                "argument-mismatch",
                f"{_step(job)} passes {quoted(name)}, which is no argument of the contract {_of(contract)}"
                f"{near or '; declare or remove it'}",
            )


def _plain(name: str) -> str:
    return name.lstrip("-").replace("-", "_")


def _where(job: Job, side: Side, mount: Mount) -> str:
    return f"{_step(job)}: {side.what} {quoted(mount.name)}"


def _step(job: Job) -> str:
    return f"step {quoted(job.step.name)}"


def _of(contract: DeclaredContract) -> str:
    return quoted(contract.name)
