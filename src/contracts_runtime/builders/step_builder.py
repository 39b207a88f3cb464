"""A pipeline step from its specification, its contract and its configuration."""

from __future__ import annotations

import logging
from functools import cached_property
from typing import Any, ClassVar, Mapping

from contracts_runtime.builders.errors import raise_if
from contracts_runtime.builders.installed import load_sdk
from contracts_runtime.builders.job_types import select_specification
from contracts_runtime.builders.limits import listed
from contracts_runtime.builders.planning import SCRIPT_KINDS, Planner
from contracts_runtime.builders.requests import SUPPORTED_KINDS, make_request
from contracts_runtime.builders.sdk import Sdk
from contracts_runtime.contracts import ScriptContract
from contracts_runtime.problems import ERROR, quoted
from contracts_runtime.specifications import StepSpecification
from contracts_runtime.step_kinds import PROCESSING_STEP, TRAINING_STEP, TUNING_STEP, kind_named

_log = logging.getLogger(__name__)


class StepBuilder:
    """Builds one step of a pipeline with the SageMaker SDK that is installed, v2 or v3.

    ``config`` is a :class:`~contracts_runtime.builders.StepConfig` or any object with its attributes; ``spec`` the
    step's specification, by default the one of :attr:`specifications` for the configuration's ``job_type``;
    ``contract`` the script's contract, by default the specification's own; ``kind`` the kind of step ("Processing",
    "Training", "Tuning", "Transform", "Model" or "RegisterModel"), by default what specification, contract and
    configuration tell.

    Raises :class:`~contracts_runtime.builders.StepBuildError`, a ``ValueError``, with every misalignment of
    specification and contract.
    """

    specifications: ClassVar[Mapping[str, StepSpecification]] = {}
    """The specification of each job type; set by subclasses."""
    kind: str
    """The kind of step, by the name that a pipeline definition gives it; subclasses may set it."""

    def __init__(
        self,
        config: Any,
        spec: StepSpecification | None = None,
        contract: ScriptContract | None = None,
        *,
        kind: str | None = None,
    ) -> None:
        self.config = config
        if spec is None:
            spec = self.specification_for(getattr(config, "job_type", None))
        if contract is not None and contract is not spec.script_contract:
            spec = spec.model_copy(update={"script_contract": contract})
        self.spec = spec
        self.contract = spec.script_contract
        self.name: str = getattr(config, "step_name", None) or spec.step_type
        problems = self._misalignments()
        self.kind = self._find_kind(kind, problems)
        raise_if(self._subject, problems)

    @classmethod
    def specification_for(cls, job_type: str | None) -> StepSpecification:
        """Return the specification for a job type. Raises ``ValueError`` for one that is unknown."""
        return select_specification(cls.specifications, job_type)

    # --- what the step is made of ---

    def inputs(self, sources: Mapping[str, Any] | None = None) -> Any:
        """Return the inputs as the SDK's objects, from the source of each by its logical name.

        A source is an S3 URI, or a pipeline parameter, function or property of a step. Optional dependencies are left
        out when they have none. A processing step has a list of ``ProcessingInput``; a training or tuning step has
        what the SDK's jobs take: ``TrainingInput`` by channel (v2), a list of ``InputData`` (v3).

        Raises :class:`~contracts_runtime.builders.StepBuildError` with everything wrong.
        """
        problems: list[str] = []
        given = self._planner.sources(sources, problems)
        if self.kind == PROCESSING_STEP:
            mounts = self._planner.inputs(given, problems)
            raise_if(self._subject, problems)
            return [self.sdk.processing_input(mount.name, mount.uri, mount.path) for mount in mounts]
        if self.kind not in SCRIPT_KINDS:
            raise_if(self._subject, problems)
            return given
        found = self._planner.channels(given, problems)
        raise_if(self._subject, problems)
        return self.sdk.training_inputs(found)

    def outputs(self, destinations: Mapping[str, Any] | None = None) -> Any:
        """Return the outputs as the SDK's objects: a list of ``ProcessingOutput``.

        A destination is the configuration's ``output_location`` with the step's and the output's name, unless one is
        given. The other kinds of jobs have one destination for all, which is returned instead, for ``output_path``.

        Raises :class:`~contracts_runtime.builders.StepBuildError` with everything wrong.
        """
        problems: list[str] = []
        if self.kind == PROCESSING_STEP:
            mounts = self._planner.outputs(destinations or {}, problems)
            raise_if(self._subject, problems)
            return [self.sdk.processing_output(mount.name, mount.path, mount.uri) for mount in mounts]
        destination = self._planner.destination(problems)
        raise_if(self._subject, problems)
        return destination

    def environment(self) -> dict[str, Any]:
        """Return the environment variables: required ones from the configuration, optional ones by default.

        Raises :class:`~contracts_runtime.builders.StepBuildError` with everything wrong.
        """
        problems: list[str] = []
        found = self._planner.environment(problems)
        raise_if(self._subject, problems)
        return found

    def job_arguments(self) -> list[Any]:
        """Return the command-line arguments: ``["--job_type", "training"]``.

        Raises :class:`~contracts_runtime.builders.StepBuildError` with everything wrong.
        """
        problems: list[str] = []
        found = self._planner.job_arguments(problems)
        raise_if(self._subject, problems)
        return found

    def create_step(
        self,
        sources: Mapping[str, Any] | None = None,
        destinations: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> Any:
        """Return the SDK's step.

        ``sources`` and ``destinations`` are those of :meth:`inputs` and :meth:`outputs`; ``options`` further arguments
        of the SDK's step, such as ``depends_on`` and ``cache_config``. Local code is uploaded when the pipeline is
        compiled.

        Raises :class:`~contracts_runtime.builders.StepBuildError` with everything wrong, before anything is created.
        """
        problems: list[str] = []
        planner, session = self._planner, self.session
        plan, code = planner.plan(sources, destinations or {}, problems)
        raise_if(self._subject, problems)

        def request() -> dict[str, Any]:
            return make_request(planner.kind, planner.with_code(plan, code, session))

        given = getattr(self.config, "step_options", None) or {}
        return self.sdk.step(self.kind, self.name, request, session, {**given, **options})

    def check(self, sources: Mapping[str, Any] | None = None) -> list[str]:
        """Return everything that would keep :meth:`create_step` from working, and create nothing."""
        problems: list[str] = []
        self._planner.plan(sources, {}, problems)
        return problems

    @cached_property
    def sdk(self) -> Sdk:
        """The SDK that is installed."""
        return load_sdk()

    @cached_property
    def session(self) -> Any:
        """The pipeline session: the configuration's, or a new one."""
        session = getattr(self.config, "sagemaker_session", None)
        return self.sdk.session() if session is None else session

    @cached_property
    def _planner(self) -> Planner:
        return Planner(self.sdk, self.config, self.spec, self.contract, self.kind, self.name)

    # --- what is wrong ---

    @property
    def _subject(self) -> str:
        return f"the step {quoted(self.name)}"

    def _misalignments(self) -> list[str]:
        found = self.spec.problems()
        errors = [each.text for each in found if each.severity == ERROR]
        for each in found:
            if each.severity != ERROR:
                _log.warning("%s: %s", self._subject, each.text)
        if self.contract is not None:
            # SageMaker makes a directory of it, and the enforcer refuses it where the job runs.
            errors += [each.text for each in self.contract.problems() if each.rule == "output-path-is-file"]
        return errors

    def _find_kind(self, given: str | None, problems: list[str]) -> str:
        """Return the kind of step, which must be one that can be built and that specification and contract allow."""
        named = given if given is not None else getattr(type(self), "kind", None)
        possible = self.spec.possible_kinds.intersection(SUPPORTED_KINDS)
        if named is None:
            kind = self._guessed_kind(possible)
            if kind is None:
                problems.append(
                    f"the kind of step is not known: it may be any of {listed(sorted(possible))}; set"
                    " sagemaker_step_type in the specification, or give kind="
                )
                return PROCESSING_STEP
        else:
            kind = kind_named(named)
        if kind not in SUPPORTED_KINDS:
            problems.append(
                f"the kind {quoted(named)} cannot be built; give one of {listed(SUPPORTED_KINDS)}"
            )
        elif kind not in possible:
            problems.append(
                f"the kind {quoted(named)} contradicts the specification and its contract, which allow"
                f" {listed(sorted(possible))}; correct one of them"
            )
        if kind == PROCESSING_STEP and self.contract is None:
            problems.append("a processing step runs a script, but there is no contract; give contract=")
        return kind or PROCESSING_STEP

    def _guessed_kind(self, possible: frozenset[str]) -> str | None:
        if possible == {TRAINING_STEP, TUNING_STEP}:
            is_tuning = getattr(self.config, "objective_metric", None) is not None
            return TUNING_STEP if is_tuning else TRAINING_STEP
        return next(iter(possible)) if len(possible) == 1 else None
