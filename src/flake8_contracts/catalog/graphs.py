"""Graphs of pipelines as plain constants: ``{"nodes": ["Load", "Train"], "edges": [["Load", "Train"]]}``."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import libcst as cst

from flake8_contracts.catalog.model import Edge
from flake8_contracts.findings import Place
from flake8_contracts.flow.objects import Dict, Frame, Sequence
from flake8_contracts.flow.store import newest
from flake8_contracts.flow.values import Text, Value, constant


class Graph(NamedTuple):
    """The names of a graph's steps, where they stand, its edges, and the module that holds it."""

    nodes: dict[str, Place]
    edges: tuple[Edge, ...]
    path: Path


def graphs_in(frame: Frame) -> Iterator[Graph]:
    """The graphs that a module's variables hold. One that is not known in full is left out."""
    for log in frame.locals.values():
        for value in newest([log]):
            if (
                isinstance(value, Dict)
                and {"nodes", "edges"} <= value.entries.keys()
                and value.source is frame.source
            ):
                graph = _graph(value, frame)
                if graph is not None:
                    yield graph


def _graph(value: Dict, frame: Frame) -> Graph | None:
    nodes = _texts(_entry(value, "nodes"))
    pairs = _items(_entry(value, "edges"))
    if not nodes or pairs is None:
        return None
    names = {str(node.exact): _place(node, value, frame) for node in nodes}
    edges: list[Edge] = []
    for pair in pairs:
        ends = _texts(pair)
        if ends is None or len(ends) != 2:
            return None
        producer, consumer = ends
        edges.append(Edge(str(producer.exact), str(consumer.exact), _place(consumer, value, frame)))
    is_closed = all({edge.producer, edge.consumer} <= names.keys() for edge in edges)
    return Graph(names, tuple(edges), frame.source.path) if is_closed else None


def _entry(value: Dict, key: str) -> Value | None:
    log = value.entries[key]
    return log[0][1] if len(log) == 1 and not log[0][0] else None


def _items(value: Value | None) -> list[Value] | None:
    return list(value.items) if isinstance(value, Sequence) and not value.is_open else None


def _texts(value: Value | None) -> list[Text] | None:
    items = _items(value)
    if items is None:
        return None
    texts = [item for item in items if isinstance(item, Text) and constant(item) is not None]
    return texts if len(texts) == len(items) else None


def _place(text: Text, graph: Dict, frame: Frame) -> Place:
    node: cst.CSTNode | None = text.node if text.source is frame.source else graph.node
    return frame.source.place(node if node is not None else frame.source.top)
