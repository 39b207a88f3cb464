"""``os.path``, ``pathlib`` and the functions that list directories."""

from __future__ import annotations

import posixpath

import libcst as cst

from flake8_contracts.flow import textual
from flake8_contracts.flow.models.signature import CallSite, each, model
from flake8_contracts.flow.objects import Frame, Native, Sequence
from flake8_contracts.flow.values import (
    ANY,
    NONE,
    UNKNOWN,
    Const,
    External,
    Part,
    Text,
    Unknown,
    Value,
    constant,
    options,
    text,
    union,
)


def as_text(value: Value | None) -> Text | None:
    """A value as a path component; ``None`` for values that are certainly no path."""
    if isinstance(value, Text):
        return value
    if value is None or isinstance(value, Const):
        return None
    return Text((ANY,))


def _joined(site: CallSite, *, is_path: bool) -> Value:
    def join(*pieces: Value) -> Value:
        texts = [as_text(piece) for piece in pieces]
        if None in texts:
            return Unknown("a path is joined with something that is no text")
        return textual.join(
            [piece for piece in texts if piece is not None], site.node, site.source, is_path=is_path
        )

    pieces = list(site.args)
    if site.starred:
        pieces.append(Text((ANY,)))
    if not pieces:
        return Text((".",), is_path=is_path)
    # Alternatives that are no text at all (None where nothing was given) would fail at run time: leave them out.
    usable = [union(way for way in options(piece) if not isinstance(way, Const)) for piece in pieces]
    return each(join, *usable)


@model("os.path.join")
def os_path_join(site: CallSite) -> Value:
    return _joined(site, is_path=False)


@model("pathlib.Path")
def path(site: CallSite) -> Value:
    if len(site.args) == 1 and not site.starred:
        return union(
            textual.as_path(option, site.node, site.source)
            if isinstance(option, Text)
            else _unknown_path(option)
            for option in options(site.args[0])
        )
    return _joined(site, is_path=True)


def _unknown_path(value: Value) -> Value:
    if isinstance(value, Const):
        return Unknown("a path made of something that is no text")
    return Text((ANY,), is_path=True)


@model("pathlib.Path.cwd", "os.getcwd", "os.getcwdb")
def working_directory(site: CallSite) -> Value:
    """The working directory: wherever it is, paths built from it are not container paths that a script writes out."""
    return Text((".",), is_path=site.name.startswith("pathlib"))


@model("pathlib.Path.home", "os.path.expanduser", "os.path.expandvars")
def home(site: CallSite) -> Value:
    """Paths below the home directory; others are unchanged."""
    given = site.args[0] if site.args else None
    if isinstance(given, Text) and given.prefix and not given.prefix.startswith(("~", "$")):
        return given
    return Text(("~/", ANY), is_path=site.name.startswith("pathlib"))


def temporary_directory() -> Text:
    """A directory below ``/tmp``."""
    return Text(("/tmp/", ANY))  # noqa: S108 - the container's, not ours


@model("tempfile.mkdtemp", "tempfile.gettempdir", "tempfile.mktemp")
def temporary(site: CallSite) -> Value:
    return temporary_directory()


def _text_function(site: CallSite, function: object) -> Value:
    assert callable(function)

    def apply(value: Value) -> Value:
        known = as_text(value)
        return UNKNOWN if known is None else function(known, site)

    return each(apply, site.args[0] if site.args else UNKNOWN)


@model("os.path.dirname")
def dirname(site: CallSite) -> Value:
    return _text_function(
        site, lambda value, at: textual.parent(textual.as_string(value), at.node, at.source) or Text((ANY,))
    )


@model("os.path.basename")
def basename(site: CallSite) -> Value:
    return _text_function(site, lambda value, at: textual.basename(value, at.node, at.source))


@model("os.path.abspath", "os.path.realpath", "os.path.normpath", "os.path.normcase")
def normpath(site: CallSite) -> Value:
    def norm(value: Text, at: CallSite) -> Value:
        return textual.rewritten(textual.as_string(value), textual.normpath(value.parts), at.node, at.source)

    return _text_function(site, norm)


@model("os.fspath", "os.fsdecode")
def fspath(site: CallSite) -> Value:
    return _text_function(site, lambda value, at: textual.as_string(value))


@model("os.path.split")
def split(site: CallSite) -> Value:
    return Sequence([dirname(site), basename(site)], "tuple")


@model("os.path.splitext")
def splitext(site: CallSite) -> Value:
    def cut(value: Text, at: CallSite) -> Value:
        last = value.parts[-1] if value.parts else ""
        if not isinstance(last, str):
            return Sequence([textual.as_string(value), Text((ANY,))], "tuple")
        # Behind an unknown part, ".csv" is a suffix; alone it would be a name.
        before = "x" if len(value.parts) > 1 else ""
        root, suffix = posixpath.splitext(before + last)
        stem = textual.rewritten(
            textual.as_string(value), [*value.parts[:-1], root.removeprefix(before)], at.node, at.source
        )
        return Sequence([stem, text(suffix)], "tuple")

    return _text_function(site, cut)


@model("os.path.relpath", "os.path.commonpath", "os.path.commonprefix", "os.path.splitdrive")
def relative(site: CallSite) -> Value:
    return Text((ANY,))


def _below(
    base: Value, node: cst.CSTNode, frame: Frame, *, is_path: bool, pattern: Value | None = None
) -> Value:
    """Some entry of a directory, or what a glob pattern may match."""
    results: list[Value] = []
    for option in options(base):
        if not isinstance(option, Text):
            results.append(Text((ANY,), is_path=is_path))
            continue
        suffix = ""
        known = constant(pattern) if pattern is not None else None
        if known and isinstance(known[0], str) and known[0].startswith("*") and "*" not in known[0][1:]:
            suffix = known[0][1:]
        entry = Text((ANY, suffix) if suffix and "/" not in suffix else (ANY,))
        results.append(textual.join([option, entry], node, frame.source, is_path=is_path))
    return union(results)


@model("os.listdir")
def listdir(site: CallSite) -> Value:
    site.record()
    return Sequence(kind="list", is_open=True, rest=Text((ANY,)))


@model("os.scandir")
def scandir(site: CallSite) -> Value:
    site.record()
    inside = _below(site.arg(0, "path") or UNKNOWN, site.node, site.frame, is_path=True)
    return Sequence(kind="iterator", is_open=True, rest=inside)


@model("os.walk", "os.fwalk")
def walk(site: CallSite) -> Value:
    site.record()
    top = site.arg(0, "top") or UNKNOWN
    below = _below(top, site.node, site.frame, is_path=False)
    names = Sequence(kind="list", is_open=True, rest=Text((ANY,)))
    return Sequence(
        kind="iterator", is_open=True, rest=Sequence([union([below, top]), names, names], "tuple")
    )


@model("glob.glob", "glob.iglob")
def glob(site: CallSite) -> Value:
    site.record()
    results: list[Value] = []
    for option in options(site.arg(0, "pathname") or UNKNOWN):
        if isinstance(option, Text):
            parts: list[Part] = []
            for part in option.parts:
                parts.extend(_wild(part) if isinstance(part, str) else [part])
            results.append(textual.rewritten(option, parts, site.node, site.source))
        else:
            results.append(Text((ANY,)))
    return Sequence(kind="list", is_open=True, rest=union(results))


def _wild(part: str) -> list[Part]:
    """A glob pattern's text with its wildcards as holes."""
    pieces: list[Part] = []
    for index, piece in enumerate(part.replace("?", "*").replace("**/", "*").replace("**", "*").split("*")):
        if index:
            pieces.append(ANY)
        if piece:
            pieces.append(piece)
    return pieces


# -- pathlib objects ---------------------------------------------------------------------------------------


def path_attribute(owner: Text, name: str, node: cst.CSTNode, frame: Frame) -> Value:
    """An attribute of a ``Path``."""
    source = frame.source
    if name == "parent":
        return textual.parent(owner, node, source) or Text((ANY,), is_path=True)
    if name == "name":
        return textual.basename(owner, node, source)
    if name == "path":  # of an entry that ``os.scandir`` yields
        return textual.as_string(owner)
    if name in ("stem", "suffix"):
        last = owner.parts[-1] if owner.parts else ""
        if isinstance(last, str) and ("/" in last or len(owner.parts) == 1):
            stem, suffix = posixpath.splitext(last.rpartition("/")[2])
            return text(stem if name == "stem" else suffix, node, source)
        return Text((ANY,))
    if name == "parents":
        found: list[Value] = []
        current: Text | None = textual.parent(owner, node, source)
        while current is not None and len(found) < 20 and current.exact not in ("/", ".", ""):
            found.append(current)
            current = textual.parent(current, node, source)
        return Sequence(found, "tuple")
    if name in ("parts", "suffixes"):
        return Sequence(kind="tuple", is_open=True, rest=Text((ANY,)))
    return Native(name, lambda site: path_method(_received(site, owner, name), owner))


def _received(site: CallSite, owner: Text, name: str) -> CallSite:
    site.receiver, site.name = owner, name
    return site


#: Methods of ``Path`` that touch the file system: recorded as ``pathlib.Path.<name>``.
_OPAQUE_RESULT = {"open": "builtins.open()"}


def path_method(site: CallSite, receiver: Text) -> Value:
    """``receiver.method(...)`` of a ``Path``."""
    name, node, source = site.name, site.node, site.source
    if name == "joinpath":
        pieces = CallSite(site.interp, name, None, (receiver, *site.args), {}, node, site.frame, site.starred)
        return _joined(pieces, is_path=True)
    if name in ("resolve", "absolute"):
        return textual.rewritten(receiver, textual.normpath(receiver.parts), node, source)
    if name == "expanduser":
        return receiver
    if name in ("as_posix", "__str__", "__fspath__"):
        return textual.as_string(receiver)
    if name in ("with_suffix", "with_name", "with_stem"):
        return _with(site, receiver)
    if name in ("iterdir", "glob", "rglob"):
        site.record(name=f"pathlib.Path.{name}")
        pattern = site.arg(0, "pattern")
        inside = _below(receiver, node, site.frame, is_path=True, pattern=pattern)
        return Sequence(kind="iterator", is_open=True, rest=inside)
    if name == "walk":
        site.record(name="pathlib.Path.walk")
        names = Sequence(kind="list", is_open=True, rest=Text((ANY,)))
        below = _below(receiver, node, site.frame, is_path=True)
        return Sequence(
            kind="iterator", is_open=True, rest=Sequence([union([below, receiver]), names, names], "tuple")
        )
    if name in ("relative_to", "match", "is_relative_to", "is_absolute"):
        return Text((ANY,), is_path=True) if name == "relative_to" else UNKNOWN
    if name in ("rename", "replace"):
        site.record(name=f"pathlib.Path.{name}")
        target = site.arg(0, "target")
        return target if target is not None else UNKNOWN
    site.record(name=f"pathlib.Path.{name}")
    if name in ("mkdir", "write_text", "touch"):
        return NONE
    opened = _OPAQUE_RESULT.get(name)
    return (
        External(opened, receiver, (receiver, *site.args), site.kwargs, node, source) if opened else UNKNOWN
    )


def _with(site: CallSite, receiver: Text) -> Value:
    given = site.args[0] if site.args else UNKNOWN
    folder = textual.parent(receiver, site.node, site.source)
    if folder is None:
        return Text((ANY,), is_path=True)
    if site.name == "with_name":
        name = as_text(given) or Text((ANY,))
        return textual.join([folder, name], site.node, site.source, is_path=True)
    last = receiver.parts[-1]
    suffix = constant(given)
    if isinstance(last, str) and "/" in last and suffix and isinstance(suffix[0], str):
        stem, old = posixpath.splitext(last.rpartition("/")[2])
        new = stem + suffix[0] if site.name == "with_suffix" else suffix[0] + old
        return textual.join([folder, text(new)], site.node, site.source, is_path=True)
    return textual.join([folder, Text((ANY,))], site.node, site.source, is_path=True)
