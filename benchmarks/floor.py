"""The least that a plugin on LibCST can cost: it parses the files that matter, and does nothing with them."""

from __future__ import annotations

import ast
import gc
import re
from collections.abc import Iterator

_CONCERNED = re.compile(r"/opt/ml|ContractEnforcer|get_script_contract|ScriptContract|enforce_at_runtime")


class Floor:
    """A plugin that reports nothing. Like the linter it imports LibCST when the first file needs it."""

    name = "floor"
    version = "1"

    def __init__(self, tree: ast.AST, lines: list[str]) -> None:
        self.text = "".join(lines)

    def run(self) -> Iterator[tuple[int, int, str, type]]:
        """Parse the file."""
        if _CONCERNED.search(self.text):
            import libcst

            gc.disable()
            libcst.parse_module(self.text)
            gc.enable()
        return iter(())
