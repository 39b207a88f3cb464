"""What a job leaves behind: outputs that hold something, and inputs as they were."""

from __future__ import annotations

from contracts_runtime.contract_fields import ContractFields
from contracts_runtime.job_checks import file_states, first_few, holds_a_file, written_files
from contracts_runtime.local_root import LocalRoot
from contracts_runtime.platform_paths import is_platform_file
from contracts_runtime.problems import quoted


class JobResults:
    """The outputs of one job, and the files below its inputs before it began."""

    def __init__(self, contract: ContractFields, root: LocalRoot) -> None:
        self._contract = contract
        self._root = root
        self._before: dict[str, dict[str, tuple[int, int]]] = {}

    def directories(self) -> list[tuple[str, str]]:
        """Return name and place of the outputs that are directories: all but files that SageMaker defines."""
        outputs = self._contract.outputs.items()
        return [(name, self._root.local(path)) for name, path in outputs if not is_platform_file(path)]

    def note_inputs(self) -> None:
        """Remember the files below the inputs, for :meth:`written_inputs`."""
        self._before = {name: self._files_of(name) for name in self._contract.inputs}

    def _files_of(self, name: str) -> dict[str, tuple[int, int]]:
        outputs = [self._root.local(path) for path in self._contract.outputs.values()]
        path = self._root.local(self._contract.inputs[name])
        return {} if path in outputs else file_states(path, outputs)

    def empty_outputs(self) -> list[str]:
        """Return a message for every output without a file."""
        return [
            f"output {quoted(name)} is empty: there is no file below {quoted(path)}, so that nothing is uploaded"
            for name, path in self.directories()
            if not holds_a_file(path)
        ]

    def written_inputs(self) -> list[str]:
        """Return a message for every input that files were written below since :meth:`note_inputs`."""
        problems = []
        for name, before in self._before.items():
            written = written_files(before, self._files_of(name))
            if written:
                problems.append(
                    f"files were written below input {quoted(name)}: {first_few(written)};"
                    " they are not uploaded, write them below an output"
                )
        return problems
