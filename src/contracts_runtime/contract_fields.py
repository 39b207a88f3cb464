"""The parts of a contract as the runtime uses them, whatever form the contract came in."""

from __future__ import annotations

from typing import Iterable, Mapping

from contracts_runtime.contract_checks import CONTRACT_FIELDS, infer_kind
from contracts_runtime.path_checks import INPUTS, OUTPUTS
from contracts_runtime.platform_paths import KINDS
from contracts_runtime.problems import UNRESOLVED


class ContractFields:
    """A contract's parts; what has the wrong type counts as left out, and ``check_contract`` says so.

    ``contract`` is a model, any object with a contract's fields, or a mapping of them; ``kind`` the kind of job, by
    default what the contract says or its paths suggest. Raises ``TypeError`` if ``contract`` is none, ``ValueError``
    for an unknown ``kind``.
    """

    def __init__(self, contract: object, kind: str | None = None) -> None:
        self.raw = _fields_of(contract)
        self.kind = kind or _kind_of(contract) or infer_kind(self.raw)
        if self.kind not in KINDS:
            known = ", ".join(map(repr, KINDS))
            raise ValueError(f"unknown kind of job {self.kind!r}: expected one of {known}")

    @property
    def entry_point(self) -> object:
        """The script; ``None`` if the contract names none."""
        return self.raw.get("entry_point")

    @property
    def inputs(self) -> dict[str, str]:
        """Logical name of each input and its container path."""
        return self._texts(INPUTS)

    @property
    def outputs(self) -> dict[str, str]:
        """Logical name of each output and its container path."""
        return self._texts(OUTPUTS)

    @property
    def required(self) -> list[str]:
        """The required environment variables, each once."""
        names = self.raw.get("required_env_vars")
        items: Iterable[object] = names if isinstance(names, (list, tuple, set, frozenset)) else ()
        return list(dict.fromkeys(name for name in items if isinstance(name, str)))

    @property
    def optional(self) -> dict[str, str]:
        """The optional environment variables and their defaults."""
        return self._texts("optional_env_vars")

    @property
    def arguments(self) -> dict[str, str]:
        """The arguments that the job passes, and their values."""
        return self._texts("expected_arguments")

    def _texts(self, field: str) -> dict[str, str]:
        entries = self.raw.get(field)
        items = entries.items() if isinstance(entries, Mapping) else ()
        return {name: text for name, text in items if isinstance(name, str) and isinstance(text, str)}


def _kind_of(contract: object) -> str | None:
    kind = getattr(contract, "kind", None)
    return kind if kind in KINDS else None


def _fields_of(contract: object) -> dict[str, object]:
    if isinstance(contract, Mapping):
        return dict(contract)
    found = {name: getattr(contract, name, UNRESOLVED) for name in CONTRACT_FIELDS}
    fields = {name: value for name, value in found.items() if value is not UNRESOLVED and value is not None}
    if "entry_point" not in fields:
        raise TypeError(f"expected a contract or a mapping of its fields, not {type(contract).__name__}")
    return fields
