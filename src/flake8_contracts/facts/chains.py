"""Look-ups that are each other's fall-backs."""

from __future__ import annotations

from flake8_contracts.flow.events import KeyLookup, Trace


def chains_of(trace: Trace) -> dict[KeyLookup, list[KeyLookup]]:
    """The look-ups that are tried in turn, in the order in which the program prefers them, by each of them."""
    ranks: dict[KeyLookup, dict[KeyLookup, int]] = {}
    for event in trace.events:
        if isinstance(event, KeyLookup) and event.instead_of is not None:
            steps = [event]
            while steps[-1].instead_of is not None:
                steps.append(steps[-1].instead_of)
            ranks.setdefault(steps[-1], {}).update({link: rank for rank, link in enumerate(reversed(steps))})
    chains = [sorted(ranked, key=ranked.__getitem__) for ranked in ranks.values()]
    return {link: chain for chain in chains for link in chain}
