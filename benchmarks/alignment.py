"""How long the alignment checks of a pipeline take, and how that grows with the number of its steps.

    python benchmarks/alignment.py [--limit SECONDS] [NUMBER_OF_STEPS ...]

Two pipelines are scaled: one whose dependencies name their compatible sources, as real ones do, and one whose
dependencies accept every step, so that every output of the pipeline is a candidate for each of them. Each is built
of rounds of four steps: preprocessing, training, evaluation and packaging, all with contracts. Prints seconds (the
best of three) and the growth: the power of the number of steps that the time grows with, 1 for linear, 2 for
quadratic. With ``--limit`` the exit code is 1 if a full validation takes longer.
"""

from __future__ import annotations

import argparse
import gc
import math
import sys
import time
from collections.abc import Callable
from functools import partial

from contracts_runtime import (
    DependencySpec,
    DependencyType,
    NodeType,
    OutputSpec,
    ScriptContract,
    SpecificationRegistry,
    StepSpecification,
    TrainingScriptContract,
)

SIZES = (10, 30, 100, 300, 1000)
STEPS_IN_ROUND = 4


def pipeline(size: int, *, with_sources: bool) -> SpecificationRegistry:
    """Return a pipeline of ``size`` steps in which everything is aligned."""
    registry = SpecificationRegistry(f"{size} steps")
    for number in range(size):
        step = _STEPS[number % STEPS_IN_ROUND](number // STEPS_IN_ROUND, with_sources)
        registry.register(f"Step{number}", step)
    return registry


def _path(name: str) -> str:
    return f"properties.ProcessingOutputConfig.Outputs['{name}'].S3Output.S3Uri"


def _needs(name: str, kind: DependencyType, source: str, with_sources: bool) -> DependencySpec:
    return DependencySpec(
        logical_name=name,
        dependency_type=kind,
        compatible_sources=[source] if with_sources else [],
        semantic_keywords=["data", "model", name],
    )


def _processing(
    step_type: str, dependencies: list[DependencySpec], output: str, aliases: list[str]
) -> StepSpecification:
    contract = ScriptContract(
        entry_point=f"{step_type.lower()}.py",
        expected_input_paths={
            each.logical_name: f"/opt/ml/processing/input/{each.logical_name}" for each in dependencies
        },
        expected_output_paths={output: "/opt/ml/processing/output"},
    )
    published = OutputSpec(
        logical_name=output,
        aliases=aliases,
        output_type=DependencyType.PROCESSING_OUTPUT,
        property_path=_path(output),
    )
    return StepSpecification(
        step_type=step_type,
        node_type=NodeType.INTERNAL if dependencies else NodeType.SOURCE,
        dependencies=dependencies,
        outputs=[published],
        script_contract=contract,
    )


def _preprocessing(turn: int, with_sources: bool) -> StepSpecification:
    needs = []
    if turn:
        needs = [
            _needs(f"data_{turn}", DependencyType.PROCESSING_OUTPUT, f"Preprocessing{turn - 1}", with_sources)
        ]
    return _processing(f"Preprocessing{turn}_Training", needs, f"processed_{turn}", [f"data_{turn + 1}"])


def _training(turn: int, with_sources: bool) -> StepSpecification:
    contract = TrainingScriptContract(
        entry_point="train.py",
        expected_input_paths={f"train_{turn}": "/opt/ml/input/data/train"},
        expected_output_paths={f"model_{turn}": "/opt/ml/model"},
    )
    return StepSpecification(
        step_type=f"Training{turn}",
        node_type=NodeType.INTERNAL,
        dependencies=[
            _needs(f"train_{turn}", DependencyType.TRAINING_DATA, f"Preprocessing{turn}", with_sources)
        ],
        outputs=[
            OutputSpec(
                logical_name=f"model_{turn}",
                output_type=DependencyType.MODEL_ARTIFACTS,
                property_path="properties.ModelArtifacts.S3ModelArtifacts",
            )
        ],
        script_contract=contract,
    )


def _evaluation(turn: int, with_sources: bool) -> StepSpecification:
    needs = [
        _needs(f"model_{turn}", DependencyType.MODEL_ARTIFACTS, f"Training{turn}", with_sources),
        _needs(f"processed_{turn}", DependencyType.PROCESSING_OUTPUT, f"Preprocessing{turn}", with_sources),
    ]
    return _processing(f"Evaluation{turn}", needs, f"evaluation_{turn}", [])


def _packaging(turn: int, with_sources: bool) -> StepSpecification:
    needs = [
        _needs(f"model_{turn}", DependencyType.MODEL_ARTIFACTS, f"Training{turn}", with_sources),
        _needs(f"evaluation_{turn}", DependencyType.PROCESSING_OUTPUT, f"Evaluation{turn}", with_sources),
    ]
    return _processing(f"Packaging{turn}", needs, f"package_{turn}", [])


_STEPS = (_preprocessing, _training, _evaluation, _packaging)


def rank_everything(registry: SpecificationRegistry) -> None:
    """Rank the candidates of every dependency of every step."""
    for name in registry.list_step_names():
        specification = registry.get_specification(name)
        assert specification is not None
        for dependency in specification.dependencies.values():
            registry.find_compatible_outputs(dependency, consumer=name)


def seconds(run: Callable[[], object], repeat: int = 3) -> float:
    """Return how long a call takes, the best of ``repeat``."""
    times = []
    for _ in range(repeat):
        gc.collect()
        start = time.perf_counter()
        run()
        times.append(time.perf_counter() - start)
    return min(times)


def main(arguments: list[str] | None = None) -> int:
    """Measure and print; return the exit code."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("sizes", nargs="*", type=int, default=list(SIZES), metavar="NUMBER_OF_STEPS")
    parser.add_argument("--limit", type=float, help="the longest that a validation may take, in seconds")
    options = parser.parse_args(arguments)
    slowest = 0.0
    for with_sources in (True, False):
        print(
            "dependencies that name their sources:"
            if with_sources
            else "dependencies that accept every step:"
        )
        print(f"{'steps':>7} {'validate':>10} {'growth':>7} {'rank all':>10} {'growth':>7}")
        before: tuple[int, float, float] | None = None
        for size in options.sizes:
            registry = pipeline(size, with_sources=with_sources)
            assert registry.validate().is_valid
            validating, ranking = (
                seconds(registry.validate),
                seconds(partial(rank_everything, registry)),
            )
            slowest = max(slowest, validating)
            growth = ["", ""]
            if before is not None:
                doublings = math.log2(size / before[0])
                growth = [
                    f"{math.log2(now / then) / doublings:.2f}"
                    for now, then in ((validating, before[1]), (ranking, before[2]))
                ]
            print(f"{size:>7} {validating:>10.4f} {growth[0]:>7} {ranking:>10.4f} {growth[1]:>7}")
            before = (size, validating, ranking)
    return int(options.limit is not None and slowest > options.limit)


if __name__ == "__main__":
    sys.exit(main())
