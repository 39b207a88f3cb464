"""Details of the engine that were once changed without any other test noticing."""

from __future__ import annotations

import pytest

ROOT = "/opt/ml/processing"

PATHS = {
    "a loop that never runs": (f"while 0:\n    open('{ROOT}/a')\nopen('{ROOT}/b')", ["b"]),
    "a loop that never runs, and its else": (f"while False:\n    pass\nelse:\n    open('{ROOT}/b')", ["b"]),
    "a loop that may run": (f"import sys\nwhile sys.argv:\n    open('{ROOT}/b')", ["b"]),
    "not, as a value": (f"a = not 0\nif a:\n    open('{ROOT}/b')\nelse:\n    open('{ROOT}/a')", ["b"]),
    "not, of what is unknown": (
        f"import sys\na = not sys.argv\nif a:\n    open('{ROOT}/a')\nelse:\n    open('{ROOT}/b')", ["a", "b"]
    ),
    "the index of an item": (f"names = ['a', 'b']\nopen('{ROOT}/' + names[names.index('b')])", ["b"]),
    "the index in a tuple": (f"names = ('a', 'b')\nopen('{ROOT}/%d' % names.index('b'))", ["1"]),
    "a factory of attrs": (
        "import attr\n@attr.define\nclass C:\n    path: str = attr.field(factory=lambda: '/opt/ml/a')\nopen(C().path)",
        ["/opt/ml/a"],
    ),
    "the name of a member": (
        f"import enum\nclass C(enum.Enum):\n    A = 'x'\nopen('{ROOT}/' + C.A.name)\nopen('{ROOT}/' + C.A.value)",
        ["A", "x"],
    ),
    "normpath": (f"import os\nopen(os.path.normpath('{ROOT}//x/./../b/'))", ["b"]),
    "a list that is extended": (f"s = ['a']\ns.extend(['b'])\nfor n in s:\n    open('{ROOT}/' + n)", ["a", "b"]),
    "a set that is updated": (f"s = {{'a'}}\ns.update(['b'])\nfor n in s:\n    open('{ROOT}/' + n)", ["a", "b"]),
    "a list that something is put before": (
        f"names = ['a', 'b']\nnames.insert(0, input())\nopen('{ROOT}/%d' % names.index('b'))", ["{…}"]
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PATHS)
def test_paths(name, analysed):
    code, wanted = PATHS[name]
    found = {str(use.value).removeprefix(f"{ROOT}/") for use in analysed(code + "\n").paths}
    assert found == set(wanted) or (wanted == ["{…}"] and "1" not in found)


NORMALISED = {
    "../b": f"{ROOT}/b/",
    "a//b": f"{ROOT}/x/a/b/",
    "a///b": f"{ROOT}/x/a/b/",
    "./b": f"{ROOT}/x/b/",
}


@pytest.mark.parametrize("middle", NORMALISED)
def test_normal_paths_with_an_unknown_end(middle, analysed):
    code = f"import os, sys\nopen(os.path.normpath('{ROOT}/x/{middle}/' + sys.argv[1]))\n"
    (use,) = analysed(code).paths
    assert use.value.prefix == NORMALISED[middle]


def test_a_loop_guards_what_it_tests(analysed):
    """A variable that the head of a loop asks for is there in its body."""
    code = "import os\nwhile 'A' in os.environ:\n    print(os.environ['A'])\nprint(os.environ['B'])\n"
    reads = {(read.name, read.how): read for read in analysed(code).reads}
    assert reads["A", "item"].handled
    assert not reads["B", "item"].handled


@pytest.mark.parametrize(
    ("head", "handled"),
    [
        ("contextlib.suppress(KeyError)", True), ("contextlib.suppress(OSError)", False),
        ("contextlib.nullcontext()", False),
    ],
)  # fmt: skip
def test_what_a_context_handles(head, handled, analysed):
    (read,) = analysed(f"import contextlib, os\nwith {head}:\n    x = os.environ['A']\n").reads
    assert read.handled is handled


def test_membership_by_its_method(analysed):
    """``os.environ.__contains__`` is ``in``."""
    code = "import os\nif os.environ.__contains__('A'):\n    x = 1\n"
    assert [(read.name, read.how) for read in analysed(code).reads] == [("A", "in")]
