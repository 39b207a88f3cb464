"""Assignment targets of the interpreted program."""

from __future__ import annotations

from collections.abc import Sequence as Items
from typing import TYPE_CHECKING

import libcst as cst

from flake8_contracts.flow.events import Escape
from flake8_contracts.flow.models.specifications import is_registry
from flake8_contracts.flow.objects import Class, Dict, Frame, Instance, Sequence, mark_whole
from flake8_contracts.flow.values import UNKNOWN, Hole, Text, Value, known_texts, options, union

if TYPE_CHECKING:
    from flake8_contracts.flow.interpreter import Interpreter


class Targets:
    """Stores values in variables, attributes and items."""

    def __init__(self, interp: Interpreter) -> None:
        self.interp = interp

    def bind(self, target: cst.CSTNode, value: Value, frame: Frame) -> None:
        """Assign ``value`` to an assignment target."""
        interp = self.interp
        if type(target) is cst.Name:
            if interp.guards and target.value in frame.locals:
                # ``if not name: name = "default"``
                before = interp.lookup(target.value, frame)
                interp.expressions.note_fallback(value, interp.guards, instead_of=before)
            if frame.owner is not None:
                interp.calls.set_class_attribute(frame.owner, target.value, value)
            interp.assign(target.value, value, frame)
        elif isinstance(target, (cst.Tuple, cst.List)):
            self.bind_elements(target.elements, value, frame)
        elif isinstance(target, cst.Attribute):
            self.bind_attribute(target, value, frame)
        elif isinstance(target, cst.Subscript):
            self.bind_item(target, value, frame)

    def bind_elements(self, elements: Items[cst.BaseElement], value: Value, frame: Frame) -> None:
        # Each alternative is unpacked by itself: a position never gets what another position holds.
        rows = [self.unpacked(option, elements) for option in options(value)]
        for element, *ways in zip(elements, *rows, strict=True):
            self.bind(element.value, union(ways), frame)

    def unpacked(self, value: Value, elements: Items[cst.BaseElement]) -> list[Value]:
        """What each of ``elements`` gets when ``value`` is unpacked into them."""
        items = self.interp.expressions.iterate(value)
        starred = [index for index, element in enumerate(elements) if isinstance(element, cst.StarredElement)]
        if items is not None and not starred and len(items) == len(elements):
            return items
        if items is not None and len(starred) == 1 and len(items) >= len(elements) - 1:
            before = starred[0]
            after = len(items) - (len(elements) - before - 1)
            return [*items[:before], Sequence(items[before:after]), *items[after:]]
        each = self.interp.expressions.element(value)
        return [
            Sequence(is_open=True, rest=each) if index in starred else each for index in range(len(elements))
        ]

    def bind_attribute(self, target: cst.Attribute, value: Value, frame: Frame) -> None:
        interp = self.interp
        owner = interp.expressions.eval(target.value, frame)
        name = target.attr.value
        for option in options(owner):
            if isinstance(option, Instance):
                option.set(name, value, interp.path)
            elif isinstance(option, Class):
                interp.calls.set_class_attribute(option, name, value)
            else:
                self.escape(target, value, frame, "stored in an object that is not known")

    def bind_item(self, target: cst.Subscript, value: Value, frame: Frame) -> None:
        interp = self.interp
        owner = interp.expressions.eval(target.value, frame)
        key_node = target.slice[0].slice
        key = interp.expressions.eval(key_node.value, frame) if isinstance(key_node, cst.Index) else UNKNOWN
        for option in options(owner):
            if isinstance(option, Dict):
                interp.expressions.store(option, key, value, target)
            elif isinstance(option, Sequence):
                option.open_up(value)
            else:
                self.escape(target, value, frame, "stored in a container that is not known")

    def escape(self, node: cst.CSTNode, value: Value, frame: Frame, reason: str) -> None:
        """Record that a path leaves what is understood."""
        mark_whole(value)
        interp = self.interp
        texts = known_texts(value)
        if not texts and (isinstance(value, (Dict, Sequence, Instance)) or is_registry(value)):
            interp.record(Escape(*interp.where(node, frame), value, reason))
        elif any(text.prefix.startswith("/") or _logical(text) for text in texts):
            interp.record(Escape(*interp.where(node, frame), union(texts), reason))


def _logical(value: Text) -> bool:
    first = value.parts[0] if value.parts else None
    return isinstance(first, Hole) and first.kind in ("input", "output", "argument", "environment")
