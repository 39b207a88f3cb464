"""Which calls only tell people something: a path in a log text or an error message is not used."""

from __future__ import annotations

import libcst as cst

from flake8_contracts.flow.values import External, Value

#: Keyword arguments that hold a text for people, whatever is called.
MESSAGE_KEYWORDS = frozenset(
    {"help", "description", "epilog", "usage", "metavar", "msg", "message", "short_help"}
)
_LOG_METHODS = frozenset(
    {"debug", "info", "warning", "warn", "error", "critical", "exception", "log", "fatal"}
)
_LOG_OWNERS = frozenset({"logger", "log", "logging", "_logger", "_log", "LOGGER", "LOG"})
_PROSE_CALLS = frozenset(
    {"builtins.print", "warnings.warn", "click.echo", "click.secho", "typer.echo", "typer.secho", "rich.print",
     "sys.exit", "sys.stdout.write", "sys.stderr.write", "builtins.exit", "builtins.quit"}
)  # fmt: skip


def is_message_call(name: str) -> bool:
    """Whether the library function (or exception) ``name`` takes texts for people."""
    return name in _PROSE_CALLS or _is_exception(name)


def is_message_method(function: cst.Attribute, receiver: Value) -> bool:
    """Whether the method is one that writes a log or a message."""
    name = function.attr.value
    if isinstance(receiver, External):
        whole = f"{receiver.name}.{name}"
        if whole in _PROSE_CALLS or receiver.name.startswith(("logging", "loguru", "structlog")):
            return True
    if name in _LOG_METHODS:
        owner = function.value
        if isinstance(owner, cst.Attribute):
            return owner.attr.value in _LOG_OWNERS
        return isinstance(owner, cst.Name) and owner.value in _LOG_OWNERS
    return False


def _is_exception(name: str) -> bool:
    return name.startswith("builtins.") and name.endswith(
        ("Error", "Exception", "Exit", "Warning", "Interrupt")
    )
