"""The example projects: in each of them exactly the marked lines are reported."""

from __future__ import annotations

import ast
import re
import runpy
import shutil
import warnings
from collections import Counter
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from flake8_contracts import Finding, Settings, check_paths, load_settings
from flake8_contracts.rules import all_rules
from flake8_contracts.rules.codes import CODES

FIXTURES = Path(__file__).resolve().parent.parent / "fixtures"
PROJECTS = (
    "clean",
    "broken",
    "opt_in",
    *sorted(f"cases/{path.name}" for path in (FIXTURES / "cases").iterdir()),
)
OPT_IN = tuple(rule.code for rule in all_rules() if not rule.default)

MARKER = re.compile(r"# expect(?:@([+-]\d+))?: (SMC\d{3}(?:, ?SMC\d{3})*)(?=$|\s)")
COMMENTS = (".py", ".yaml", ".yml", ".toml")
"""Formats with comments: markers stand in the file itself, and ``# noqa`` works."""

Place = tuple[str, int, str]
"""The path of a file below its project, a line, and a code."""


def files_in(root: Path) -> list[Path]:
    """The files of a project without what tools leave there."""
    paths = (path.relative_to(root) for path in sorted(root.rglob("*")) if path.is_file())
    return [path for path in paths if not any(part.startswith((".", "__pycache__")) for part in path.parts)]


def expected(root: Path) -> Counter[Place]:
    return Counter(place for path in files_in(root) for place in markers(root, path))


def markers(root: Path, path: Path) -> Iterator[Place]:
    """What is marked in a file, or in the list beside a file that cannot have comments."""
    if path.suffix == ".expect":
        for line in lines_of(root / path):
            where, code = line.split()
            yield path.with_suffix("").as_posix(), int(where), code
    elif path.suffix in COMMENTS:
        for number, line in enumerate(lines_of(root / path), 1):
            for marker in MARKER.finditer(line):
                for code in re.split(", ?", marker[2]):
                    yield path.as_posix(), number + int(marker[1] or 0), code


def lines_of(path: Path) -> list[str]:
    """Lines as editors and flake8 number them; their ends are cut off."""
    return path.read_text(encoding="utf-8").split("\n")[: None if path.suffix != ".expect" else -1]


def settings_for(project: str, root: Path) -> Settings:
    overrides = {"use_cache": False, "extend_select": OPT_IN if project == "opt_in" else None}
    return load_settings([root], root=root, overrides=overrides, known_codes=CODES)


def check(project: str, root: Path, *, noqa: bool = True) -> tuple[Finding, ...]:
    return tuple(check_paths([root], settings_for(project, root), noqa=noqa))


@cache
def findings(project: str) -> tuple[Finding, ...]:
    return check(project, FIXTURES / project)


def place(finding: Finding, root: Path) -> Place:
    return Path(finding.path).relative_to(root).as_posix(), finding.line, finding.code


def difference(found: tuple[Finding, ...], root: Path, wanted: Counter[Place]) -> str:
    """What is missing and what is too much, one line each; empty if there is no difference."""
    actual = Counter(place(finding, root) for finding in found)
    messages = {place(finding, root): finding.message for finding in found}
    missing = [f"missing {path}:{line}: {code}" for path, line, code in sorted((wanted - actual).elements())]
    extra = [
        f"extra   {item[0]}:{item[1]}: {item[2]} {messages[item]}"
        for item in sorted((actual - wanted).elements())
    ]
    return "\n".join([*missing, *extra])


# The markers themselves


def test_every_mark_is_a_marker():
    """A marker that is misspelt would be no expectation at all."""
    for path in files_in(FIXTURES):
        if path.suffix in COMMENTS:
            for number, line in enumerate(lines_of(FIXTURES / path), 1):
                assert len(re.findall(r"#\s*expect", line)) == len(MARKER.findall(line)), f"{path}:{number}"


def test_marked_codes_and_files_exist():
    for project in PROJECTS:
        for path, line, code in expected(FIXTURES / project):
            assert code in CODES, f"{project}/{path}:{line}"
            assert 1 <= line <= len(lines_of(FIXTURES / project / path)), f"{project}/{path}:{line}"


@pytest.mark.parametrize("project", ["broken", "clean", "opt_in"])
def test_a_project_has_the_marks_that_it_is_there_for(project):
    codes = {code for _, _, code in expected(FIXTURES / project)}
    if project == "clean":
        assert not codes
    elif project == "opt_in":
        assert codes == set(OPT_IN)
    else:
        assert codes
        assert not codes & set(OPT_IN)


def test_a_broken_script_without_its_markers_is_the_clean_one():
    script = "scripts/payload.py"
    text = (FIXTURES / "broken" / script).read_text(encoding="utf-8")
    mended = re.sub(rf"[ ]*{MARKER.pattern}", "", text, flags=re.MULTILINE)
    assert mended == (FIXTURES / "clean" / script).read_text(encoding="utf-8")
    assert mended != text


@pytest.mark.parametrize("project", PROJECTS)
def test_python_files_compile(project):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for path in files_in(FIXTURES / project):
            if path.suffix == ".py":
                data = (FIXTURES / project / path).read_bytes()
                compile(data, str(path), "exec", dont_inherit=True)


# What is reported


@pytest.mark.parametrize("project", PROJECTS)
def test_exactly_the_marked_lines_are_reported(project):
    root = FIXTURES / project
    problems = difference(findings(project), root, expected(root))
    assert not problems, f"{project}\n{problems}"


@pytest.mark.parametrize("code", [code for code in CODES if code != "SMC900"])
def test_every_rule_reports_somewhere(code):
    assert any(finding.code == code for project in PROJECTS for finding in findings(project))


def test_no_rule_fails():
    internal = [finding for project in PROJECTS for finding in findings(project) if finding.code == "SMC900"]
    assert internal == []


@pytest.mark.parametrize("project", PROJECTS)
def test_findings_point_at_something(project):
    for finding in findings(project):
        shown = text_at(finding)
        is_whole_file = (finding.line, finding.column) == (1, 1)
        is_syntax_error = finding.code == "SMC901"  # it stands between two characters
        assert shown or is_whole_file or is_syntax_error, finding
        assert shown == shown.strip(), finding


def text_at(finding: Finding) -> str:
    """The text that a finding's range covers. Fails if the range lies outside of the file or is turned around."""
    lines = lines_of(Path(finding.path))
    start, end = (finding.line, finding.column), (finding.end_line, finding.end_column)
    assert (1, 1) <= start <= end, finding
    assert finding.end_line <= len(lines), finding
    for line, column in (start, end):
        assert 1 <= column <= len(lines[line - 1]) + 1, finding
    covered = lines[finding.line - 1 : finding.end_line]
    covered[-1] = covered[-1][: finding.end_column - 1]
    covered[0] = covered[0][finding.column - 1 :]
    return "\n".join(covered)


@pytest.mark.parametrize("project", PROJECTS)
def test_related_places_exist(project):
    root = FIXTURES / project
    for finding in findings(project):
        for related in finding.related:
            lines = lines_of(root / related.path)
            assert 1 <= related.line <= len(lines), finding
            assert 1 <= related.column <= len(lines[related.line - 1]) + 1, finding


TOLD = runpy.run_path(str(FIXTURES.parent / "tools" / "fixture_messages.py"))["told"]
MESSAGES = (FIXTURES / "messages.txt").read_text(encoding="utf-8")
SAID: dict[str, str] = dict(re.findall(r"^# (\S+)\n\n((?:.+\n)+)", MESSAGES, flags=re.MULTILINE))


@pytest.mark.parametrize("project", PROJECTS)
def test_what_is_said_word_by_word(project):
    """Messages, places and fixes; ``make docs`` writes the file."""
    assert TOLD(project) == SAID.get(project, "")


def test_messages_of_every_project():
    assert set(SAID) == {project for project in PROJECTS if expected(FIXTURES / project)}


# Comments that suppress

REPORTING = [project for project in PROJECTS if expected(FIXTURES / project)]


def suppressing(project: str, directory: Path, comment: str) -> Path:
    """A copy of a project in which each line that is reported ends with a comment. ``{codes}`` are its codes."""
    root = directory / "project"
    shutil.copytree(FIXTURES / project, root, ignore=shutil.ignore_patterns("__pycache__", ".*", "*.expect"))
    wanted = expected(FIXTURES / project)
    for name in {path for path, _, _ in wanted if path.endswith(COMMENTS)}:
        lines = [MARKER.sub("", line).rstrip() for line in lines_of(root / name)]
        for number in {line for path, line, _ in wanted if path == name}:
            codes = sorted({code for path, line, code in wanted if (path, line) == (name, number)})
            lines[number - 1] += f"  # {comment.format(codes=','.join(codes))}"
        (root / name).write_text("\n".join(lines), encoding="utf-8")
    return root


def without_comments(project: str) -> Counter[Place]:
    """What is reported in files that cannot have comments."""
    wanted = expected(FIXTURES / project)
    return Counter({item: count for item, count in wanted.items() if not item[0].endswith(COMMENTS)})


@pytest.mark.parametrize("comment", ["noqa: {codes}", "noqa"])
@pytest.mark.parametrize("project", REPORTING)
def test_comments_silence_a_project(project, comment, tmp_path):
    root = suppressing(project, tmp_path, comment)
    problems = difference(check(project, root), root, without_comments(project))
    assert not problems, f"{project}\n{problems}"


@pytest.mark.parametrize("project", REPORTING)
def test_comments_with_other_codes_silence_nothing(project, tmp_path):
    root = suppressing(project, tmp_path, "noqa: E501,SMC999")
    problems = difference(check(project, root), root, expected(FIXTURES / project))
    assert not problems, f"{project}\n{problems}"


@pytest.mark.parametrize("project", REPORTING)
def test_comments_can_be_disregarded(project, tmp_path):
    root = suppressing(project, tmp_path, "noqa: {codes}")
    problems = difference(check(project, root, noqa=False), root, expected(FIXTURES / project))
    assert not problems, f"{project}\n{problems}"


@pytest.mark.parametrize("project", REPORTING)
def test_comments_leave_the_code_as_it_is(project, tmp_path):
    """Otherwise the tests above would check other programs. A docstring may take a comment in."""
    root = suppressing(project, tmp_path, "noqa: {codes}")
    for path in files_in(root):
        if path.suffix == ".py":
            assert outline(root / path) == outline(FIXTURES / project / path)


def outline(path: Path) -> str:
    tree = ast.parse(path.read_bytes())
    if ast.get_docstring(tree, clean=False) is not None:
        tree.body = tree.body[1:]
    return ast.dump(tree, include_attributes=True)
