"""Built-in functions and a few of the standard library's that carry values through."""

from __future__ import annotations

import libcst as cst

from flake8_contracts.flow import textual
from flake8_contracts.flow.models.containers import environment_copy
from flake8_contracts.flow.models.paths import temporary_directory
from flake8_contracts.flow.models.signature import CallSite, each, model
from flake8_contracts.flow.objects import Class, Dict, Instance, Partial, Sequence
from flake8_contracts.flow.values import (
    ANY,
    NONE,
    UNKNOWN,
    Const,
    External,
    Text,
    Unknown,
    Value,
    constant,
    options,
    union,
)


@model("builtins.str")
def to_str(site: CallSite) -> Value:
    def convert(value: Value) -> Value:
        if isinstance(value, Text):
            return textual.as_string(value)
        if isinstance(value, Const):
            return textual.literal_text(value.value, value.node, value.source)
        if isinstance(value, Instance):
            method = site.interp.calls.find_method(value, "__str__")
            if method is not None:
                return site.interp.calls.call_value(method, (), {}, site.node, site.frame)
        return Text((ANY,))

    return each(convert, site.args[0]) if site.args else Text(())


@model("builtins.int", "builtins.float", "builtins.bool")
def to_number(site: CallSite) -> Value:
    kind = {"builtins.int": int, "builtins.float": float, "builtins.bool": bool}[site.name]

    def convert(value: Value) -> Value:
        known = constant(value)
        if known is None or len(site.args) != 1:
            # The value of an environment variable stays one, so that a later fall-back still finds it.
            return value if isinstance(value, Text) and any(hole.ref for hole in value.holes) else UNKNOWN
        try:
            node = getattr(value, "node", None)
            return Const(kind(known[0]), node, getattr(value, "source", None))
        except (ValueError, TypeError, OverflowError):
            return UNKNOWN

    return each(convert, site.args[0]) if site.args else UNKNOWN


@model("builtins.dict", "collections.OrderedDict")
def to_dict(site: CallSite) -> Value:
    interp = site.interp
    if len(site.args) == 1 and not site.kwargs:
        source = site.args[0]
        if isinstance(source, Dict) and source.role in ("environment", "environment copy"):
            return environment_copy(site, source)
    result = Dict(node=site.node, source=site.source)
    for arg in site.args:
        interp.expressions.subscripts.update(result, arg)
    nodes = _keyword_nodes(site.node)
    for name, value in site.kwargs.items():
        result.set(name, value, interp.path, nodes.get(name))
    if site.starred:
        result.open_up()
    return result


def _keyword_nodes(node: cst.CSTNode) -> dict[str, cst.CSTNode]:
    if not isinstance(node, cst.Call):
        return {}
    return {arg.keyword.value: arg.keyword for arg in node.args if arg.keyword is not None}


@model("collections.defaultdict")
def to_default_dict(site: CallSite) -> Value:
    return Dict(is_open=True, node=site.node, source=site.source)


@model(
    "builtins.list",
    "builtins.tuple",
    "builtins.set",
    "builtins.frozenset",
    "builtins.sorted",
    "builtins.reversed",
    "builtins.iter",
    "collections.deque",
)
def to_sequence(site: CallSite) -> Value:
    if not site.args:
        return Sequence(kind="list")
    expressions = site.interp.expressions
    site.interp.current_node, site.interp.current_frame = site.node, site.frame
    results: list[Value] = []
    for option in options(site.args[0]):
        items = expressions.iterate(option)
        if items is None:
            results.append(Sequence(kind="list", is_open=True, rest=expressions.element(option)))
        else:
            if site.name.endswith("reversed"):
                items = items[::-1]
            elif site.name.endswith("sorted"):
                keys = [constant(item) for item in items]
                if (
                    all(key is not None and isinstance(key[0], str) for key in keys)
                    and "key" not in site.kwargs
                ):
                    names = [str(key[0]) for key in keys if key]
                    pairs = sorted(zip(names, items, strict=True), key=lambda pair: pair[0])
                    items = [item for _, item in pairs]
            results.append(Sequence(items, "list"))
    return union(results)


@model("builtins.enumerate")
def enumerated(site: CallSite) -> Value:
    items = site.interp.expressions.iterate(site.args[0]) if site.args else None
    if items is None:
        rest = site.interp.expressions.element(site.args[0]) if site.args else UNKNOWN
        return Sequence(kind="iterator", is_open=True, rest=Sequence([UNKNOWN, rest], "tuple"))
    return Sequence([Sequence([Const(index), item], "tuple") for index, item in enumerate(items)], "iterator")


@model("builtins.zip")
def zipped(site: CallSite) -> Value:
    expressions = site.interp.expressions
    columns = [expressions.iterate(arg) for arg in site.args]
    known = [column for column in columns if column is not None]
    if len(known) == len(columns) and not site.starred:
        return Sequence([Sequence(row, "tuple") for row in zip(*known, strict=False)], "iterator")
    row = Sequence([expressions.element(arg) for arg in site.args], "tuple")
    return Sequence(kind="iterator", is_open=True, rest=row)


@model("builtins.map", "builtins.filter")
def mapped(site: CallSite) -> Value:
    interp = site.interp
    if len(site.args) != 2:
        return Sequence(kind="iterator", is_open=True)
    function, iterable = site.args
    items = interp.expressions.iterate(iterable)
    each_item = items if items is not None else [interp.expressions.element(iterable)]
    if site.name.endswith("filter"):
        return Sequence(kind="iterator", is_open=True, rest=union(each_item))
    results = [interp.calls.call_value(function, (item,), {}, site.node, site.frame) for item in each_item]
    if items is None:
        return Sequence(kind="iterator", is_open=True, rest=union(results))
    return Sequence(results, "iterator")


@model("builtins.next")
def next_item(site: CallSite) -> Value:
    if not site.args:
        return UNKNOWN
    found = [site.interp.expressions.element(site.args[0])]
    return union([*found, *site.args[1:]])


@model("builtins.len", "builtins.isinstance", "builtins.hasattr", "builtins.any", "builtins.all", "builtins.repr",
       "builtins.type", "builtins.sum", "builtins.min", "builtins.max", "builtins.range", "builtins.id",
       "builtins.round", "builtins.abs", "builtins.callable", "builtins.issubclass", "builtins.hash")  # fmt: skip
def pure(site: CallSite) -> Value:
    return UNKNOWN


@model("builtins.print")
def printed(site: CallSite) -> Value:
    if "file" in site.kwargs:
        site.record()
    return NONE


@model("builtins.vars")
def variables(site: CallSite) -> Value:
    if site.args and isinstance(site.args[0], Instance):
        return site.interp.calls.as_dict(site.args[0])
    return Dict(is_open=True)


@model("builtins.getattr")
def get_attribute(site: CallSite) -> Value:
    if len(site.args) < 2:
        return UNKNOWN
    results: list[Value] = []
    for option in options(site.args[1]):
        known = constant(option)
        if known and isinstance(known[0], str):
            results.append(site.interp.expressions.attribute(site.args[0], known[0], site.node, site.frame))
        else:
            results.append(UNKNOWN)
    if any(isinstance(value, Unknown) for value in results):
        results.extend(site.args[2:])
    return union(results)


@model("builtins.setattr")
def set_attribute(site: CallSite) -> Value:
    if len(site.args) == 3:
        owner, name, value = site.args
        known = constant(name)
        if isinstance(owner, Instance) and known and isinstance(known[0], str):
            owner.set(known[0], value, site.interp.path)
            return NONE
        if isinstance(owner, Instance):
            owner.rest = UNKNOWN
    site.record()
    return NONE


@model("builtins.globals", "builtins.locals")
def namespace(site: CallSite) -> Value:
    return Dict(is_open=True)


@model("builtins.super")
def parent_class(site: CallSite) -> Value:
    frame = site.frame
    function = frame.function
    if function is None or function.owner is None:
        return UNKNOWN
    receiver = function.receiver
    parents = [base for base in function.owner.bases if isinstance(base, Class)]
    if not parents or not isinstance(receiver, Instance):
        return External("builtins.super()")
    proxy = Instance(parents[0], rest=UNKNOWN)
    proxy.attributes = receiver.attributes
    return proxy


@model("builtins.exit", "builtins.quit", "sys.exit", "os._exit", "os.abort")
def leave(site: CallSite) -> Value:
    return site.interp.calls.NEVER


@model("functools.partial")
def partial(site: CallSite) -> Value:
    if not site.args:
        return UNKNOWN
    return Partial(site.args[0], site.args[1:], site.kwargs)


@model("joblib.delayed", "dask.delayed", "joblib.parallel.delayed")
def delayed(site: CallSite) -> Value:
    """``delayed(function)(*args)`` calls the function, later."""
    return site.args[0] if site.args else UNKNOWN


@model("copy.copy", "copy.deepcopy")
def copied(site: CallSite) -> Value:
    value = site.args[0] if site.args else UNKNOWN
    if isinstance(value, Dict):
        if value.role in ("environment", "environment copy"):
            return environment_copy(site, value)
        return site.interp.expressions.subscripts.merged([value], site.node, site.frame)
    return value


@model("typing.cast")
def cast(site: CallSite) -> Value:
    return site.args[1] if len(site.args) > 1 else UNKNOWN


@model("tempfile.TemporaryDirectory", "tempfile.NamedTemporaryFile", "tempfile.mkstemp")
def temporary(site: CallSite) -> Value:
    site.record()
    if site.name.endswith("mkstemp"):
        return Sequence([UNKNOWN, temporary_directory()], "tuple")
    return External(site.name + "()", None, site.args, site.kwargs)


@model("distutils.util.strtobool", "ast.literal_eval", "json.loads")
def parsed(site: CallSite) -> Value:
    value = site.args[0] if site.args else UNKNOWN
    known = constant(value)
    if known is None and isinstance(value, Text):
        site.interp.expressions.fold_case(value) if "strtobool" in site.name else None
    return UNKNOWN


@model("contextlib.nullcontext", "contextlib.closing")
def context_of(site: CallSite) -> Value:
    """A context manager that is entered as the value that it is made of."""
    return External(site.name + "()", None, site.args, site.kwargs)


@model("importlib.import_module")
def import_module(site: CallSite) -> Value:
    """A module whose name is known: of the project, or a library's."""
    known = constant(site.args[0]) if site.args else None
    if known is None or not isinstance(known[0], str) or known[0].startswith("."):
        return UNKNOWN
    imports = site.interp.imports
    imports.importing = (site.frame, site.node)
    return imports.module(known[0], site.source.path) or imports.outside(known[0])


@model("importlib.util.find_spec")
def find_spec(site: CallSite) -> Value:
    return UNKNOWN
