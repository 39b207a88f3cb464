"""What a project declares, by file and by script; files are read when somebody asks for what is in them.

Every question is written down, so that a result can be kept together with what it depends on. A question about one key
is a small one; walking over everything counts as a question about the whole project.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from flake8_contracts.catalog.model import Declarations, DeclaredContract

Question = tuple[str, str]
"""What was asked for, and of what: see :mod:`flake8_contracts.cache.questions` for the answers."""

EVERYTHING: Question = ("everything", "")
REGISTERED: Question = ("registered", "")
"""Which modules register steps, or tell of graphs of steps."""


class Summary(NamedTuple):
    """What must be known of a file to decide whether it is to be read.

    ``scripts`` are the names of the scripts that its contracts are for. ``in_pipelines``: see
    :class:`~flake8_contracts.catalog.model.Declarations`.
    """

    scripts: tuple[str, ...] = ()
    declares: bool = False
    in_pipelines: bool = False

    @classmethod
    def of(cls, declared: Declarations) -> Summary:
        """The summary of what was read."""
        names = {
            PurePosixPath(contract.entry_point.value).name: None
            for contract in declared.contracts
            if contract.entry_point is not None and contract.entry_point.value
        }
        return cls(tuple(names), bool(declared), declared.in_pipelines)


class Shelf:
    """The files that declare something: their summaries, and what was read of them so far."""

    def __init__(self, read: Callable[[Path], Declarations]) -> None:
        self._read = read
        self.summaries: dict[Path, Summary] = {}
        self._declared: dict[Path, Declarations] = {}
        self._scripts: dict[str, dict[Path, None]] | None = None
        self._names: frozenset[str] | None = None
        self._contracts: dict[str, list[DeclaredContract]] = {}
        self.asked: set[Question] = set()

    def put(self, path: Path, summary: Summary, declared: Declarations | None = None) -> None:
        """Replace what a file declares; without ``declared`` it is read when somebody asks for it."""
        self._declared.pop(path, None)
        if summary.declares or path in self.summaries:
            self._scripts = None
            self._names = None
            self._contracts.clear()
        if summary.declares:
            self.summaries[path] = summary
        else:
            self.summaries.pop(path, None)
        if declared is not None:
            self._declared[path] = declared

    @contextmanager
    def recording(self) -> Iterator[set[Question]]:
        """Collect the questions that are asked meanwhile, for an answer that is kept to be given again."""
        before = self.asked
        self.asked = set()
        try:
            yield self.asked
        finally:
            self.asked |= before

    @property
    def in_pipelines(self) -> list[Path]:
        """The files that say which steps make up a pipeline, or are one of them."""
        return [path for path, summary in self.summaries.items() if summary.in_pipelines]

    def in_file(self, path: Path) -> Declarations:
        """What a file declares."""
        declared = self._declared.get(path)
        if declared is None:
            declared = self._declared[path] = self._read(path)
        return declared

    def files_for(self, script: str) -> dict[Path, None]:
        """The files with contracts for scripts of that name."""
        return self.by_name.get(script, {})

    @property
    def by_name(self) -> dict[str, dict[Path, None]]:
        """The names of all scripts that contracts name, with the files of these contracts."""
        if self._scripts is None:
            self._scripts = {}
            for path, summary in self.summaries.items():
                for name in summary.scripts:
                    self._scripts.setdefault(name, {})[path] = None
        return self._scripts

    @property
    def names(self) -> frozenset[str]:
        """The names of all files that declare something, or that contracts name as their scripts."""
        if self._names is None:
            self._names = frozenset({*self.by_name, *(path.name for path in self.summaries)})
        return self._names

    def for_script(self, script: str) -> list[DeclaredContract]:
        """The contracts for scripts of that name."""
        known = self._contracts.get(script)
        if known is None:
            known = self._contracts[script] = [
                contract
                for path in self.files_for(script)
                for contract in self.in_file(path).contracts
                if contract.entry_point is not None
                and contract.entry_point.value
                and PurePosixPath(contract.entry_point.value).name == script
            ]
        return known


class ByFile(Mapping[Path, "Declarations"]):
    """What each file declares."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __contains__(self, path: object) -> bool:
        self._shelf.asked.add(("declares", str(path)))
        return path in self._shelf.summaries

    def __getitem__(self, path: Path) -> Declarations:
        self._shelf.asked.add(("declared", str(path)))
        if path not in self._shelf.summaries:
            raise KeyError(path)
        return self._shelf.in_file(path)

    def __iter__(self) -> Iterator[Path]:
        self._shelf.asked.add(EVERYTHING)
        return iter(list(self._shelf.summaries))

    def __len__(self) -> int:
        self._shelf.asked.add(EVERYTHING)
        return len(self._shelf.summaries)

    def named(self, name: str) -> list[Path]:
        """The files of that name."""
        self._shelf.asked.add(("called", name))
        return [path for path in self._shelf.summaries if path.name == name]


class ByScript(Mapping[str, "list[DeclaredContract]"]):
    """The contracts for scripts, by the name of the script's file."""

    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf

    def __contains__(self, script: object) -> bool:
        self._shelf.asked.add(("script", str(script)))
        return script in self._shelf.by_name

    def __getitem__(self, script: str) -> list[DeclaredContract]:
        self._shelf.asked.add(("script", script))
        if script not in self._shelf.by_name:
            raise KeyError(script)
        return self._shelf.for_script(script)

    def __iter__(self) -> Iterator[str]:
        self._shelf.asked.add(EVERYTHING)
        return iter(list(self._shelf.by_name))

    def __len__(self) -> int:
        self._shelf.asked.add(EVERYTHING)
        return len(self._shelf.by_name)
