"""The parts of a step, each with everything that is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Mapping

from contracts_runtime.builders.code import Code, check_code
from contracts_runtime.builders.job import arguments, as_hyperparameters, command_line, environment
from contracts_runtime.builders.limits import (
    ENTRYPOINT_LENGTH,
    VARIABLE_LIMITS,
    check_arguments,
    check_environment,
    check_hyperparameters,
    check_length,
    check_number,
    check_step_name,
    each_text,
)
from contracts_runtime.builders.mounts import (
    Mount,
    below,
    channels,
    check_names,
    check_uri,
    given_sources,
    input_mounts,
    input_names,
    output_mounts,
)
from contracts_runtime.builders.requests import Plan
from contracts_runtime.builders.roles import assign_roles
from contracts_runtime.builders.sdk import Sdk
from contracts_runtime.contracts import ScriptContract
from contracts_runtime.platform_facts import (
    CHECKPOINT_DIRECTORY,
    LIMITS,
    PROCESSING,
    TRAINING,
    is_at_or_below,
)
from contracts_runtime.problems import quoted, type_name
from contracts_runtime.specifications import StepSpecification
from contracts_runtime.step_kinds import (
    MODEL_STEP,
    PROCESSING_STEP,
    REGISTER_MODEL_STEP,
    TRAINING_STEP,
    TRANSFORM_STEP,
    TUNING_STEP,
)

CODE_INPUT = "code"
"""The input of a processing job that holds its script, as the SDK calls it (2.257.7, ``processing.py``;
sagemaker-core 2.27.0, ``core/processing.py``)."""
CODE_PATH = "/opt/ml/processing/input/code"
"""Where it is mounted (same sources)."""

SCRIPT_KINDS = (PROCESSING_STEP, TRAINING_STEP, TUNING_STEP)
"""The kinds of step that run a script with inputs and outputs."""

_SETTINGS = {
    PROCESSING_STEP: ("image_uri", "role", "instance_type"),
    TRAINING_STEP: ("image_uri", "role", "instance_type"),
    TUNING_STEP: ("image_uri", "role", "instance_type", "objective_metric"),
    TRANSFORM_STEP: ("instance_type",),
    MODEL_STEP: ("image_uri", "role"),
    REGISTER_MODEL_STEP: ("image_uri", "model_package_group_name"),
}


@dataclass(frozen=True)
class Planner:
    """Makes the parts of one step. Every method adds what is wrong to ``problems`` and raises nothing."""

    sdk: Sdk
    config: Any
    spec: StepSpecification
    contract: ScriptContract | None
    kind: str
    name: str

    def setting(self, name: str) -> Any:
        """Return an attribute of the configuration, ``None`` if it has none."""
        return getattr(self.config, name, None)

    def plan(
        self, sources: Mapping[str, Any] | None, destinations: Mapping[str, Any], problems: list[str]
    ) -> tuple[Plan, Code | None]:
        """Return everything that the step's request is made of."""
        problems += check_step_name(self.name)
        self._check_settings(problems)
        given = self.sources(sources, problems)
        parts: dict[str, Any] = {"environment": self.environment(problems)}
        code = self._code(problems)
        if self.kind == PROCESSING_STEP:
            parts.update(self._processing_parts(given, destinations, code, problems))
        elif self.kind in SCRIPT_KINDS:
            parts.update(self._training_parts(given, code, problems))
        else:
            parts["roles"] = assign_roles(self.kind, self.spec, self.setting("roles") or {}, given, problems)
            parts["destination"] = self.destination(problems) if self.kind == TRANSFORM_STEP else None
        return Plan(self.config, **parts), code

    def with_code(self, plan: Plan, code: Code | None, session: Any) -> Plan:
        """Return the plan with the code's place in S3; uploads local code."""
        if code is None:
            return plan
        if self.kind == PROCESSING_STEP:
            uri = code.uri(session, as_archive=False)
            return replace(plan, inputs=[*plan.inputs, Mount(CODE_INPUT, CODE_PATH, uri)])
        place = {"sagemaker_submit_directory": code.uri(session, as_archive=True)}
        more = as_hyperparameters(self.sdk, place)
        return replace(plan, hyperparameters={**plan.hyperparameters, **more})

    # --- parts ---

    def sources(self, sources: Mapping[str, Any] | None, problems: list[str]) -> dict[str, Any]:
        """Return the sources of the inputs."""
        given = given_sources(self.sdk, sources or {}, self.spec, self.contract, problems)
        folders = self.setting("folders") or {}
        problems += check_names("folders: input", folders, input_names(self.spec, self.contract))
        return {
            name: below(self.sdk, source, folders[name])
            if name in folders and not isinstance(source, Mapping)
            else source
            for name, source in given.items()
        }

    def inputs(self, given: Mapping[str, Any], problems: list[str]) -> list[Mount]:
        """Return the inputs of a processing job."""
        assert self.contract is not None
        mounts = input_mounts(given, self.contract, problems)
        limit = LIMITS[PROCESSING].inputs
        problems += check_number("inputs, that of the script included", [*mounts, CODE_INPUT], limit)
        if any(mount.name == CODE_INPUT for mount in mounts):
            problems.append(f"input {CODE_INPUT!r}: so is the input called that holds the script; rename it")
        return mounts

    def outputs(self, destinations: Mapping[str, Any], problems: list[str]) -> list[Mount]:
        """Return the outputs of a processing job."""
        assert self.contract is not None
        has_location = self.setting("output_location") is not None
        place = self.destination(problems) if has_location else None
        mounts = output_mounts(self.sdk, destinations, self.spec, self.contract, place, problems)
        limit = LIMITS[PROCESSING].outputs
        assert limit is not None
        problems += check_number("outputs", mounts, limit)
        return mounts

    def channels(self, given: Mapping[str, Any], problems: list[str]) -> dict[str, Any]:
        """Return the channels of a training job."""
        found = channels(self.sdk, given, self.contract, self.setting("channels") or {}, problems)
        problems += check_number("channels", found, LIMITS[TRAINING].inputs)
        return found

    def destination(self, problems: list[str]) -> Any:
        """Return the S3 prefix of the step."""
        location = self.setting("output_location")
        if location is None:
            problems.append("output_location is missing; set it to an S3 prefix")
            return None
        wrong = list(check_uri(self.sdk, "output_location", location))
        problems += wrong
        return None if wrong else below(self.sdk, location, str(self.name))

    def environment(self, problems: list[str]) -> dict[str, Any]:
        """Return the environment variables."""
        found = environment(self.sdk, self.config, self.contract, problems)
        problems += check_environment(found, VARIABLE_LIMITS[self.kind])
        return found

    def arguments(self, problems: list[str]) -> dict[str, Any]:
        """Return the arguments by name."""
        return arguments(self.sdk, self.config, self.contract, problems)

    def job_arguments(self, problems: list[str]) -> list[Any]:
        """Return the arguments as a command line."""
        line = command_line(self.arguments(problems))
        if self.kind == PROCESSING_STEP:
            problems += check_arguments(line)
        return line

    # --- the whole ---

    def _check_settings(self, problems: list[str]) -> None:
        problems += [
            f"{name} is missing; set it in the configuration"
            for name in _SETTINGS[self.kind]
            if _is_empty(self.setting(name))
        ]
        session = self.setting("sagemaker_session")
        if session is not None and not self.sdk.is_session(session):
            problems.append(
                f"sagemaker_session is {type_name(session)}, which would start jobs at once; give a"
                " PipelineSession"
            )

    def _code(self, problems: list[str]) -> Code | None:
        """Return the script's code; a training image may have an algorithm of its own."""
        code = self.setting("code")
        if self.kind not in SCRIPT_KINDS or self.contract is None:
            return None
        if code is None and self.kind != PROCESSING_STEP:
            return None
        wrong = list(check_code(code, self.contract.entry_point, is_training=self.kind != PROCESSING_STEP))
        problems += wrong
        return None if wrong else Code(code, self.contract.entry_point, self.name)

    def _processing_parts(
        self,
        given: Mapping[str, Any],
        destinations: Mapping[str, Any],
        code: Code | None,
        problems: list[str],
    ) -> dict[str, Any]:
        program = list(self.setting("command") or ("python3",))
        if code is not None:
            program.append(f"{CODE_PATH}/{code.script}")
        for part in program:
            problems += check_length(f"the command's {quoted(part)}", part, ENTRYPOINT_LENGTH)
        return {
            "command": program,
            "arguments": self.job_arguments(problems),
            "inputs": self.inputs(given, problems),
            "outputs": self.outputs(destinations, problems),
        }

    def _training_parts(
        self, given: Mapping[str, Any], code: Code | None, problems: list[str]
    ) -> dict[str, Any]:
        return {
            "channels": self.channels(given, problems),
            "hyperparameters": self._hyperparameters(code, problems),
            "destination": self.destination(problems),
            "checkpoint": self._checkpoint(),
        }

    def _hyperparameters(self, code: Code | None, problems: list[str]) -> dict[str, Any]:
        """Return arguments and hyperparameters, which are the same to a training job."""
        more = self.setting("hyperparameters") or {}
        found = {name.lstrip("-"): value for name, value in self.arguments(problems).items()}
        texts = each_text(self.sdk, "hyperparameter", more, problems)
        if code is None:
            found.update(texts)
            problems += check_hyperparameters(found)
            return found
        # Numbers stay numbers for the toolkit, so that they are encoded as they were given.
        found.update((name, more[name]) for name in texts)
        found = as_hyperparameters(self.sdk, {**found, "sagemaker_program": code.script})
        # Where the code is in S3 is known when it is uploaded.
        problems += check_hyperparameters({**found, "sagemaker_submit_directory": ""})
        return found

    def _checkpoint(self) -> Mount | None:
        """Return the output at the checkpoint directory, which SageMaker copies only if the job says so."""
        for name, path in ({} if self.contract is None else self.contract.expected_output_paths).items():
            if is_at_or_below(path, CHECKPOINT_DIRECTORY):
                place = self.destination([])
                if place is not None:
                    return Mount(name, CHECKPOINT_DIRECTORY, below(self.sdk, place, name))
        return None


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value)
