"""SMC602: a step that is wired to one that cannot provide what it needs."""

from __future__ import annotations

from flake8_contracts.rules.base import Example
from flake8_contracts.rules.pipeline_problems import PipelineProblem


class IncompatibleSource(PipelineProblem):
    code = "SMC602"
    name = "incompatible-source"
    summary = "a wired producer that is none of the compatible sources, or has no output of the type"
    explanation = """
        An edge of the pipeline's graph says from which step another one gets its data. The types of the steps
        and of the data say that it cannot. Job-type variants of a step type count as that type. Correct the
        edge, or add the step's type to `compatible_sources`.

        Graphs are read where they are constants with `nodes` and `edges` that name registered steps. The finding
        stands at the edge.
        """
    not_reported = """
        An edge that passes nothing on while the step gets all that it requires: it may be there for the order.
        """
    examples = (
        Example(
            subject="contract",
            bad="""
                from contracts_runtime import DependencySpec, OutputSpec, SpecificationRegistry, StepSpecification

                EXPORT_SPEC = StepSpecification(
                    step_type="Export",
                    node_type="source",
                    outputs=[
                        OutputSpec(logical_name="model", output_type="model_artifacts"),
                    ],
                )

                EVALUATE_SPEC = StepSpecification(
                    step_type="Evaluation",
                    node_type="sink",
                    dependencies=[
                        DependencySpec(
                            logical_name="model",
                            dependency_type="model_artifacts",
                            compatible_sources=["XGBoostTraining"],
                        ),
                    ],
                )

                REGISTRY = SpecificationRegistry("evaluate")
                REGISTRY.register("Export", EXPORT_SPEC)
                REGISTRY.register("Evaluation", EVALUATE_SPEC)

                DAG = {
                    "nodes": ["Export", "Evaluation"],
                    "edges": [["Export", "Evaluation"]],  # expect: SMC602
                }
                """,
            good="""
                from contracts_runtime import DependencySpec, OutputSpec, SpecificationRegistry, StepSpecification

                EXPORT_SPEC = StepSpecification(
                    step_type="Export",
                    node_type="source",
                    outputs=[
                        OutputSpec(logical_name="model", output_type="model_artifacts"),
                    ],
                )

                EVALUATE_SPEC = StepSpecification(
                    step_type="Evaluation",
                    node_type="sink",
                    dependencies=[
                        DependencySpec(
                            logical_name="model",
                            dependency_type="model_artifacts",
                            compatible_sources=["XGBoostTraining", "Export"],
                        ),
                    ],
                )

                REGISTRY = SpecificationRegistry("evaluate")
                REGISTRY.register("Export", EXPORT_SPEC)
                REGISTRY.register("Evaluation", EVALUATE_SPEC)

                DAG = {
                    "nodes": ["Export", "Evaluation"],
                    "edges": [["Export", "Evaluation"]],
                }
                """,
        ),
    )


RULE = IncompatibleSource()
