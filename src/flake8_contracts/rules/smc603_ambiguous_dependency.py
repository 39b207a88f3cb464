"""SMC603: a dependency that two steps satisfy equally well."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.pipeline_problems import PipelineProblem


class AmbiguousDependency(PipelineProblem):
    code = "SMC603"
    name = "ambiguous-dependency"
    default = False
    summary = "a required dependency that outputs of two steps satisfy equally well"
    explanation = """
        Which of the two it gets depends on the order in which the steps are registered. Narrow
        `compatible_sources`, or give one of the outputs the dependency's name as an alias.
        """
    not_reported = """
        Steps that are registered under a condition, and step interfaces: they need not be in one pipeline.
        """
    examples = (
        Example(
            subject="contract",
            bad="""
                from contracts_runtime import DependencySpec, OutputSpec, SpecificationRegistry, StepSpecification

                LOAD_SPEC = StepSpecification(
                    step_type="DataLoading",
                    node_type="source",
                    outputs=[
                        OutputSpec(logical_name="DATA", output_type="processing_output"),
                    ],
                )

                BACKFILL_SPEC = StepSpecification(
                    step_type="BackfillLoading",
                    node_type="source",
                    outputs=[
                        OutputSpec(logical_name="DATA", output_type="processing_output"),
                    ],
                )

                TRAIN_SPEC = StepSpecification(
                    step_type="Training",
                    node_type="internal",
                    dependencies=[
                        DependencySpec(
                            logical_name="DATA",
                            dependency_type="training_data",
                            compatible_sources=["DataLoading", "BackfillLoading"],
                        ),
                    ],
                    outputs=[
                        OutputSpec(logical_name="model", output_type="model_artifacts"),
                    ],
                )

                REGISTRY = SpecificationRegistry("train")
                REGISTRY.register("DataLoading", LOAD_SPEC)
                REGISTRY.register("BackfillLoading", BACKFILL_SPEC)
                REGISTRY.register("Training", TRAIN_SPEC)  # expect: SMC603
                """,
            good="""
                from contracts_runtime import DependencySpec, OutputSpec, SpecificationRegistry, StepSpecification

                LOAD_SPEC = StepSpecification(
                    step_type="DataLoading",
                    node_type="source",
                    outputs=[
                        OutputSpec(logical_name="DATA", output_type="processing_output"),
                    ],
                )

                BACKFILL_SPEC = StepSpecification(
                    step_type="BackfillLoading",
                    node_type="source",
                    outputs=[
                        OutputSpec(logical_name="DATA", output_type="processing_output"),
                    ],
                )

                TRAIN_SPEC = StepSpecification(
                    step_type="Training",
                    node_type="internal",
                    dependencies=[
                        DependencySpec(
                            logical_name="DATA",
                            dependency_type="training_data",
                            compatible_sources=["BackfillLoading"],
                        ),
                    ],
                    outputs=[
                        OutputSpec(logical_name="model", output_type="model_artifacts"),
                    ],
                )

                REGISTRY = SpecificationRegistry("train")
                REGISTRY.register("DataLoading", LOAD_SPEC)
                REGISTRY.register("BackfillLoading", BACKFILL_SPEC)
                REGISTRY.register("Training", TRAIN_SPEC)
                """,
        ),
    )


RULE = AmbiguousDependency()
