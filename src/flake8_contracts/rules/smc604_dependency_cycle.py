"""SMC604: steps that wait for each other."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.pipeline_problems import PipelineProblem


class DependencyCycle(PipelineProblem):
    code = "SMC604"
    name = "dependency-cycle"
    summary = "steps that depend on each other in a circle"
    explanation = """
        Each of the steps needs an output of the next, so that none of them can start: SageMaker refuses the
        pipeline. Remove one of the dependencies, or make it optional if the step can do without it.

        The finding stands at the first of the steps.
        """
    not_reported = """
        Circles that can be avoided because another step provides the same, and optional dependencies.
        """
    sources = ("SageMaker API, CreatePipeline: a pipeline definition is a directed acyclic graph",)
    examples = (
        Example(
            subject="contract",
            bad="""
                from contracts_runtime import DependencySpec, OutputSpec, SpecificationRegistry, StepSpecification

                CLEAN_SPEC = StepSpecification(
                    step_type="Cleaning",
                    node_type="internal",
                    dependencies=[
                        DependencySpec(
                            logical_name="rules",
                            dependency_type="processing_output",
                            compatible_sources=["RuleMining"],
                        ),
                    ],
                    outputs=[
                        OutputSpec(logical_name="data", output_type="processing_output"),
                    ],
                )

                MINE_SPEC = StepSpecification(
                    step_type="RuleMining",
                    node_type="internal",
                    dependencies=[
                        DependencySpec(
                            logical_name="data",
                            dependency_type="processing_output",
                            compatible_sources=["Cleaning"],
                        ),
                    ],
                    outputs=[
                        OutputSpec(logical_name="rules", output_type="processing_output"),
                    ],
                )

                REGISTRY = SpecificationRegistry("rules")
                REGISTRY.register("Cleaning", CLEAN_SPEC)  # expect: SMC604
                REGISTRY.register("RuleMining", MINE_SPEC)
                """,
            good="""
                from contracts_runtime import DependencySpec, OutputSpec, SpecificationRegistry, StepSpecification

                CLEAN_SPEC = StepSpecification(
                    step_type="Cleaning",
                    node_type="internal",
                    dependencies=[
                        DependencySpec(
                            logical_name="rules",
                            dependency_type="processing_output",
                            compatible_sources=["RuleMining"],
                        ),
                    ],
                    outputs=[
                        OutputSpec(logical_name="data", output_type="processing_output"),
                    ],
                )

                MINE_SPEC = StepSpecification(
                    step_type="RuleMining",
                    node_type="source",
                    outputs=[
                        OutputSpec(logical_name="rules", output_type="processing_output"),
                    ],
                )

                REGISTRY = SpecificationRegistry("rules")
                REGISTRY.register("Cleaning", CLEAN_SPEC)
                REGISTRY.register("RuleMining", MINE_SPEC)
                """,
        ),
    )


RULE = DependencyCycle()
