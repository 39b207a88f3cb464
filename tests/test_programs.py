"""Programs that are unusual, endless or large: the analysis ends, and what comes after them is still seen."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from itertools import chain, islice
from string import ascii_lowercase

import libcst as cst
import pytest

CONTRACT = "entry_point: job.py\noptional_env_vars: {DECLARED: x}\n"
LAST = '\nimport os as _os\n\nprint(_os.environ["UNDECLARED"])\n'
"""The defect at the end of every program here: reported, unless what comes before ends the program."""


def seen(lines, text: str) -> bool:
    """Whether the defect at the end of a script is reported at its line."""
    return (text + LAST).rstrip("\n").count("\n") + 1 in {
        line.line for line in lines if line.code == "SMC201"
    }


SYNTAX = {
    "match": """
match x:
    case {"a": [1, *rest], **kw} if rest: pass
    case Point(x=0, y=y) | [y, _]: pass
    case "a" | -1 | 1 + 2j | None: pass
    case str() as s: pass
    case a.b.C: pass
    case (1, 2) | [*_]: pass
    case _: pass
""",
    "assignment expressions": """
if (n := len(a)) > 1: print(n)
x = [y := f(v), y ** 2]
print([z for q in r if (z := q)])
while (c := g()): pass
""",
    "coroutines": """
import asyncio
async def f():
    async with a as b, c: pass
    async for i in b: yield i
    x = [j async for j in k if await j]
    await x
async def main():
    await asyncio.gather(*[f(), f()])
asyncio.run(main())
""",
    "decorators": """
@a.b(c)[d]
@(lambda f: f)
@x if y else z
def f(): pass
@dataclass(frozen=True)
class C:
    x: int = 1
    @property
    def y(self): return 1
    @y.setter
    def y(self, v): pass
    @staticmethod
    def z(): pass
    @classmethod
    def w(cls): pass
C().y = 1
C.w(), C.z(), f()
""",
    "type parameters": """
type X[T] = list[T]
def f[T: int, *Ts, **P](a: T) -> T: return a
class A[T]:
    x: T
f(1), A()
""",
    "exception groups": "try: pass\nexcept* (A, B) as e: pass\nexcept* C: pass\n",
    "strings in f-strings": (
        "x = f\"{d[\"a\"]}\"\ny = f'{f'{f'{1}'}'}'\nz = f\"{'\\n'.join(a)}\"\n"
        "w = f'''{\n  x  # comment\n}'''\nv = rf'\\d{x:\\d}'\n"
    ),
    "f-strings": "x = f'{x!r:>{w}.{p}}' f'{{}}' 'b' rf'\\{x}'\ny = f'{x=!s}{(lambda: 1)()}{x:%Y-%m-%d}'\n",
    "parameters": """
def f(a, b=1, /, c=2, *d, e, g=3, **h): pass
f(1, *x, e=2, **y), f(*a, *b, **c, **d), (lambda a, /, *, b=1: a)(1)
""",
    "with statements": """
with (open("a") as a, open("b") as b,): pass
with (a, b): pass
with (a): pass
with a as (b, c), d as e.f, g as h[0]: pass
""",
    "unpacking": """
a, *b, (c, [d, *e]) = f
for x, *y in z: pass
for x in *a, *b: pass
del a, b[0], (c, d)
x = *a, *b
a[*b], a[1:2, ::3, ...]
[a.b, c[d]] = e = f
open(*["x"], **{"mode": "w"})
""",
    "scopes": """
def f():
    global g
    g = 1
    def h():
        nonlocal k
        k = 1
    k = 2
    h()
f()
print(g, k)
""",
    "generators": """
def g():
    x = yield 1
    y = yield from h()
    return y
def h():
    while True:
        try: yield
        finally: pass
for i in g(): print(i)
next(g()), list(g()), g().send(1)
""",
    "classes": """
class M(type):
    def __call__(cls, *a): return super().__call__(*a)
class A(B, metaclass=M, x=1, **kw):
    __slots__ = ("a",)
    def __init_subclass__(cls, **k): super().__init_subclass__(**k)
    def __enter__(self): return self
    def __exit__(self, *a): return True
    def __iter__(self): yield 1
    def __truediv__(self, o): return self / o
    def __getattr__(self, n): return getattr(self, n)
    def __getitem__(self, n): return self[n]
    def __call__(self): return self()
    @property
    def x(self): return self.x
with A() as a:
    for i in a: pass
    a / "x", a.x, a.y, a[0], a()
class B(A): pass
class A(B): pass
A().q, super().x
""",
    "errors": """
try:
    1 / 0; 1 % 0; [][0]; {}["a"]; "a"["b"]; "a" + 1; -"a"; int("a"); "".join([1]); len(5); range("a")
    "%d" % "a"; "%(a)s" % 1; "%" % 1; "{0}{}".format(1); "{a.b[c]}".format(a=1); "{".format(); "{!x}".format(1)
    "a".split(""); "abc"[::0]; [1][1:2:0]; {[]: 1}; open(); str(1, 2, 3); f(**1); f(*1); min(); max([]); sum("a")
except Exception:
    pass
""",
    "paths": """
from pathlib import Path
import os.path as p
try:
    Path() / "a" / Path("b") / 1; Path("/a").parents[100]; Path("").with_name("x"); Path("/").with_suffix(".x")
    Path("a").relative_to("/b"); Path(None); Path(1); 1 / Path("a"); Path("a") + "b"; Path("a").joinpath(*x)
    p.join(); p.join("a", None); p.join(*x); p.join([]); p.relpath("a", "b"); p.commonpath([]); p.expandvars("$A/${B")
except Exception:
    pass
""",
    "the environment": """
import os
try:
    os.environ[None]; os.environ[1]; os.environ["DECLARED", "B"]; os.environ.get(); os.getenv(*x); os.getenv(name=1)
    os.environ.get("DECLARED", "x", "y"); {**os.environ}; os.environ | {"A": 1}; os.environ.update(A="b", **x)
    dict(os.environ)["DECLARED"]; del os.environ["A"]; os.environ["X"] += "y"; os.environ.setdefault("Y")
except Exception:
    pass
""",
    "parsers of arguments": """
import argparse
try:
    p = argparse.ArgumentParser(*a, **k)
    p.add_argument(); p.add_argument(x); p.add_argument("-", default=1); p.add_argument("--a", type=lambda s: s / 0)
    p.add_argument("--b", choices=range(10 ** 9)); p.add_argument("--c", choices=1, nargs="x", type=int, default="q")
    p.add_subparsers().add_parser("x").add_argument("--y", required=x)
    p.parse_args(5).a.b; vars(p.parse_args())["a"]; p.parse_known_args()[0].b; p.parse_args().nothing
except Exception:
    pass
""",
    "dynamic code": """
import importlib
m = importlib.import_module("job")
m.x, getattr(m, "x")(), globals()["a"], setattr(m, "y", 1), locals(), vars()
exec("import os"); eval("1")
""",
    "imports": """
import a.b.c as d, e
from . import x
from ...... import z
from .a.b import *
from os import *
from job import *
import job
""",
    "names": "é = 1\nﬁ = 2\nfi\nself = 1\nprint2 = print\n__name__ = 'x'\nlen = 5\nlen('a')\n",
    "layout": (
        "x = 1; y = 2;\nif x : z = 1; w = 2\nif y:\n\tq = 1\n\n\n\tr = 2\n"
        "else :\n        s = 1\n\f\nt = 1 \\\n  + 2\n"
    ),
    "objects that contain themselves": """
d = {}
d["d"] = d
l = []
l.append(l)
class A:
    def __init__(self): self.a, self.b = self, [self]
print(d["d"]["d"], f"{d}{l}", l, A().a.a.b[0].a)
for x in l: open(str(x))
""",
}


@pytest.mark.parametrize("name", SYNTAX)
def test_syntax(report_on, name):
    text = SYNTAX[name]
    try:
        cst.parse_module(text)
    except cst.ParserSyntaxError:
        pytest.skip("this version of LibCST does not know the syntax")
    lines = report_on({"job.contract.yaml": CONTRACT, "job.py": text + LAST})
    assert {line.code for line in lines} <= {"SMC201", "SMC204"}
    assert seen(lines, text)


def test_valid_code_that_the_parser_refuses(report_on):
    text = "(x): int = 1\n"
    with pytest.raises(cst.ParserSyntaxError):
        cst.parse_module(text)
    (line,) = report_on({"job.contract.yaml": CONTRACT, "job.py": "import os\n\n" + text + LAST})
    assert (line.path, line.line, line.code) == ("job.py", 3, "SMC900")
    assert "LibCST" in line.message


# Programs that are not followed to their end

IN_PART = {
    "many modules": ("".join(f"import m{i}\n" for i in range(210)), {f"m{i}.py": "" for i in range(210)}),
    "a module that is no Python": ("import helper\n", {"helper.py": "def (\n"}),
}


@pytest.mark.parametrize("name", IN_PART)
def test_what_is_checked_in_part_is_told_once(report_on, name):
    """What was seen is reported nevertheless; what was not seen is not called missing."""
    text, modules = IN_PART[name]
    contract = CONTRACT + "expected_output_paths: {result: /opt/ml/processing/output}\n"
    seen_before = 'import os\n\nprint(os.environ["UNDECLARED"])\n'
    said = report_on({"job.contract.yaml": contract, "job.py": seen_before + text, **modules})
    assert [(line.path, line.line, line.code) for line in said] == [
        ("job.py", 1, "SMC900"),
        ("job.py", 3, "SMC201"),
    ]
    assert said[0].message.startswith("this script was checked in part only: ")


def test_what_is_nested_too_deeply_is_told(write, check_here):
    """Other checkers of flake8's fail on that."""
    text = f"{LAST}x = {'-' * 700}1\n"
    root = write({"job.contract.yaml": CONTRACT, "job.py": text, "pyproject.toml": ""})
    said = check_here(".", cwd=root).about("job.py")
    assert "1:1: SMC900 this script was checked in part only: the code is nested too deeply" in "\n".join(
        said
    )
    if sys.version_info >= (3, 11):  # before, there is no room to tell where anything stands
        assert [line.split(" ")[:2] for line in said[1:]] == [["4:19:", "SMC201"]]


def test_a_script_without_a_contract_is_not_checked_at_all(report_on):
    assert report_on({"job.py": "import helper\nopen('/opt/ml/x')\n", "helper.py": "def (\n"}) == []


# Programs without an end, or whose values grow without one


def chain_of_calls(argument: str) -> str:
    """Forty functions that call the next one twice: 2 ** 40 calls."""
    functions = (f"def f{i}(x):\n    return f{i + 1}({argument}) + f{i + 1}({argument})\n" for i in range(40))
    return "".join(functions) + "def f40(x):\n    return x\nopen(f0('a'))\n"


def nested(line: str, depth: int, body: str) -> str:
    return "".join("    " * i + line.format(i=i) + "\n" for i in range(depth)) + "    " * depth + body + "\n"


ENDLESS = {
    "a loop": "while True:\n    x = 1\n    if x: break\n",
    "a loop that builds a text": "s = ''\nwhile len(s) < 10 ** 9:\n    s += 'a'\n",
    "a loop that builds a path": "from pathlib import Path\np = Path('a')\nwhile p.exists():\n    p = p / 'a'\n",
    "a long loop": "for i in range(10 ** 12):\n    x = i\n",
    "a long list": "x = list(range(10 ** 12))\ny = [str(i) for i in range(10 ** 12)]\n",
    "a product": "import itertools\nx = list(itertools.product('abcdefghij', repeat=20))\n",
    "recursion": "def f(n):\n    return f(n + 1)\nf(0)\n",
    "mutual recursion": "def f(n):\n    return g(n) + g(n)\ndef g(n):\n    return f(n - 1) + f(n - 2)\nf(1000)\n",
    "a combinator": "(lambda x: x(x)(x(x)))(lambda x: x(x)(x(x)))\n",
    "a decorator that returns itself": "def d(f):\n    return d(f)\n@d\ndef g(): pass\ng()\n",
    "calls": chain_of_calls("x"),
    "calls with new arguments": chain_of_calls("x + 'b'"),
    "branches": "x = 'a'\n" + "".join(f"if c{i}:\n    x += '{i}'\n" for i in range(60)) + "open(x)\n",
    "choices": "x = 'a'\n" + "".join(f"x = x + ('a{i}' if c{i} else 'b{i}')\n" for i in range(60)) + "open(x)\n",
    "nested loops": nested("for i{i} in range(10):", 18, "x = i0"),
    "a search in a grid": nested("for i{i} in (1, 2, 3, 4, 5, 6, 7, 8, 9, 10):", 4, "open(f'{i0}{i1}{i2}{i3}')"),
    "nested loops over texts": nested("for i{i} in ('a', 'b', 'c'):", 18, "open(i0 + i1 + i2 + i3 + i4 + i17)"),
    "nested comprehension": f"x = [i0 + i1 + i11 {' '.join(f'for i{i} in {ascii_lowercase!r}' for i in range(12))}]\n",
    "nested conditions": nested("if c{i}:", 18, "x = 1"),
    "a text that doubles": "s = 'a'\n" + "s = s + s\n" * 60,
    "a formatted text that doubles": "s = 'a'\n" + "s = f'{s}{s}'\n" * 60,
    "a replaced text that grows": "s = 'a'\n" + "s = s.replace('a', 'aaaa')\n" * 40,
    "a list that doubles": "s = [1]\n" + "s = s + s\n" * 60,
    "a list that is extended": "s = [1]\n" + "s.extend(s)\n" * 60,
    "a list that is unpacked": "s = [1]\n" + "s = [*s, *s]\n" * 60,
    "a mapping that is nested": "s = {}\n" + "s = {'x': s, 'y': s}\n" * 60 + "print(f'{s}')\n",
    "repetition": "s = 'a' * 10 ** 10\nt = [0] * 10 ** 10\nu = bytes(10 ** 10)\nv = ('a',) * 10 ** 10\n",
    "padding": (
        "a = '{:>9999999999}'.format('a')\nb = f'{1:>9999999999}'\nc = '%9999999999d' % 1\nd = '%*d' % (10 ** 10, 1)\n"
        "e = 'a'.ljust(10 ** 10)\nf = 'a'.zfill(10 ** 10)\ng = 'a'.center(10 ** 10)\nh = '\\t'.expandtabs(10 ** 10)\n"
    ),
    "numbers": (
        "a = 10 ** 10 ** 10\nb = 2 ** (2 ** 40)\nc = 1 << 10 ** 12\n"
        "d = str(9 ** 9 ** 9)\ne = int('1' * 100000)\n"
    ),
}  # fmt: skip

LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, (2 << 30, 2 << 30))
from flake8_contracts.cli import main
sys.argv[1:] = ["check", "."]
main()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is not limited so")
@pytest.mark.parametrize("name", ENDLESS)
def test_endless_programs(write, run_python, name):
    """In a process of its own, which may take two gigabytes."""
    text = ENDLESS[name]
    root = write({"job.contract.yaml": CONTRACT, "job.py": text + LAST, "pyproject.toml": ""})
    result = run_python("-c", LIMITED, cwd=root)
    assert result.stderr == ""
    assert [line.split(" ")[1] for line in result.stdout.splitlines()] == ["SMC201"]


@pytest.fixture
def said_about(write, check_here) -> Callable[[str], list[str]]:
    """The codes that the command reports in a script. What flake8's other checkers take long for is left out."""

    def said(text: str) -> list[str]:
        root = write({"job.contract.yaml": CONTRACT, "job.py": text, "pyproject.toml": ""})
        result = check_here(".", cwd=root)
        assert result.stderr == ""
        return [line.split(" ")[1] for line in result.stdout.splitlines()]

    return said


DEEP = {
    "parentheses": "x = " + "(" * 150 + "1" + ")" * 150 + "\n",
    "lists": "x = " + "[" * 90 + "]" * 90 + "\n",
    "additions": "x = " + " + ".join(["a"] * 3000) + "\n",
    "texts": "x = (" + "\n".join(["'a'"] * 3000) + ")\n",
    "attributes": "x = a" + ".b" * 2000 + "\n",
    "calls": "x = a" + ".b()" * 1000 + "\n",
    "negations": "x = " + "not " * 1000 + "1\n",
    "choices": "x = " + "".join(f"{i} if c{i} else " for i in range(500)) + "0\n",
    "alternatives": "if a: x = 0\n" + "".join(f"elif a{i}: x = {i}\n" for i in range(2000)),
    "functions": "x = " + "lambda: " * 150 + "1\n",
    "blocks": "".join(" " * i + f"if c{i}:\n" for i in range(90)) + " " * 90 + "x = 1\n",
}


@pytest.mark.parametrize("name", DEEP)
def test_deeply_nested_code(said_about, name):
    """It may be too deep to follow, or even to parse; then nothing is claimed about it.

    flake8's other checkers, and Python itself, give some of it up.
    """
    assert said_about(DEEP[name] + LAST) in (["SMC201"], ["SMC900"], [])


# Large programs


def step(number: int) -> Iterator[str]:
    """Some lines of a generated program: a table, a function that uses it, and a call."""
    yield f"TABLE_{number} = {{'name': 'column{number}', 'path': '/tmp/{number}.json', 'values': [1, 2, {number}]}}"
    yield f"def step_{number}(frame, name='x{number}', *, scale={number}):"
    yield f"    path = os.path.join(BASE, name, f'part_{{scale}}_{number}.json')"
    yield f"    if frame is None and name == 'n{number % 7}':"
    yield "        return {'path': path}"
    yield f"    elif scale > {number}:"
    yield "        path = path.replace('.json', '.csv')"
    yield "    with open(path, 'w') as stream:"
    yield f"        json.dump(TABLE_{number}, stream)"
    yield f"    return step_{number - 1}(frame, name, scale=scale)" if number % 5 else "    return path"
    yield f"RESULT_{number} = step_{number}(None, 'r{number}')"


def numbered(line: str) -> Iterator[str]:
    return (line.format(n=number) for number in range(10**9))


LARGE = {
    "functions": chain(["import json, os", "BASE = '/tmp'"], chain.from_iterable(map(step, range(10**9)))),
    "constants": numbered("C_{n} = {n}"),
    "calls": chain(["def f(a, b='.x'): return a + b"], numbered("v_{n} = f('{n}')")),
    "conditions": chain(["import sys"], numbered("if sys.argv[1] == '{n}': y = {n}")),
    "assignments to one name": chain(["x = ''"], numbered("x = f'{{x}}{n}'[-9:]")),
    "one display": chain(["X = ["], islice(numbered("    '/tmp/{n}',"), 19_998), ["]"]),
}


@pytest.mark.parametrize("name", LARGE)
def test_scripts_of_twenty_thousand_lines(said_about, name):
    text = "\n".join(islice(LARGE[name], 20_000)) + "\n"
    assert text.count("\n") == 20_000
    assert said_about(text + LAST) == ["SMC201"]


def test_a_line_of_a_million_characters(said_about):
    text = "x = '" + "a" * 1_000_000 + "'\ny = [" + "1, " * 50_000 + "]\n"
    assert said_about(text + LAST) == ["SMC201"]
