"""Python source files as LibCST trees."""

from __future__ import annotations

import ast
import gc
import io
import tokenize
import warnings
from pathlib import Path

import libcst as cst

from flake8_contracts.findings import Span
from flake8_contracts.syntax.positions import PositionTable

# LibCST recurses natively; a source nested deeper than this is generated data, not a script.
_RECURSION_REASON = "the code is nested too deeply"


class UnparsableSource(Exception):  # noqa: N818 - what it is about, not what went wrong
    """A file that cannot be parsed. ``valid_python`` tells whether CPython itself accepts it."""

    def __init__(self, path: Path, line: int, column: int, reason: str, *, valid_python: bool) -> None:
        super().__init__(f"{path}:{line}:{column}: {reason}")
        self.path = path
        self.span = Span(line, column, line, column)
        self.reason = reason
        self.valid_python = valid_python


class NodePlace:
    """The place of a LibCST node; its position is computed when somebody asks for it."""

    __slots__ = ("node", "source")

    def __init__(self, source: SourceModule, node: cst.CSTNode) -> None:
        self.source = source
        self.node = node

    @property
    def path(self) -> Path:
        """The file."""
        return self.source.path

    @property
    def span(self) -> Span:
        """The node without surrounding whitespace."""
        return self.source.positions.span(self.node)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, NodePlace) and self.node is other.node

    def __hash__(self) -> int:
        return id(self.node)

    def __repr__(self) -> str:
        return f"NodePlace({self.path.name}:{self.span.line}:{self.span.column})"


class SourceModule:
    """One parsed Python file."""

    __slots__ = ("path", "positions", "text", "tree")

    def __init__(self, path: Path, text: str, tree: cst.Module) -> None:
        self.path = path
        self.text = text
        self.tree = tree
        self.positions = PositionTable(tree, text)

    def place(self, node: cst.CSTNode) -> NodePlace:
        """A place for ``node``. Places made before the first position is asked for share one pass over the file."""
        self.positions.want(node)
        return NodePlace(self, node)


def decode_source(path: Path, data: bytes) -> str:
    """The text of a Python file as Python reads it: encoding cookie, byte order mark and line ends resolved."""
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(data).readline)
        text = data.decode(encoding)
    except (SyntaxError, LookupError) as error:
        raise UnparsableSource(path, 1, 1, f"unknown source encoding ({error})", valid_python=False) from None
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        reason = f"byte 0x{data[error.start]:02x} is not {error.encoding}: save the file as UTF-8"
        raise UnparsableSource(path, line, 1, reason, valid_python=False) from None
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_source(path: Path) -> SourceModule:
    """Parse the file at ``path``. Raises :class:`UnparsableSource` or :class:`OSError`."""
    return parse_source(path, decode_source(path, path.read_bytes()))


def parse_source(path: Path, text: str) -> SourceModule:
    """Parse ``text`` as the content of ``path``. Raises :class:`UnparsableSource`."""
    text = text.removeprefix("\ufeff")
    # The tree is one large acyclic allocation: the collector would walk it again and again while it grows.
    collecting = gc.isenabled()
    gc.disable()
    try:
        tree = cst.parse_module(text)
    except cst.ParserSyntaxError as error:
        valid = _python_accepts(text)
        raise UnparsableSource(
            path, error.raw_line, error.raw_column + 1, error.message, valid_python=valid
        ) from None
    except RecursionError:
        raise UnparsableSource(path, 1, 1, _RECURSION_REASON, valid_python=True) from None
    except Exception as error:  # noqa: BLE001 - LibCST raises bare exceptions for odd but valid layouts
        raise UnparsableSource(path, 1, 1, str(error), valid_python=_python_accepts(text)) from None
    finally:
        if collecting:
            gc.enable()
    return SourceModule(path, text, tree)


def _python_accepts(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
