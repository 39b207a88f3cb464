"""The linter's engine: a project's catalogue, and the findings of one file."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from flake8_contracts import faults
from flake8_contracts.buffers import read_bytes
from flake8_contracts.collection import paused_collection
from flake8_contracts.findings import Finding, FixedPlace, Report
from flake8_contracts.relevance import is_concerned
from flake8_contracts.settings import ConfigurationError
from flake8_contracts.syntax.decoding import UnparsableSource, decode_anyway, decode_source

if TYPE_CHECKING:
    from flake8_contracts.cache import Results
    from flake8_contracts.catalog.binding import Binder, Binding
    from flake8_contracts.catalog.catalog import Catalog
    from flake8_contracts.catalog.model import DeclaredContract
    from flake8_contracts.checking import Checks
    from flake8_contracts.facts.model import ScriptFacts
    from flake8_contracts.fixes.project_texts import ProjectTexts
    from flake8_contracts.flow.finder import ModuleFinder
    from flake8_contracts.flow.loader import ModuleLoader
    from flake8_contracts.resolution import Resolver
    from flake8_contracts.rules.base import Rule
    from flake8_contracts.settings import Settings
    from flake8_contracts.syntax.source import SourceModule

Subject = TypeVar("Subject")

_TOO_DEEP = "the code is nested too deeply to follow"
_DATA_SUFFIXES = (".yaml", ".yml", ".json", ".toml")


class Project:
    """A project and its declarations, read once; findings file by file."""

    #: Whether findings come with their fixes. To make them takes longer, and most runs do not ask.
    with_fixes = False

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        #: Files that are no valid Python, and declare nothing: no finding tells of them, flake8 has its own.
        self.unchecked: dict[Path, UnparsableSource] = {}
        #: Bugs of the tool: why there is no catalogue, and why nothing is kept, if no finding has told so yet.
        self._broken: Exception | None = None
        self._untold: Exception | None = None
        if settings.effects or "flake8_contracts.facts.effects" in sys.modules:
            self._register_effects()

    def _register_effects(self) -> None:
        from flake8_contracts.facts import effects
        from flake8_contracts.facts.effects.registration import EffectError

        try:
            effects.register(self.settings.effects)
        except EffectError as error:
            raise self.settings.error("effects", str(error)) from error

    @cached_property
    def loader(self) -> ModuleLoader:
        """The project's Python modules, parsed once."""
        from flake8_contracts.flow.loader import ModuleLoader

        return ModuleLoader(self.settings.root, self._finder)

    @cached_property
    def _finder(self) -> ModuleFinder:
        from flake8_contracts.flow.finder import ModuleFinder

        return ModuleFinder(self.settings.root)

    @cached_property
    def catalog(self) -> Catalog:
        """Everything that the project declares. Raises what it raised the first time."""
        if self._broken is not None:
            raise self._broken
        try:
            return self._read_catalog(self._results)
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
            self._lose_results(error)
        try:
            return self._read_catalog(None)
        except Exception as error:
            self._broken, self._untold = error, None
            raise

    def _read_catalog(self, results: Results | None) -> Catalog:
        from flake8_contracts.catalog.catalog import Catalog

        with paused_collection():
            kept = results.declarations if results is not None else None
            catalog = Catalog(self.settings, lambda: self.loader, kept)
        if results is not None:
            results.attach(catalog)
        return catalog

    def prepare(self) -> bool:
        """Read the declarations; whether that was possible. If not, the files say why."""
        try:
            _ = self.catalog
        except ConfigurationError:
            raise
        except Exception:  # noqa: BLE001 - told for each file that is checked
            return False
        return True

    def _lose_results(self, error: Exception) -> None:
        """Go on without what is kept between runs; the next file tells why."""
        self.__dict__["_results"] = None
        self._untold = error

    @cached_property
    def _results(self) -> Results | None:
        """What is kept between runs."""
        if not self.settings.use_cache or self.settings.cache_dir is None:
            return None
        from flake8_contracts.cache import Results

        return Results(self.settings, self.settings.cache_dir, self._finder, lambda: self.loader)

    @cached_property
    def binder(self) -> Binder:
        """Finds the contracts of a script."""
        from flake8_contracts.catalog.binding import Binder

        return Binder(self.catalog)

    @cached_property
    def texts(self) -> ProjectTexts:
        """The project's files as texts to edit."""
        from flake8_contracts.fixes.project_texts import ProjectTexts

        return ProjectTexts(self)

    @cached_property
    def _resolver(self) -> Resolver:
        from flake8_contracts.resolution import Resolver

        codes = frozenset(rule.code for rule in self.rules)
        return Resolver(self.settings.root, codes, (lambda: self.texts) if self.with_fixes else None)

    @cached_property
    def _checks(self) -> Checks:
        from flake8_contracts.checking import Checks

        return Checks(lambda: self.rules, self.catalog)

    @cached_property
    def rules(self) -> tuple[Rule, ...]:
        """The rules that this run may report. Others are not run."""
        from flake8_contracts.rules import all_rules
        from flake8_contracts.selection import Selection

        rules = all_rules()
        selection = Selection(self.settings, {rule.code: rule.default for rule in rules})
        return tuple(rule for rule in rules if selection.decide(rule.code))

    @property
    def is_loaded(self) -> bool:
        """Whether LibCST and the engine were needed so far."""
        return "loader" in self.__dict__

    def declaration_files(self) -> list[Path]:
        """The data files that declare contracts, or should."""
        found = self.catalog.declaring_files() if self.prepare() else []
        return [path for path in found if path.suffix != ".py"]

    def facts(self, path: Path, text: str | None = None) -> ScriptFacts:
        """What the script at ``path`` does. Raises ``UnparsableSource`` or ``OSError``."""
        from flake8_contracts.facts.build import facts_of

        return facts_of(self._source(path, text), self.loader)

    def binding(self, path: Path, text: str | None = None) -> Binding:
        """Which contracts the script at ``path`` has, and why."""
        source = self._source(path, text)
        return self.binder.bind(self.facts(path, source.text), path, source.text)

    # -- checking ----------------------------------------------------------------------------------------

    def check_file(self, path: Path, text: str | None = None, display: str | None = None) -> list[Finding]:
        """The findings of one file, by position; not yet filtered by ``# noqa``.

        ``text`` replaces the file's content (an unsaved buffer, a text from standard input); ``display`` is the path
        that findings carry.
        """
        path = path.absolute()
        shown = display if display is not None else str(path)
        try:
            found = self._checked(path, text, shown)
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
            if not _mentions_containers(path, text):
                return []
            return [faults.finding(faults.internal(path, "the check", faults.reason(error)), shown)]
        if self._untold is not None and found:
            kept = faults.internal(path, "the cache", faults.reason(self._untold))
            self._untold = None
            return sorted([*found, faults.finding(kept, shown)])
        return found

    def _checked(self, path: Path, text: str | None, shown: str) -> list[Finding]:
        try:
            if not self.concerns(path, text):
                return []
        except (OSError, UnparsableSource):
            return self._findings(path, text, shown)  # which says what is wrong with the file
        _, results = self.catalog, self._results
        if results is None or self.with_fixes:
            # A fix is made from more than its finding: every script that the contract has, say.
            return self._findings(path, text, shown)
        try:
            return results.findings(
                path, text, shown, lambda: self._findings(path, text, shown), self._is_lasting
            )
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
            self._lose_results(error)
            return self._findings(path, text, shown)

    def _is_lasting(self, path: Path, findings: list[Finding]) -> bool:
        """Whether another run with the same files would say the same, and everything is in the findings."""
        return path not in self.unchecked and not faults.has_bug(findings)

    def may_concern(self, path: str, text: str) -> bool:
        """Whether :meth:`concerns` may say yes. For most files this look at their text and name is all that is done."""
        if is_concerned(text):
            return True
        # Where the declarations cannot be looked for, only files that say themselves that they matter tell it.
        return self.prepare() and self.catalog.may_concern(path)

    def concerns(self, path: Path, text: str | None = None) -> bool:
        """Whether there is anything to check in a file, judged by its text. Raises like :meth:`facts`."""
        if path.suffix in _DATA_SUFFIXES or self.catalog.unreadable_at(path):
            return True
        if text is None:
            text = decode_source(path, read_bytes(path))
        return (
            is_concerned(text)
            or path in self.catalog.shelf.summaries  # nothing is kept of this, so that no question is noted
            or path.name in self.catalog.shelf.by_name
        )

    def _findings(self, path: Path, text: str | None, shown: str) -> list[Finding]:
        with self.one_file():
            return self._computed(path, text, shown)

    @contextmanager
    def one_file(self) -> Iterator[None]:
        """Do all that concerns one file: what is made for it is forgotten then, and nothing is collected before."""
        with paused_collection():
            yield
            if self.is_loaded:
                self.loader.forget_scripts()

    def _computed(self, path: Path, text: str | None, shown: str) -> list[Finding]:
        from flake8_contracts.catalog.model import Declarations

        reports: list[Report] = []
        is_known = path in self.catalog.by_file
        try:
            reports.extend(self._reports(path, text))
        except RecursionError:
            reports.append(faults.cut_short(path, [_TOO_DEEP]))
        except OSError as error:
            reports.append(
                Report("SMC901", FixedPlace(path), f"the file cannot be read: {error.strerror or error}")
            )
        except ConfigurationError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
            reports.append(faults.internal(path, "the check", faults.reason(error)))
        finally:
            if not is_known:
                # A file that is not read for declarations has none for others, whatever is checked before them.
                self.catalog.add(path, Declarations())
        return self._resolver.findings(path, reports, shown) if reports else []

    def check_script(
        self, path: Path, contracts: tuple[DeclaredContract, ...], display: str | None = None
    ) -> list[Finding]:
        """The findings of a script under the given contracts, whatever the project declares."""
        from flake8_contracts.catalog.binding import Binding
        from flake8_contracts.rules.base import ScriptCase

        facts = self._facts(self._source(path, None))
        if isinstance(facts, Report):
            return self._resolver.findings(path, [facts], display or str(path))
        case = ScriptCase(facts, Binding(contracts, "given"), self.catalog)
        reports = list(self._checks.script(path, case))
        if facts.incomplete:
            reports.append(faults.cut_short(path, facts.incomplete))
        return self._resolver.findings(path, reports, display or str(path))

    def _reports(self, path: Path, text: str | None) -> Iterator[Report]:
        declared = self.catalog.by_file.get(path)
        if path.suffix not in _DATA_SUFFIXES:
            yield from self._check_python(path, text)
        elif declared is not None or text is not None:
            if text is not None:
                self.catalog.update(path, text)
            yield from self._checks.declarations(path)
        yield from self._checks.unreadable(path, self.catalog.unreadable_at(path))

    def _check_python(self, path: Path, text: str | None) -> Iterator[Report]:
        if text is None:
            text = decode_anyway(path, read_bytes(path))
        if path in self.catalog.by_file or is_concerned(text) or path.name in self.catalog.by_script:
            yield from self._check_module(path, text)

    def _check_module(self, path: Path, text: str) -> Iterator[Report]:
        known = path in self.catalog.by_file and self.loader.known(path, text) is not None
        if not known:
            self.catalog.update(path, text)
        try:
            source = self._source(path, text)
        except UnparsableSource as error:
            if error.valid_python:
                yield faults.unparsable(path, error.span, error.reason)
            elif path in self.catalog.by_file:
                yield from self._checks.declarations(path)
            else:
                self.unchecked[path] = error
            return
        yield from self._checks.declarations(path)
        yield from self._check_script(path, source)

    def _check_script(self, path: Path, source: SourceModule) -> Iterator[Report]:
        from flake8_contracts.rules.base import ScriptCase

        may_be_named = is_concerned(source.text)
        if not may_be_named and not self.binder.by_entry_point(path, source.text).contracts:
            return
        facts = self._facts(source)
        if isinstance(facts, Report):
            yield facts
            return
        binding = self.binder.bind(facts, path, source.text)
        if path in self.catalog.by_file and not binding.contracts:
            return  # a module that declares contracts for others
        if binding.excess:
            yield faults.cut_short(path, binding.excess)
            return
        if facts.incomplete and binding.contracts:
            yield faults.cut_short(path, facts.incomplete)
        case = ScriptCase(facts, binding, self.catalog)
        yield from self._checks.script(path, case)

    def _facts(self, source: SourceModule) -> ScriptFacts | Report:
        from flake8_contracts.facts.build import facts_of

        try:
            return facts_of(source, self.loader)
        except RecursionError:
            return faults.cut_short(source.path, [_TOO_DEEP])
        except Exception as error:  # noqa: BLE001 - a bug of ours is a finding, never a crash
            return faults.internal(source.path, "the analysis", faults.reason(error))

    def _source(self, path: Path, text: str | None) -> SourceModule:
        from flake8_contracts.syntax.source import parse_source, read_source

        if text is None:
            known = self.loader.source(path)
            return known if known is not None else read_source(path)
        source = self.loader.known(path, text)
        if source is None:
            source = parse_source(path, text)
            self.loader.remember(source, for_now=path not in self.catalog.by_file)
        return source


def _mentions_containers(path: Path, text: str | None) -> bool:
    """Whether a file may matter, as far as its own text tells."""
    try:
        return is_concerned(text if text is not None else decode_anyway(path, read_bytes(path)))
    except OSError:
        return True
