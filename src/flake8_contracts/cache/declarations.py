"""Summaries of the files that declare contracts, kept between runs, so that most of them need not be read."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flake8_contracts.cache.imports import Files, are_unchanged, dependencies
from flake8_contracts.cache.store import Store
from flake8_contracts.catalog.files import Candidate
from flake8_contracts.catalog.indexes import Summary
from flake8_contracts.digests import digest

if TYPE_CHECKING:
    from flake8_contracts.flow.loader import ModuleLoader


class Declarations:
    """One record for each file that may declare contracts: its content, its imports, and its summary."""

    def __init__(self, store: Store, name: str, files: Files, loader: Callable[[], ModuleLoader]) -> None:
        self._store = store
        self._name = name
        self._files = files
        self._loader = loader
        kept = store.read(name)
        self._kept: dict[str, Any] = kept if isinstance(kept, dict) else {}
        self._records: dict[str, dict[str, Any]] = {}
        self._digests: dict[Path, str] = {}
        self._has_news = False

    def summary(self, candidate: Candidate) -> Summary | None:
        """The summary of a file that has not changed, nor anything that its declarations depend on."""
        content = digest(candidate.data)
        self._files.know(candidate.path, content)
        record = self._kept.get(candidate.relative)
        try:
            if record is None or record["content"] != content or not are_unchanged(record, self._files):
                return None
            scripts, flags = record["scripts"], (record["declares"], record["in_pipelines"])
            if not isinstance(scripts, list) or not all(isinstance(flag, bool) for flag in flags):
                return None
            summary = Summary(tuple(map(str, scripts)), *flags)
        except (AttributeError, KeyError, TypeError, ValueError):
            return None  # not a record of ours
        self._take(candidate, record)
        return summary

    def keep(self, candidate: Candidate, summary: Summary) -> None:
        """Take note of what was read."""
        is_python = candidate.path.suffix == ".py"
        depends = (
            dependencies(candidate.path, self._loader().imports, self._loader().digests, self._files)
            if is_python
            else {"texts": {}, "imports": {}}
        )
        record = {"content": digest(candidate.data), **summary._asdict()}
        self._take(candidate, {**record, **depends})
        self._has_news = True

    def _take(self, candidate: Candidate, record: dict[str, Any]) -> None:
        self._records[candidate.relative] = record
        depends = json.dumps([record["content"], sorted(record["texts"].items())])
        self._digests[candidate.path] = digest(depends.encode())

    def digest(self, path: Path) -> str | None:
        """What decides about the declarations of a file: its content and that of what it imports."""
        return self._digests.get(path)

    def save(self) -> None:
        """Keep the records of this run if any is new. Records of files that are gone are dropped."""
        if self._has_news or len(self._records) != len(self._kept):
            self._store.write(self._name, self._records)
            self._has_news = False
