"""The audit of a script: what it does with container paths and environment variables, against its contract.

The report is a JSON document, with names as in ``flake8-contracts facts --output-format json``, so that what happened
can be compared with what the linter has foreseen:

- ``version``: 1; ``script``: the contract's entry point; ``kind``: the kind of job
- ``paths``: a list of ``path`` (as in the container, whatever the root), ``by_name`` (the same with the logical name
  for the declared directory, such as ``{DATA}/part-0.csv``; else ``null``), ``effect`` (``read``, ``write``, ``list``,
  ``make directory`` or ``delete``), ``operation`` (the audit event), ``file`` and ``line`` of the script, and
  ``declared_by``: ``direction`` (``input``, ``output``, ``platform`` or ``ancestor``) and ``name``, or ``null``
- ``variables``: a list of ``name``, ``how`` (``item``, ``get``, ``in``, ``pop``, ``setdefault``, ``enforcer``, or
  ``scan`` with ``name`` ``null``), ``file``, ``line``, and ``declared_by`` (``required``, ``optional``, ``platform`` or
  ``null``)
- ``undeclared``: the ``paths`` and ``variables`` that the contract does not declare, each once, sorted
- ``not_seen``: the ``inputs``, ``outputs`` and ``variables`` of the contract that were not seen in use
- ``truncated``: whether there were more uses than are kept

Modules that are imported are left out, and so is what libraries ask the environment on their own account. Files that
code written in C opens by itself, and what other processes do, cannot be seen: "not seen" does not mean unused.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

from contracts_runtime.container_paths import is_at_or_below, is_below, normalise
from contracts_runtime.contract_fields import ContractFields
from contracts_runtime.local_root import LocalRoot
from contracts_runtime.platform_paths import is_platform_path
from contracts_runtime.platform_variables import is_platform_variable
from contracts_runtime.recording import DELETE, FileUse, Place, Recorder, VariableUse, caller

REPORT_VERSION = 1

# What a script may do with a directory above declared ones.
_ON_ANCESTORS = frozenset({"list", "make directory"})


class Audit:
    """The recording of one block, and the report on it.

    ``target`` is the report's file, or ``True`` for standard error.
    """

    def __init__(
        self, contract: ContractFields, root: LocalRoot, target: bool | str | os.PathLike[str] = True
    ) -> None:
        self._contract = contract
        self._root = root
        self._target = None if isinstance(target, bool) else os.path.abspath(root.local(os.fspath(target)))
        self._recorder = self._new_recorder()

    def _new_recorder(self) -> Recorder:
        return Recorder(lambda path: self._root.container(path) is not None)

    def start(self) -> None:
        """Begin to record, afresh."""
        self._recorder = self._new_recorder()
        self._recorder.start()

    def asked_for(self, name: str) -> None:
        """Note that the script asks the enforcer for a variable."""
        self._recorder.add_variable(name, "enforcer", caller())

    def stop(self) -> dict[str, Any]:
        """Record no more; return the report."""
        self._recorder.stop()
        paths = [self._path_entry(use) for use in self._recorder.files]
        variables = [
            self._variable_entry(use) for use in self._recorder.variables if self._is_of_interest(use)
        ]
        return {
            "version": REPORT_VERSION,
            "script": self._contract.entry_point,
            "kind": self._contract.kind,
            "paths": paths,
            "variables": variables,
            "undeclared": {
                "paths": sorted({str(each["path"]) for each in paths if each["declared_by"] is None}),
                "variables": sorted(
                    {str(each["name"]) for each in variables if each["declared_by"] is None and each["name"]}
                ),
            },
            "not_seen": self._not_seen(paths, variables),
            "truncated": self._recorder.truncated,
        }

    def write(self, report: dict[str, Any]) -> None:
        """Write the report to its file, or to standard error as one line. Raises ``OSError``."""
        if self._target is None:
            if sys.stderr is not None:
                sys.stderr.write(json.dumps(report) + "\n")
                sys.stderr.flush()
            return
        with open(self._target, "w", encoding="utf-8") as file:
            json.dump(report, file, indent=2)
            file.write("\n")

    # --- entries ---

    def _path_entry(self, use: FileUse) -> dict[str, Any]:
        path = self._root.container(use.path) or use.path
        return {
            "path": path,
            "by_name": self._by_name(path),
            "effect": use.effect,
            "operation": use.operation,
            **_position(use.place),
            "declared_by": self._declaration(path, use.effect),
        }

    def _covering(self, path: str) -> tuple[str, str, str] | None:
        """Return direction, logical name and path of the innermost declared directory around ``path``."""
        declared = [("input", name, normalise(text)) for name, text in self._contract.inputs.items()]
        declared += [("output", name, normalise(text)) for name, text in self._contract.outputs.items()]
        covering = [each for each in declared if is_at_or_below(path, each[2])]
        # The output where an input is as deep, as with checkpoints.
        return max(covering, key=lambda each: (len(each[2]), each[0]), default=None)

    def _by_name(self, path: str) -> str | None:
        covering = self._covering(path)
        return None if covering is None else f"{{{covering[1]}}}{path[len(covering[2]) :]}"

    def _declaration(self, path: str, effect: str) -> dict[str, Any] | None:
        covering = self._covering(path)
        if covering is not None:
            return {"direction": covering[0], "name": covering[1]}
        if is_platform_path(path, self._contract.kind):
            return {"direction": "platform", "name": None}
        if effect in _ON_ANCESTORS and self._is_ancestor(path):
            return {"direction": "ancestor", "name": None}
        return None

    def _is_ancestor(self, path: str) -> bool:
        declared = [*self._contract.inputs.values(), *self._contract.outputs.values()]
        return any(is_below(text, path) for text in declared)

    def _variable_entry(self, use: VariableUse) -> dict[str, Any]:
        return {
            "name": use.name or None,
            "how": use.how,
            **_position(use.place),
            "declared_by": self._declarer(use.name),
        }

    def _declarer(self, name: str) -> str | None:
        if name in self._contract.required:
            return "required"
        if name in self._contract.optional:
            return "optional"
        return "platform" if is_platform_variable(name) else None

    def _is_of_interest(self, use: VariableUse) -> bool:
        """Whether the script itself asks, or a library asks for what the contract declares."""
        return use.place is not None or self._declarer(use.name) in {"required", "optional"}

    def _not_seen(self, paths: list[dict[str, Any]], variables: list[dict[str, Any]]) -> dict[str, list[str]]:
        used = [each["declared_by"] for each in paths if each["effect"] != DELETE]
        # Who goes over all variables may use every one.
        scanned = any(each["how"] == "scan" for each in variables)
        read = {each["name"] for each in variables}
        names = [*self._contract.required, *self._contract.optional]
        return {
            "inputs": [
                name for name in self._contract.inputs if {"direction": "input", "name": name} not in used
            ],
            "outputs": [
                name for name in self._contract.outputs if {"direction": "output", "name": name} not in used
            ],
            "variables": [] if scanned else [name for name in names if name not in read],
        }


def _position(place: Place | None) -> dict[str, Any]:
    return {"file": None, "line": None} if place is None else {"file": place.file, "line": place.line}
