"""Command-line arguments: argparse parsers and their namespaces, click and typer commands, ``sys.argv``."""

from __future__ import annotations

from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow import textual
from flake8_contracts.flow.events import Argument, ParserRecord
from flake8_contracts.flow.models.signature import CallSite, model
from flake8_contracts.flow.objects import Dict, Frame, Function, Instance, Sequence
from flake8_contracts.flow.values import (
    NONE,
    UNKNOWN,
    Const,
    External,
    Hole,
    Text,
    Value,
    constant,
    options,
    union,
)

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter

_FLAG_ACTIONS = frozenset(
    {"store_true", "store_false", "store_const", "count", "append_const", "help", "version"}
)


class Parser(Value):
    """An ``argparse.ArgumentParser``, or a group of one."""

    __slots__ = ("defaults", "exclusive", "record")

    def __init__(self, record: ParserRecord, defaults: dict[str, Value], *, exclusive: bool = False) -> None:
        self.record = record
        self.defaults = defaults
        self.exclusive = exclusive


class Subparsers(Parser):
    """What ``add_subparsers()`` returns."""

    __slots__ = ()


@model("argparse.ArgumentParser", "configargparse.ArgumentParser", "configargparse.ArgParser")
def argument_parser(site: CallSite) -> Value:
    record = ParserRecord(site.node, site.source)
    record.dynamic = site.starred or site.name.startswith("configargparse")
    parser = Parser(record, {})
    parents = site.kwargs.get("parents")
    if parents is not None:
        for parent in site.interp.expressions.iterate(parents) or [UNKNOWN]:
            if isinstance(parent, Parser):
                record.arguments.extend(parent.record.arguments)
                parser.defaults.update(parent.defaults)
            else:
                record.dynamic = True
    site.interp.trace.parsers.append(record)
    return parser


def parser_method(site: CallSite, receiver: Parser) -> Value:
    """``parser.method(...)``."""
    name, record = site.name, receiver.record
    if isinstance(receiver, Subparsers):
        if name == "add_parser":
            child = ParserRecord(site.node, site.source)
            record.subparsers.append(child)
            return Parser(child, receiver.defaults)
        return UNKNOWN
    if name == "add_argument":
        argument = _declared(site)
        if argument is None:
            record.dynamic = True
        else:
            argument.required &= not receiver.exclusive
            record.arguments.append(argument)
        return UNKNOWN
    if name == "add_argument_group":
        return Parser(record, receiver.defaults, exclusive=receiver.exclusive)
    if name == "add_mutually_exclusive_group":
        return Parser(record, receiver.defaults, exclusive=True)
    if name == "add_subparsers":
        return Subparsers(record, receiver.defaults)
    if name == "set_defaults":
        receiver.defaults.update(site.kwargs)
        record.dynamic |= site.starred
        return NONE
    if name in ("parse_args", "parse_known_args", "parse_intermixed_args", "parse_known_intermixed_args"):
        return _parse(site, receiver)
    if name in ("error", "exit"):
        return site.interp.calls.NEVER
    return UNKNOWN


def _declared(site: CallSite) -> Argument | None:
    """The argument that an ``add_argument`` call declares, or ``None`` if it cannot be read."""
    names = [constant(arg) for arg in site.args]
    if site.starred or not names or not all(name is not None and isinstance(name[0], str) for name in names):
        return None
    flags = tuple(str(name[0]) for name in names if name is not None)
    given = site.kwargs.get("action")
    action = given.last_name if isinstance(given, External) else _text(given) or "store"
    nargs = constant(site.kwargs["nargs"]) if "nargs" in site.kwargs else (None,)
    positional = not flags[0].startswith("-")
    required = constant(site.kwargs["required"]) if "required" in site.kwargs else (False,)
    if positional:
        is_required = nargs is not None and nargs[0] not in ("?", "*", "...") and "default" not in site.kwargs
    else:
        is_required = required is not None and bool(required[0])
    long = next((flag for flag in flags if flag.startswith("--")), flags[0])
    dest = _text(site.kwargs.get("dest")) or long.lstrip("-").replace("-", "_")
    if action == "BooleanOptionalAction":
        flags = (*flags, *("--no-" + flag[2:] for flag in flags if flag.startswith("--")))
    return Argument(
        () if positional else flags,
        dest,
        is_required,
        site.node,
        site.source,
        site.kwargs.get("default"),
        site.kwargs.get("type"),
        site.kwargs.get("choices"),
        action,
        nargs[0] if nargs is not None else "?",
    )


def _text(value: Value | None) -> str | None:
    known = constant(value) if value is not None else None
    return known[0] if known is not None and isinstance(known[0], str) else None


def _parse(site: CallSite, receiver: Parser) -> Value:
    interp, record = site.interp, receiver.record
    record.parse_nodes.append((site.node, site.source))
    given = site.arg(0, "args")
    if given is not None and not (isinstance(given, Const) and given.value is None):
        record.explicit = not (isinstance(given, External) and given.name.startswith("sys.argv"))
    namespace = Instance(None, kind="arguments", node=site.node, source=site.source)
    interp.trace.namespaces.append(namespace)
    if record.dynamic:
        namespace.rest = UNKNOWN
    for argument in record.all_arguments():
        value = argument_value(interp, argument, receiver.defaults.get(argument.dest))
        existing = namespace.attributes.get(argument.dest)
        if existing is not None:
            value = union([existing[-1][1], value])
        namespace.set(argument.dest, value, interp.path)
    for name, value in receiver.defaults.items():
        if name not in namespace.attributes:
            namespace.set(name, value, interp.path)
    if site.name.startswith("parse_known"):
        record.known_only = True
        return Sequence([namespace, Sequence(is_open=True)], "tuple")
    return namespace


def argument_value(interp: Interpreter, argument: Argument, override: Value | None = None) -> Value:
    """What a parsed argument may hold: its default, or whatever the job passes."""
    default = override if override is not None else argument.default
    if argument.action in ("store_true", "store_false", "BooleanOptionalAction", "count"):
        return UNKNOWN
    passed: Value
    kind = argument.type
    is_path = isinstance(kind, External) and kind.name == "pathlib.Path"
    is_text = (
        kind is None
        or is_path
        or (isinstance(kind, External) and kind.name in ("builtins.str", "os.path.abspath"))
    )
    passed = Text((Hole("argument", argument.dest, argument),), is_path=is_path) if is_text else UNKNOWN
    if (
        argument.nargs in ("+", "*")
        or isinstance(argument.nargs, int)
        or argument.action in ("append", "extend")
    ):
        passed = Sequence(kind="list", is_open=True, rest=passed)
    if argument.required or default is None:
        return passed if argument.required else union([NONE, passed])
    if is_path:
        default = union(
            textual.as_path(option, option.node, option.source) if isinstance(option, Text) else option
            for option in options(default)
        )
    return union([default, passed])


def namespace_attribute(instance: Instance, name: str, node: cst.CSTNode, frame: Frame) -> Value | None:
    """An attribute of a namespace that nothing declared."""
    return UNKNOWN if instance.kind in ("arguments", "namespace") else None


def program_argument(interp: Interpreter, key: Value, node: cst.CSTNode, frame: Frame) -> Value:
    """``sys.argv[key]``."""
    interp.trace.reads_argv = True
    known = constant(key)
    return Text((Hole("argument", f"#{known[0]}" if known is not None else "?"),))


# -- click and typer -----------------------------------------------------------------------------------------


def command_record(
    interp: Interpreter, node: cst.FunctionDef, decorators: list[Value], frame: Frame
) -> ParserRecord | None:
    """The parser that click's or typer's decorators make of a function, or ``None`` if they make none."""
    externals = [value for value in decorators if isinstance(value, External)]
    is_click = any(value.name in ("click.command()", "click.command") for value in externals)
    is_typer = any(
        value.name in ("typer.Typer().command()", "typer.Typer().callback()") for value in externals
    )
    if not is_click and not is_typer:
        return None
    record = ParserRecord(node, frame.source)
    for value in reversed(externals):
        if value.name in ("click.option()", "click.argument()"):
            argument = _click_argument(value, frame)
            if argument is None:
                record.dynamic = True
            else:
                record.arguments.append(argument)
        elif value.name in ("click.command()", "click.command"):
            settings = (value.kwargs or {}).get("context_settings")
            if isinstance(settings, Dict) and "ignore_unknown_options" in settings.entries:
                record.known_only = True
        elif not value.name.startswith(("click.", "typer.")):
            record.dynamic = True
    record.parse_nodes.append((node.name, frame.source))
    interp.trace.parsers.append(record)
    return record


def _click_argument(value: External, frame: Frame) -> Argument | None:
    names = [constant(arg) for arg in value.args]
    kwargs = value.kwargs or {}
    if value.node is None or not names or not all(name and isinstance(name[0], str) for name in names):
        return None
    texts = [str(name[0]) for name in names if name is not None]
    flags = tuple(part for name in texts if name.startswith("-") for part in name.split("/"))
    plain = [name for name in texts if not name.startswith("-")]
    long = next((flag for flag in flags if flag.startswith("--")), flags[0] if flags else texts[0])
    dest = plain[0] if plain else long.lstrip("-").replace("-", "_").lower()
    required = constant(kwargs["required"]) if "required" in kwargs else None
    positional = value.name == "click.argument()"
    prompts = "prompt" in kwargs or "envvar" in kwargs
    if positional:
        is_required = (
            (required is None or bool(required[0])) and "default" not in kwargs and "nargs" not in kwargs
        )
    else:
        is_required = required is not None and bool(required[0]) and not prompts
    kind = kwargs.get("type")
    choices = None
    if isinstance(kind, External) and kind.name == "click.Choice()" and kind.args:
        choices, kind = kind.args[0], None
    is_flag = constant(kwargs["is_flag"]) if "is_flag" in kwargs else None
    action = "store_true" if (is_flag and is_flag[0]) or any("/" in name for name in texts) else "store"
    return Argument(
        () if positional else flags,
        dest,
        is_required,
        value.node,
        frame.source,
        kwargs.get("default"),
        kind,
        choices,
        action,
    )


def typer_parameters(record: ParserRecord, function: Function) -> None:
    """The arguments that typer derives from a function's parameters."""
    for param in (*function.node.params.params, *function.node.params.kwonly_params):
        name = param.name.value
        default = function.defaults.get(name)
        option = "--" + name.replace("_", "-")
        if isinstance(default, External) and default.name in ("typer.Option()", "typer.Argument()"):
            kwargs, args = default.kwargs or {}, default.args
            first = args[0] if args else kwargs.get("default")
            given = [constant(arg) for arg in args[1:]]
            flags = tuple(
                str(flag[0])
                for flag in given
                if flag and isinstance(flag[0], str) and flag[0].startswith("-")
            )
            required = first is None or (isinstance(first, Const) and first.value is ...)
            positional = default.name == "typer.Argument()"
            flags = (
                ()
                if positional
                else (
                    tuple(part for flag in flags for part in flag.split("/"))
                    or (option, "--no-" + option[2:])
                )
            )
            record.arguments.append(
                Argument(flags, name, required, param.name, function.source, None if required else first)
            )
        elif default is None:
            record.arguments.append(Argument((), name, True, param.name, function.source))
        else:
            record.arguments.append(
                Argument((option, "--no-" + option[2:]), name, False, param.name, function.source, default)
            )
