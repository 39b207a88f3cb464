"""Python source files as LibCST trees."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import libcst as cst

from flake8_contracts.collection import paused_collection
from flake8_contracts.findings import Span
from flake8_contracts.syntax.decoding import UnparsableSource, decode_source
from flake8_contracts.syntax.positions import PositionTable

__all__ = ["NodePlace", "SourceModule", "UnparsableSource", "decode_source", "parse_source", "read_source"]

# LibCST recurses natively; a source nested deeper than this is generated data, not a script.
_RECURSION_REASON = "the code is nested too deeply"


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


def read_source(path: Path) -> SourceModule:
    """Parse the file at ``path``. Raises :class:`UnparsableSource` or :class:`OSError`."""
    return parse_source(path, decode_source(path, path.read_bytes()))


def parse_source(path: Path, text: str) -> SourceModule:
    """Parse ``text`` as the content of ``path``. Raises :class:`UnparsableSource`."""
    text = text.removeprefix("\ufeff")
    try:
        with paused_collection(), _unvalidated_nodes():
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
    return SourceModule(path, text, tree)


@contextmanager
def _unvalidated_nodes() -> Iterator[None]:
    """LibCST checks every node that is made, also those that its parser makes: a tenth of the parser's time."""
    validating = cst.CSTNode.__post_init__
    cst.CSTNode.__post_init__ = _accept  # type: ignore[method-assign]
    try:
        yield
    finally:
        cst.CSTNode.__post_init__ = validating  # type: ignore[method-assign]


def _accept(node: cst.CSTNode) -> None:
    """What the parser has read is valid."""


def _python_accepts(text: str) -> bool:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    return True
