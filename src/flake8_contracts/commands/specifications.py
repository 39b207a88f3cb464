"""What ``flake8-contracts contracts`` tells of step specifications."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from contracts_runtime.problems import UNRESOLVED
from flake8_contracts.output.paths import shown

if TYPE_CHECKING:
    from flake8_contracts.catalog.catalog import Catalog
    from flake8_contracts.catalog.model import (
        DeclaredContract,
        DeclaredPort,
        DeclaredSpecification,
        Member,
    )


@dataclass(frozen=True)
class ListedSpecification:
    """A specification, the contract of its script if that is known, and where pipelines name its step."""

    specification: DeclaredSpecification
    contract: DeclaredContract | None
    members: tuple[Member, ...]


def listed_specifications(
    catalog: Catalog, is_listed: Callable[[DeclaredSpecification, DeclaredContract | None], bool]
) -> list[ListedSpecification]:
    """Return the specifications of a project that are to be listed, by file and line."""
    specifications = catalog.specifications
    if not specifications:
        return []
    members: dict[object, list[Member]] = {}
    for pipeline in catalog.pipelines.registered():
        for member in pipeline.members:
            members.setdefault(_identity(member.specification), []).append(member)
    found = []
    for each in specifications:
        contract = catalog.contract_of(each)
        if is_listed(each, contract):
            named = members.get(_identity(each), ())
            named = sorted(named, key=lambda member: (str(member.place.path), member.place.span))
            found.append(ListedSpecification(each, contract, tuple(named)))
    return sorted(found, key=lambda each: _order(each.specification))


def _identity(specification: DeclaredSpecification) -> object:
    step_type = specification.step_type and specification.step_type.value
    return (*_order(specification), step_type)


def _order(specification: DeclaredSpecification) -> tuple[str, tuple[int, ...], str]:
    return str(specification.source), tuple(specification.place.span), specification.name


def specification_lines(listed: Iterable[ListedSpecification]) -> Iterator[str]:
    """Yield the lines of the text output."""
    for each in listed:
        specification = each.specification
        step_type = _text(specification.raw.get("step_type"))
        described = f"step type {step_type!r}" if step_type is not None else "step type unknown"
        node_type = _text(specification.raw.get("node_type"))
        what = ", ".join(filter(None, (described, node_type)))
        yield f"{shown(specification.source)}:{specification.place.span.line}: {specification.name} ({what})"
        if each.contract is not None:
            place = f"{shown(each.contract.source)}:{each.contract.place.span.line}"
            yield f"    contract {each.contract.name}, {place}"
        for member in each.members:
            yield f"    step {member.name!r}, {shown(member.place.path)}:{member.place.span.line}"


def specification_document(each: ListedSpecification) -> dict[str, object]:
    """Describe a specification by the fields of the model; what only running the code would tell is ``null``."""
    specification, contract = each.specification, each.contract
    return {
        "name": specification.name,
        "path": shown(specification.source),
        "line": specification.place.span.line,
        "column": specification.place.span.column,
        "step_type": _text(specification.raw.get("step_type")),
        "node_type": _text(specification.raw.get("node_type")),
        "dependencies": {name: _port(port) for name, port in specification.dependencies.items()},
        "outputs": {name: _port(port) for name, port in specification.outputs.items()},
        "contract": None if contract is None else {"name": contract.name, "path": shown(contract.source)},
        "unresolved": sorted(specification.unresolved),
        "steps": [
            {"name": member.name, "path": shown(member.place.path), "line": member.place.span.line}
            for member in each.members
        ],
    }


def _port(port: DeclaredPort) -> dict[str, object]:
    return {name: _plain(value) for name, value in port.raw.items() if name != "logical_name"}


def _plain(value: object) -> object:
    if isinstance(value, (list, tuple)):
        return [_plain(item) for item in value]
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if key is not UNRESOLVED}
    return value if isinstance(value, (str, bool, int, float)) else None


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None
