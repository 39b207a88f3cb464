"""Fixing a project: fixes are applied in memory and judged by linting again until none is left; then files are written.

A fix is kept if everything still parses, what it fixes is gone, and nothing else is found that was not found before.
Fixes that touch each other wait for the next round, where they are made anew from the new text.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from flake8_contracts import faults
from flake8_contracts.buffers import read_bytes, unsaved
from flake8_contracts.findings import Edit, Finding, Fix
from flake8_contracts.fixes.file_text import FileText, Refused
from flake8_contracts.fixes.replacement import Change, obstacle, replace_all
from flake8_contracts.fixes.validity import require_valid
from flake8_contracts.noqa import not_suppressed
from flake8_contracts.output.run import in_flake8_order
from flake8_contracts.project import Project
from flake8_contracts.rules import all_rules
from flake8_contracts.selection import Selection
from flake8_contracts.settings import Settings
from flake8_contracts.targets import Target


@dataclass(frozen=True)
class Unfixed:
    """A finding whose fix could not be applied, and why."""

    finding: Finding
    reason: str


@dataclass
class Outcome:
    """What a fixing run has done, or would do. ``left`` are the findings that remain, in flake8's order."""

    fixed: list[Finding] = field(default_factory=list)
    left: list[Finding] = field(default_factory=list)
    unfixed: list[Unfixed] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)


@dataclass(frozen=True)
class _Report:
    """One look at the files. ``counts`` also has what the user does not see: other rules, and suppressed findings."""

    shown: list[Finding]
    counts: Counter[tuple[str, str]]


@dataclass(frozen=True)
class _Step:
    """A fix that was applied in memory: what it fixes, and the files that it touches."""

    finding: Finding
    paths: frozenset[Path]


class Fixing:
    """One run over the given files. :meth:`run` works in memory; :meth:`write` writes what it found."""

    def __init__(
        self,
        settings: Settings,
        files: Sequence[Target],
        *,
        unsafe: bool = False,
        noqa: bool = True,
        may_edit: Callable[[Path], bool] = lambda _path: True,
        given: Mapping[Path, bytes] | None = None,
    ) -> None:
        """``given`` are files whose content is not that on the disk, and which are never written.

        A fix never touches them together with others.
        """
        self._settings = settings
        self._files = files
        self._wanted = ("safe", "unsafe") if unsafe else ("safe",)
        self._noqa = noqa
        self._may_edit = may_edit
        self._given = {_real(path): data for path, data in (given or {}).items()}
        self._contents: dict[Path, bytes] = dict(self._given)
        #: ``None``: the file is new.
        self._originals: dict[Path, bytes | None] = {}
        self._steps: list[_Step] = []
        #: What other findings' fixes have fixed as well.
        self._gone_too: list[Finding] = []
        self._unfixed: dict[object, Unfixed] = {}
        self._last: tuple[Project, dict[Path, bytes]] | None = None

    def run(self) -> Outcome:
        """Fix in memory what can be fixed."""
        report = self._look()
        while True:
            chosen = self._choose(report.shown)
            if not chosen:
                return self._outcome(report)
            report = self._apply(chosen, report)

    def write(self, outcome: Outcome) -> Outcome:
        """Write the changes of :meth:`run`; what cannot be written is left, with the files as they were.

        Files that one fix has changed together are written together or not at all.
        """
        failed = False
        for group in self._groups():
            if group & self._given.keys():
                continue
            try:
                replace_all([change for change in outcome.changes if change.path in group])
            except Refused as refusal:
                failed = True
                for step in self._steps:
                    if step.paths <= group:
                        self._unfixed[_key(step.finding)] = Unfixed(step.finding, str(refusal))
        if not failed:
            return outcome
        self._contents = {path: data for path, data in self._contents.items() if path in self._given}
        left = self._look().shown
        known = {_key(finding) for finding in left}
        fixed = [finding for finding in outcome.fixed if _key(finding) not in known]
        return Outcome(fixed, left, list(self._unfixed.values()), outcome.changes)

    @property
    def project(self) -> Project:
        """The project as it was linted last."""
        assert self._last is not None, "it is linted first"
        return self._last[0]

    # -- looking -----------------------------------------------------------------------------------------

    def _look(self) -> _Report:
        """Lint the files as they are in memory."""
        settings = self._settings
        everything = settings._replace(
            select=(),
            ignore=(),
            extend_ignore=(),
            per_file_ignores=(),
            extend_select=(*settings.select, *settings.extend_select),
            use_cache=False,
        )
        selection = Selection(settings, {rule.code: rule.default for rule in all_rules()})
        shown: list[Finding] = []
        counts: Counter[tuple[str, str]] = Counter()
        with unsaved(self._contents):
            project = Project(everything)
            project.with_fixes = True
            if self._last is not None:
                last, contents = self._last
                names = {*contents, *self._contents}
                changed = {path for path in names if contents.get(path) != self._contents.get(path)}
                # Files may be known by another name, which a link gives them.
                project.loader.take_over(last.loader, _Files(changed))
            self._last = project, dict(self._contents)
            for file in self._files:
                found = project.check_file(file.path, file.text, file.display)
                counts.update((finding.path, finding.code) for finding in found)
                kept = [finding for finding in found if selection.decide(finding.code, file.display)]
                shown.extend(not_suppressed(kept, file.path, file.text) if self._noqa else kept)
        return _Report(list(in_flake8_order(shown)), counts)

    # -- one round ---------------------------------------------------------------------------------------

    def _choose(self, findings: Iterable[Finding]) -> list[Finding]:
        """The findings whose fixes do not touch each other. Fixes that share an edit must share it wholly."""
        chosen: list[Finding] = []
        taken: dict[Path, set[Edit]] = {}
        for finding in findings:
            fix = finding.fix
            if fix is None or fix.applicability not in self._wanted or _key(finding) in self._unfixed:
                continue
            if not self._may_apply(fix):
                continue
            reason = next(filter(None, (self._obstacle(edit.path, fix) for edit in fix.edits)), None)
            if reason is not None:
                self._unfixed[_key(finding)] = Unfixed(finding, reason)
            elif not any(_touches(edit, other) for edit in fix.edits for other in taken.get(edit.path, ())):
                chosen.append(finding)
                for edit in fix.edits:
                    taken.setdefault(edit.path, set()).add(edit)
        return chosen

    def _may_apply(self, fix: Fix) -> bool:
        among_given = {_real(edit.path) in self._given for edit in fix.edits}
        return len(among_given) == 1 and all(self._may_edit(edit.path) for edit in fix.edits)

    def _obstacle(self, path: Path, fix: Fix) -> str | None:
        return None if _real(path) in self._given else obstacle(_real(path), new=path in fix.creates)

    def _apply(self, chosen: list[Finding], before: _Report) -> _Report:
        """Apply the fixes together, or, if that leads to something else, one by one."""
        held = dict(self._contents)
        try:
            self._edit(chosen)
            after = self._look()
            _require_better(before, after, chosen)
        except Refused as refusal:
            self._contents = held
            if len(chosen) == 1:
                self._unfixed[_key(chosen[0])] = Unfixed(chosen[0], str(refusal))
                return before
            half = len(chosen) // 2
            middle = self._apply(chosen[:half], before)
            # Positions may have moved: the other half is made anew in the next round.
            return middle if middle is not before else self._apply(chosen[half:], before)
        for finding in chosen:
            edits = finding.fix.edits if finding.fix else ()
            self._steps.append(_Step(finding, frozenset(_real(edit.path) for edit in edits)))
        self._gone_too += _gone_too(before, after, chosen)
        return after

    def _edit(self, chosen: Iterable[Finding]) -> None:
        """Change the texts in memory. Raises :class:`Refused`."""
        edits: dict[Path, dict[Edit, None]] = {}
        new: set[Path] = set()
        for finding in chosen:
            for edit in finding.fix.edits if finding.fix else ():
                edits.setdefault(_real(edit.path), {})[edit] = None
            new.update(map(_real, finding.fix.creates if finding.fix else ()))
        for path, wanted in edits.items():
            before = b"" if path in new else self._read(path)
            after = _edited(path, before, wanted)
            self._originals.setdefault(path, None if path in new else before)
            self._contents[path] = after

    def _read(self, path: Path) -> bytes:
        try:
            with unsaved(self._contents):
                return read_bytes(path)
        except OSError as error:
            raise Refused(f"{path.name}: {(error.strerror or str(error)).lower()}") from error

    # -- the end -----------------------------------------------------------------------------------------

    def _outcome(self, report: _Report) -> Outcome:
        changes = [
            Change(path, self._originals[path], content)
            for path, content in sorted(self._contents.items())
            if path in self._originals and content != self._originals[path]
        ]
        fixed = [*(step.finding for step in self._steps), *self._gone_too]
        left = {_key(finding) for finding in report.shown}
        unfixed = [item for key, item in self._unfixed.items() if key in left]
        return Outcome(list(in_flake8_order(fixed)), report.shown, unfixed, changes)

    def _groups(self) -> Iterator[frozenset[Path]]:
        """The files, as sets that some fixes have changed together."""
        groups: list[frozenset[Path]] = []
        for step in self._steps:
            joined = step.paths.union(*(group for group in groups if group & step.paths))
            groups = [group for group in groups if not group & step.paths]
            groups.append(joined)
        return iter(groups)


def _edited(path: Path, before: bytes, edits: Iterable[Edit]) -> bytes:
    """The text with the edits. Raises :class:`Refused`, also for a bug of ours: nothing is written then."""
    try:
        after = FileText(path, before).edited(edits)
        require_valid(path, before, after)
    except Refused:
        raise
    except Exception as error:
        reason = " ".join(faults.reason(error).split())
        raise Refused(f"internal error: editing {path.name} failed ({reason}); please report it") from error
    return after


class _Files:
    """A set of files, whatever names they are known by."""

    def __init__(self, paths: Iterable[Path]) -> None:
        self._paths = set(paths)

    def __contains__(self, path: object) -> bool:
        return isinstance(path, Path) and _real(path) in self._paths


def _real(path: Path) -> Path:
    """The file itself, if the path is a link."""
    return Path(os.path.realpath(path))


def _key(finding: Finding) -> object:
    """What is the same of a finding after the text around it has changed."""
    return (finding.path, finding.code, finding.message)


def _touches(one: Edit, other: Edit) -> bool:
    """Whether two different edits share text or a border."""
    if one == other:
        return False
    start, end = (one.span.line, one.span.column), (one.span.end_line, one.span.end_column)
    other_start, other_end = (
        (other.span.line, other.span.column),
        (other.span.end_line, other.span.end_column),
    )
    return start <= other_end and other_start <= end


def _gone_too(before: _Report, after: _Report, fixed: Iterable[Finding]) -> list[Finding]:
    """The findings that are gone although it is another one that was fixed."""
    gone = Counter((finding.path, finding.code) for finding in before.shown)
    gone.subtract((finding.path, finding.code) for finding in (*after.shown, *fixed))
    known = {_key(finding) for finding in (*after.shown, *fixed)}
    found = []
    for finding in before.shown:
        kind = (finding.path, finding.code)
        if gone[kind] > 0 and _key(finding) not in known:
            gone[kind] -= 1
            found.append(finding)
    return found


def _require_better(before: _Report, after: _Report, fixed: Iterable[Finding]) -> None:
    """Raise :class:`Refused` unless these findings are gone and nothing has come instead."""
    gone = Counter((finding.path, finding.code) for finding in fixed)
    for key, count in gone.items():
        if before.counts[key] - after.counts[key] < count:
            raise Refused(f"the fix would not have helped against {key[1]}")
    for key, count in after.counts.items():
        if count > before.counts[key]:
            raise Refused(f"the fix would have led to {key[1]} in {key[0]}")
