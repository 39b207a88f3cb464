"""The names of calls: what they are made of, and what stands for them in the catalogue."""

from __future__ import annotations

import re

from flake8_contracts.facts.effects.aliases import ALIASES

_STEP = re.compile(r"[(\[]")
#: An alias may lead to another alias: ``tensorflow.compat.v1.keras``.
_LONGEST_CHAIN = 3


def canonical(name: str) -> str:
    """The name with the module that the catalogue uses: ``pandas.io.parsers.read_csv()`` is ``pandas.read_csv()``."""
    step = _STEP.search(name)
    end = step.start() if step is not None else len(name)
    head, rest = name[:end], name[end:]
    for _ in range(_LONGEST_CHAIN):
        renamed = _renamed(head)
        if renamed == head:
            break
        head = renamed
    return head + rest


def _renamed(head: str) -> str:
    end = len(head)
    while end > 0:
        known = ALIASES.get(head[:end])
        if known is not None:
            return known + head[end:]
        end = head.rfind(".", 0, end)
    return head


def root_of(name: str) -> str:
    """The library that a call's function, or the object whose method it is, comes from."""
    head = name.partition(".")[0]
    step = _STEP.search(head)
    return head[: step.start()] if step is not None else head


def is_object(owner: str) -> bool:
    """Whether what stands before the last dot is made by a call, not a module or a class."""
    return "()" in owner or "[]" in owner


def is_class(owner: str) -> bool:
    """Whether it is a class, by its spelling: ``transformers.AutoModel``."""
    last = owner.rpartition(".")[2]
    return last[:1].isupper()


def method_keys(owner: str, method: str) -> tuple[str, ...]:
    """How tables may name a method, the most special first.

    ``Bucket().download_file`` names the call that made the object, ``write.csv`` a step on the way to it.
    """
    steps = owner.split(".")
    special = [f"{steps[-1]}.{method}"]
    for step in reversed(steps):
        stage = step.removesuffix("()")
        if stage in ("read", "write"):
            special.append(f"{stage}.{method}")
            break
    return (*special, method)
