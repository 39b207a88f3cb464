"""Python's collector of cyclic garbage, and how it is kept from walking large trees again and again."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_YOUNGEST = 0


@contextmanager
def paused_collection() -> Iterator[None]:
    """Run without collection, then collect once what was made meanwhile.

    A script's tree and what the interpreter makes of it are hundreds of thousands of objects that live together and die
    together. While they grow, the collector would walk them, and with them all that the process holds, many times over.
    Nested pauses, and processes that do without the collector, are left alone.
    """
    if not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.collect(_YOUNGEST)
