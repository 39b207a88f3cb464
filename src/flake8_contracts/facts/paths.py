"""The path arguments of calls: which there are, what is done with them, and what can be told of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from contracts_runtime.platform_facts import names_a_file
from flake8_contracts.facts.effects.schema import Effect, PathArgument
from flake8_contracts.flow.events import CallEvent, Event
from flake8_contracts.flow.objects import Sequence
from flake8_contracts.flow.values import Hole, Text, Value, constant, options

#: Names of parameters that take paths and open files only.
_PATH_PARAMETER = re.compile(
    r"path|dir|file|name|src|dst|^f$|fp$|target|root|folder|top|uri|destination|source"
)
#: Renaming a file over a directory fails; renaming a directory over an empty one does not.
_REPLACES = frozenset(
    {"os.replace", "os.rename", "os.renames", "pathlib.Path.replace", "pathlib.Path.rename"}
)


def argument_of(event: CallEvent, argument: PathArgument) -> Value | None:
    """What the call gives for the argument; ``None`` when it does not give it, or it cannot be told."""
    if argument.index == -1:
        return event.receiver
    if argument.index is not None and argument.index < len(event.args):
        return event.args[argument.index]
    return event.kwargs.get(argument.keyword) if argument.keyword else None


def effect_of(event: CallEvent, argument: PathArgument) -> Effect:
    """What the call does with the argument, which an argument of its own (``mode``) may decide."""
    if argument.mode is None:
        return argument.effect
    index, keyword, default = argument.mode
    value = event.kwargs.get(keyword)
    if value is None and index is not None and index < len(event.args):
        value = event.args[index]
    if value is None:
        return argument.effect_for(default)
    found = {argument.effect_for(_mode(option)) for option in options(value)}
    if len(found) == 1:
        return found.pop()
    return Effect.WRITE if Effect.WRITE in found else Effect.HANDED_ON


def _mode(value: Value) -> str | None:
    known = constant(value)
    return known[0] if known is not None and isinstance(known[0], str) else None


def replaces_file(event: CallEvent, effect: Effect) -> bool:
    """Whether the call puts a file in the place of what it writes, which fails for a directory."""
    return event.name in _REPLACES and effect is Effect.WRITE and _is_file(event)


def _is_file(event: CallEvent) -> bool:
    """Whether what is moved is a file, as its name tells: a directory cannot be replaced by one."""
    moved = event.receiver if event.name.startswith("pathlib") else (event.args or (None,))[0]
    return (
        isinstance(moved, Text)
        and isinstance(moved.parts[-1:][0] if moved.parts else None, str)
        and names_a_file("/" + str(moved.parts[-1]))
    )


def takes_only_paths(argument: PathArgument) -> bool:
    """Whether the argument is always a path, so that an unknown value is an unknown path."""
    return (
        argument.index == -1
        or argument.keyword is None
        or (_PATH_PARAMETER.search(argument.keyword) is not None and "name_or_path" not in argument.keyword)
    )


def paths_in(value: Value) -> Iterator[Value]:
    """The single paths in an argument: its alternatives, and the items of lists of paths."""
    for option in options(value):
        if isinstance(option, Sequence):
            yield from option.every()
        else:
            yield option


def is_unknown(value: Text) -> bool:
    """Whether nothing is known of where the path begins."""
    first = value.parts[0] if value.parts else ""
    return isinstance(first, Hole) and not first.name


def may_be_container_path(value: Text) -> bool:
    """Whether the path may lie in, or above, a directory that SageMaker provides."""
    first = value.parts[0] if value.parts else ""
    if isinstance(first, Hole) or (value.base is not None and may_be_container_path(value.base)):
        return True
    return first.startswith("/opt/ml") or (
        len(value.parts) > 1 and "/opt/ml".startswith(first) and first != ""
    )


def is_sentence(value: Text) -> bool:
    """A sentence that begins with a path."""
    return any(
        isinstance(part, str) and any(character.isspace() for character in part) for part in value.parts
    )


def is_tested(event: Event, value: Text) -> bool:
    """Whether the event happens only where this path, or a directory above it, is known to exist."""
    current: Text | None = value
    known = [guard[1] for guard in event.guards if guard[0] == "exists"]
    while current is not None and known:
        if current.parts in known:
            return True
        current = current.base
    return False


def is_known_file(event: Event, value: Text) -> bool:
    """Whether the event happens only where this path is known to be a file, or no directory."""
    return ("file", value.parts) in event.guards
