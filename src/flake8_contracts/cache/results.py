"""The findings of single files, kept between runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from flake8_contracts.buffers import read_saved
from flake8_contracts.cache.declarations import Declarations
from flake8_contracts.cache.imports import Files, are_unchanged, dependencies
from flake8_contracts.cache.keys import run_key
from flake8_contracts.cache.records import finding_of, record_of
from flake8_contracts.cache.store import Store
from flake8_contracts.digests import digest, digest_of_text
from flake8_contracts.findings import Finding
from flake8_contracts.flow.finder import ModuleFinder
from flake8_contracts.settings import Settings
from flake8_contracts.syntax.decoding import UnparsableSource, decode_source

if TYPE_CHECKING:
    from flake8_contracts.cache.questions import Answers
    from flake8_contracts.catalog.catalog import Catalog
    from flake8_contracts.flow.loader import ModuleLoader


class Results:
    """Looks findings up, and keeps those that had to be computed.

    ``loader`` gives the project's modules; it is asked for only when something was computed.
    """

    def __init__(
        self, settings: Settings, directory: Path, finder: ModuleFinder, loader: Callable[[], ModuleLoader]
    ) -> None:
        self._loader = loader
        self._key = run_key(settings)
        self._store = Store(directory)
        self._files = Files(settings.root, finder)
        self.declarations = Declarations(
            self._store, digest_of_text(f"declarations {self._key}"), self._files, loader
        )
        self._catalog: Catalog | None = None
        self._is_off = False

    def attach(self, catalog: Catalog) -> None:
        """Take the project's catalogue, which was made with :attr:`declarations`."""
        self._catalog = catalog
        self.declarations.save()

    def findings(
        self,
        path: Path,
        text: str | None,
        display: str,
        compute: Callable[[], list[Finding]],
        is_lasting: Callable[[Path, list[Finding]], bool],
    ) -> list[Finding]:
        """The findings of a file. ``text`` replaces the file's content; ``compute`` gives the findings anew.

        They are kept only if they are lasting.
        """
        assert self._catalog is not None
        if self._is_off or self._catalog.unreadable_at(path):
            return compute()
        content = self._content(path, text)
        if content is None:
            # An editor's unsaved text may be imported by what is checked after it.
            self._is_off = True
            return compute()
        name = digest_of_text(f"{self._key} {self._files.name(path)}")
        kept = self._kept(name, content, display)
        if kept is not None:
            return kept
        self._catalog.asked.clear()
        found = compute()
        if is_lasting(path, found):
            self._store.write(name, self._record(path, content, found))
        return found

    def _content(self, path: Path, text: str | None) -> str | None:
        """What the file holds; ``None`` if it does not hold that text."""
        try:
            data = read_saved(path)
            if text is not None and text != decode_source(path, data).removeprefix("\ufeff"):
                return None
        except (OSError, UnparsableSource):
            return None
        return digest(data)

    def _kept(self, name: str, content: str, display: str) -> list[Finding] | None:
        record: Any = self._store.read(name)
        try:
            if (
                record is None
                or record["content"] != content
                or not are_unchanged(record, self._files)
                or any(self._answers.answer(kind, about) != answer for kind, about, answer in record["asked"])
            ):
                return None
            return [finding_of(item, display, self._files) for item in record["findings"]]
        except (AttributeError, IndexError, KeyError, TypeError, ValueError):
            return None  # not a record of ours

    def _record(self, path: Path, content: str, found: list[Finding]) -> Mapping[str, object]:
        loader = self._loader()
        assert self._catalog is not None
        asked = sorted(self._catalog.asked)
        return {
            "content": content,
            **dependencies(path, loader.imports, loader.digests, self._files),
            "asked": [self._answers.kept(question) for question in asked],
            "findings": [record_of(finding, self._files) for finding in found],
        }

    @cached_property
    def _answers(self) -> Answers:
        from flake8_contracts.cache.questions import Answers

        assert self._catalog is not None
        return Answers(self._catalog, self.declarations, self._files)
