"""Python's collector of cyclic garbage, and how it is kept from walking large trees again and again."""

from __future__ import annotations

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache

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


@cache
def exempt_what_exists() -> None:
    """Let the collector pass over everything that exists now. Once in a process, which is to be one of flake8's own.

    LibCST and the engine are a hundred thousand objects that live as long as the process. flake8 makes and drops enough
    objects for the collector to walk all of them every few dozen files.
    """
    gc.freeze()


@cache
def exempt_what_is_inherited() -> None:
    """The same for what forked processes have of this one, in which nothing changes.

    Besides, they need no copies then of the pages of memory that the collector would write to.
    """
    if hasattr(os, "register_at_fork"):
        os.register_at_fork(before=gc.freeze, after_in_parent=gc.unfreeze)
