"""SMC601: a dependency that no step of the pipeline can satisfy."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.pipeline_problems import PipelineProblem


class UnsatisfiedDependency(PipelineProblem):
    code = "SMC601"
    name = "unsatisfied-dependency"
    summary = "a required dependency that no registered step has an output for"
    explanation = """
        Every required dependency needs a step of the same pipeline whose type is one of its compatible sources
        and that has an output of its type. Without one the pipeline cannot be put together. Register the step
        that is missing, or correct `compatible_sources` or the type.

        The finding stands where the step is registered (or where the graph of the pipeline names it); in a step
        interface it stands at the dependency.
        """
    not_reported = """
        Anything, as long as steps may be registered that cannot be seen: in a loop over something unknown, by
        other code that is given the registry, or with a specification that cannot be read. Dependencies that
        come from outside of the pipeline (`External`, `S3Source`). A folder of step interfaces is no pipeline:
        there a dependency is judged only if all of its compatible sources are in the folder.
        """
    examples = (
        Example(
            subject="contract",
            bad="""
                from contracts_runtime import DependencySpec, OutputSpec, SpecificationRegistry, StepSpecification

                TRAIN_SPEC = StepSpecification(
                    step_type="Training",
                    node_type="internal",
                    dependencies=[
                        DependencySpec(
                            logical_name="DATA",
                            dependency_type="training_data",
                            compatible_sources=["DataLoading"],
                        ),
                    ],
                    outputs=[
                        OutputSpec(logical_name="model", output_type="model_artifacts"),
                    ],
                )

                REGISTRY = SpecificationRegistry("train")
                REGISTRY.register("Training", TRAIN_SPEC)  # expect: SMC601
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

                TRAIN_SPEC = StepSpecification(
                    step_type="Training",
                    node_type="internal",
                    dependencies=[
                        DependencySpec(
                            logical_name="DATA",
                            dependency_type="training_data",
                            compatible_sources=["DataLoading"],
                        ),
                    ],
                    outputs=[
                        OutputSpec(logical_name="model", output_type="model_artifacts"),
                    ],
                )

                REGISTRY = SpecificationRegistry("train")
                REGISTRY.register("DataLoading", LOAD_SPEC)
                REGISTRY.register("Training", TRAIN_SPEC)
                """,
        ),
    )


RULE = UnsatisfiedDependency()
