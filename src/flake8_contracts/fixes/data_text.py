"""A YAML, TOML or JSON file as text to edit: one more key or item, another value, in the file's own style."""

from __future__ import annotations

import json
import re
from pathlib import Path

from flake8_contracts.catalog.documents import (
    DataNode,
    DocumentError,
    MappingNode,
    Member,
    ScalarNode,
    SequenceNode,
    decode,
    read_document,
)
from flake8_contracts.catalog.nodes import TextMap
from flake8_contracts.findings import Edit, Span
from flake8_contracts.fixes.items import Brackets, place_for

_PLAIN_YAML = re.compile(r"[A-Za-z_/][\w./-]*")
_NOT_TEXT_IN_YAML = frozenset({"true", "false", "yes", "no", "on", "off", "null", "y", "n"})
_UNUSUAL = re.compile(r"[^\w./-]")
_BARE_TOML_KEY = re.compile(r"[\w-]+", re.ASCII)


class DataText:
    """A parsed data file and its text. The suffix of ``path`` tells the format."""

    def __init__(self, path: Path, data: bytes) -> None:
        self.path = path
        self.kind = path.suffix.lower().removeprefix(".").replace("yml", "yaml")
        self.text = decode(data)
        self.map = TextMap(self.text)
        root = read_document(path, data)
        if not isinstance(root, MappingNode):
            raise DocumentError(root.span, "the file holds no mapping")
        self.root = root

    # -- finding -----------------------------------------------------------------------------------------

    def get(self, *keys: str) -> Member | None:
        """The member that is reached by these keys."""
        node: DataNode = self.root
        member: Member | None = None
        for key in keys:
            member = node.get(key) if isinstance(node, MappingNode) else None
            if member is None:
                return None
            node = member.value
        return member

    def at(self, span: Span) -> tuple[DataNode, bool] | None:
        """The scalar at a span, and whether it is a key."""
        pending: list[DataNode] = [self.root]
        while pending:
            node = pending.pop()
            if isinstance(node, MappingNode):
                for member in node:
                    if member.key_span == span:
                        start, end = self.range(span)
                        return ScalarNode(member.key, self.text[start:end], span), True
                    pending.append(member.value)
            elif isinstance(node, SequenceNode):
                pending.extend(node.items)
            elif node.span == span:
                return node, False
        return None

    def range(self, span: Span) -> tuple[int, int]:
        """The offsets of a span."""
        return self.map.offset(span.line, span.column), self.map.offset(span.end_line, span.end_column)

    # -- writing values ----------------------------------------------------------------------------------

    def scalar(self, value: str, like: str = "") -> str:
        """How a text is written: with the quotes of ``like``, plain only where the format reads it as text."""
        if self.kind == "yaml":
            if like[:1] not in ("'", '"') and is_plain_yaml(value):
                return value
            if like[:1] == "'" and value.isprintable():
                return "'" + value.replace("'", "''") + "'"
        elif self.kind == "toml" and like[:1] == "'" and "'" not in value and value.isprintable():
            return f"'{value}'"
        # JSON's strings are also strings of YAML (double-quoted style) and of TOML (basic strings).
        return json.dumps(value, ensure_ascii=False)

    def key(self, name: str, like: str = "") -> str:
        """How a key is written."""
        if self.kind == "toml" and like[:1] not in ("'", '"') and _BARE_TOML_KEY.fullmatch(name):
            return name
        return self.scalar(name, like)

    def respelt(self, scalar: ScalarNode, new: str, *, is_key: bool = False) -> str:
        """How another text is written in the place of one that is there, as alike as possible."""
        old, written = str(scalar.value), scalar.text
        quote = written[:1] if written[:1] in ("'", '"') else ""
        is_alike = not _UNUSUAL.search("".join(set(new) - set(old)))
        needs_no_quotes = is_plain_yaml(new) or not is_plain_yaml(old)
        if written == f"{quote}{old}{quote}" and is_alike and (quote or needs_no_quotes):
            return f"{quote}{new}{quote}"
        return self.key(new, written) if is_key else self.scalar(new, written)

    def replace(self, span: Span, text: str) -> Edit:
        """Replace what stands at a span."""
        return Edit(self.path, span, text)

    def _edit(self, start: int, end: int, replacement: str) -> Edit:
        return Edit(self.path, self.map.span(start, end), replacement)

    # -- adding ------------------------------------------------------------------------------------------

    def with_item(self, node: SequenceNode, value: str) -> list[Edit]:
        """One more text in a list."""
        texts = [
            item.value if isinstance(item, ScalarNode) and isinstance(item.value, str) else None
            for item in node.items
        ]
        like = next((item.text for item in node.items if isinstance(item, ScalarNode)), "")
        index = place_for(texts, value)
        new = self.scalar(value, like)
        spans = [self.range(item.span) for item in node.items]
        if self._has_brackets(node):
            return self._between(node, spans, new, index)
        # Block style: the dash stands before the item.
        starts = [self.text.rfind("-", 0, start) for start, _ in spans]
        return self._line(starts, [end for _, end in spans], f"- {new}", index)

    def with_member(self, node: MappingNode, key: str, value: str) -> list[Edit]:
        """One more key with a text as its value."""
        members = list(node)
        like = next((m.value.text for m in members if isinstance(m.value, ScalarNode) and m.value.text), '"')
        written = self.scalar(value, like)
        return self._with_entry(node, key, written, place_for([member.key for member in members], key))

    def _with_entry(self, node: MappingNode, key: str, written: str, index: int) -> list[Edit]:
        members = list(node)
        key_like = self._slice(members[0].key_span) if members else ""
        sign = " = " if self.kind == "toml" else ": "
        new = f"{self.key(key, key_like)}{sign}{written}"
        spans = [(self.range(m.key_span)[0], self.range(m.value.span)[1]) for m in members]
        if self._has_brackets(node):
            return self._between(node, spans, new, index)
        if not members:
            return []
        starts = [self._line_start(start) for start, _ in spans]
        if self.kind == "toml":
            # `table.key = …`: the others may be written elsewhere, with their table before them.
            prefix = self.text[starts[-1] : spans[-1][0]]
            return self._line(
                [start for start, _ in spans], [end for _, end in spans], prefix.strip() + new, index
            )
        return self._line([start for start, _ in spans], [end for _, end in spans], new, index)

    def with_section(self, keys: tuple[str, ...], entry: str | tuple[str, str]) -> list[Edit]:
        """A new list with one item, or a new mapping with one entry, under a key that the file has not yet.

        All keys but the last exist.
        """
        parent = self.get(*keys[:-1]) if len(keys) > 1 else None
        node = self.root if len(keys) == 1 else (parent.value if parent is not None else None)
        if not isinstance(node, MappingNode):
            return []
        key = keys[-1]
        if self.kind == "toml":
            return self._toml_section(key, entry) if len(keys) == 1 else []
        if self.kind == "json" or self._has_brackets(node):
            return self._with_entry(node, key, self._flow(entry), len(node.members))
        return self._yaml_section(node, key, entry)

    def with_group(self, keys: tuple[str, ...], name: str, entry: str | tuple[str, str]) -> list[Edit]:
        """A new mapping with one section of one entry, under a key that the YAML file has not yet."""
        parent = self.get(*keys[:-1])
        if self.kind != "yaml" or parent is None or not isinstance(parent.value, MappingNode):
            return []
        node = parent.value
        if self._has_brackets(node) or not node.members:
            return []
        indent = " " * (node.members[0].key_span.column - 1)
        end = self._line_end(self.range(node.members[-1].value.span)[1])
        section = f"{indent}{keys[-1]}:\n{indent}{self._step(node)}{name}: {self._flow(entry)}"
        return [self._edit(end, end, f"\n{section}")]

    def filled(self, member: Member, entry: str | tuple[str, str]) -> list[Edit]:
        """The first entry of a section that is written without a value (``required_env_vars:``)."""
        if self.kind != "yaml" or self._slice(member.value.span):
            return []
        offset = self.range(member.value.span)[1]
        return [self._edit(offset, offset, f" {self._flow(entry)}")]

    # -- styles ------------------------------------------------------------------------------------------

    def _flow(self, entry: str | tuple[str, str]) -> str:
        if isinstance(entry, str):
            return f"[{self.scalar(entry)}]"
        name, value = entry
        sign = " = " if self.kind == "toml" else ": "
        quoted = self.scalar(value, '"')
        inner = f"{self.key(name)}{sign}{quoted}"
        return f"{{ {inner} }}" if self.kind == "toml" else f"{{{inner}}}"

    def _yaml_section(self, node: MappingNode, key: str, entry: str | tuple[str, str]) -> list[Edit]:
        last = node.members[-1]
        indent = " " * (node.members[0].key_span.column - 1)
        inner = indent + self._step(node)
        line = (
            f"{inner}- {self.scalar(entry)}"
            if isinstance(entry, str)
            else f"{inner}{self.key(entry[0])}: {self.scalar(entry[1], chr(34))}"
        )
        end = self._line_end(self.range(last.value.span)[1])
        return [self._edit(end, end, f"\n{indent}{key}:\n{line}")]

    def _step(self, node: MappingNode) -> str:
        """By how much this file indents."""
        for member in node:
            value = member.value
            if isinstance(value, (MappingNode, SequenceNode)) and not self._has_brackets(value):
                return " " * max(value.span.column - member.key_span.column, 0)
        return "  "

    def _toml_section(self, key: str, entry: str | tuple[str, str]) -> list[Edit]:
        if isinstance(entry, str):
            # Before the first table: behind the last key that stands alone.
            alone = [m for m in self.root if not isinstance(m.value, MappingNode)]
            if not alone:
                return []
            end = self._line_end(self.range(alone[-1].value.span)[1])
            return [self._edit(end, end, f"\n{key} = {self._flow(entry)}")]
        end = len(self.text)
        gap = "" if self.text.endswith("\n") else "\n"
        return [self._edit(end, end, f"{gap}\n[{key}]\n{self.key(entry[0])} = {self.scalar(entry[1])}\n")]

    # -- text --------------------------------------------------------------------------------------------

    def _slice(self, span: Span) -> str:
        return self.map.slice(span)

    def _has_brackets(self, node: DataNode) -> bool:
        text = self._slice(node.span)
        opening = "[" if isinstance(node, SequenceNode) else "{"
        return (
            text.startswith(opening)
            and text.endswith("]" if opening == "[" else "}")
            and not self._is_table(node)
        )

    def _is_table(self, node: DataNode) -> bool:
        """Whether this is a table of TOML, which begins with its header."""
        return (
            self.kind == "toml" and isinstance(node, MappingNode) and self._slice(node.span).startswith("[")
        )

    def _between(self, node: DataNode, spans: list[tuple[int, int]], new: str, index: int) -> list[Edit]:
        start, end = self.range(node.span)
        pieces = Brackets(self.text, start + 1, end - 1, spans).with_item(new, index)
        return [self._edit(*piece) for piece in pieces]

    def _line(self, starts: list[int], ends: list[int], new: str, index: int) -> list[Edit]:
        """A line of its own, before the entry ``index`` or after the last one."""
        if not starts:
            return []
        if index < len(starts):
            line = self._line_start(starts[index])
            indent = self.text[line : starts[index]]
            if indent.strip():
                return []
            first = self._above_comments(line, indent)
            return [self._edit(first, first, f"{indent}{new}\n")]
        line = self._line_start(starts[-1])
        indent = self.text[line : starts[-1]]
        if indent.strip() and self.kind != "toml":
            return []
        end = self._line_end(ends[-1])
        if "\n" in self.text[ends[-1] - 1 : ends[-1]]:
            return []  # a block text, whose end is not the end of a line
        return [self._edit(end, end, f"\n{indent if not indent.strip() else ''}{new}")]

    def _above_comments(self, line: int, indent: str) -> int:
        """The beginning of the comment lines that stand directly above a line, as deep as it is."""
        while line > 0:
            above = self._line_start(line - 1)
            if not self.text[above:line].startswith(f"{indent}#"):
                return line
            line = above
        return line

    def _line_start(self, offset: int) -> int:
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def _line_end(self, offset: int) -> int:
        ends = [at for at in (self.text.find("\n", offset), self.text.find("\r", offset)) if at >= 0]
        return min(ends, default=len(self.text))


def is_plain_yaml(value: str) -> bool:
    """Whether YAML reads the value as this very text without quotes, whatever version of YAML it is."""
    return _PLAIN_YAML.fullmatch(value) is not None and value.lower() not in _NOT_TEXT_IN_YAML
