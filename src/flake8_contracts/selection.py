"""Which findings a run reports: flake8's own decision, and one more for rules that are off by default."""

from __future__ import annotations

import os
from collections.abc import Mapping
from fnmatch import fnmatch

from flake8_contracts.settings import Settings

PREFIX = "SMC"
"""What flake8 selects when nothing is configured: the name of the plugin's entry point."""


class Selection:
    """Decides about codes as flake8 7 would with the same options.

    The longest matching prefix decides between what is selected and what is ignored; of the per-file patterns that
    match a file only the longest counts. In addition, a rule that is off by default needs a selector that is longer
    than the bare prefix: ``select = SMC`` means the rules that are on.
    """

    def __init__(self, settings: Settings, rules: Mapping[str, bool]) -> None:
        """``rules`` maps every code to whether it is on by default.

        Raises :class:`~flake8_contracts.settings.ConfigurationError` for a selector of this plugin that fits none.
        """
        from flake8_contracts.settings.loading import check_codes

        check_codes(settings, tuple(rules))
        self._rules = dict(rules)
        self._chosen = (*settings.select, *settings.extend_select)
        self._selected = (*(settings.select or (PREFIX,)), *settings.extend_select)
        self._ignored = (*settings.ignore, *settings.extend_ignore)
        self._per_file = settings.per_file_ignores

    def decide(self, code: str, path: str | os.PathLike[str] | None = None) -> bool:
        """Whether a finding is reported. ``path`` is absolute or relative to the working directory, as flake8 sees it.

        Without a path: whether it is reported in some file that no per-file pattern matches.
        """
        ignored = self._ignored if path is None or not self._per_file else self._ignored_in(os.fspath(path))
        return self._is_on(code) and self._is_selected(code, ignored)

    def _is_on(self, code: str) -> bool:
        if self._rules.get(code, True):
            return True
        return any(code.startswith(chosen) and len(chosen) > len(PREFIX) for chosen in self._chosen)

    def _is_selected(self, code: str, ignored: tuple[str, ...]) -> bool:
        selected, ignoring = _longest(code, self._selected), _longest(code, ignored)
        if selected is None or ignoring is None:
            return selected is not None
        # What is selected only because nothing is configured loses against everything that is ignored.
        return code.startswith(self._chosen) and len(selected) > len(ignoring)

    def _ignored_in(self, path: str) -> tuple[str, ...]:
        name, absolute = os.path.basename(path), os.path.abspath(path)
        matching = [
            (pattern, codes)
            for pattern, codes in self._per_file
            if (name not in {".", ".."} and fnmatch(name, pattern)) or fnmatch(absolute, pattern)
        ]
        if not matching:
            return self._ignored
        return (*self._ignored, *max(matching, key=lambda item: len(item[0]))[1])


def _longest(code: str, prefixes: tuple[str, ...]) -> str | None:
    return max((prefix for prefix in prefixes if code.startswith(prefix)), key=len, default=None)
