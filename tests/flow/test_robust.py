"""Nasty programs: the engine comes to its end without an error and without running into its bound.

The limit on steps is there for what nobody foresaw; programs like these, each large in one way, must stay well below
it, and what stands after them must still be seen.
"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from flake8_contracts.flow.interpreter import STEP_LIMIT, Interpreter
from flake8_contracts.flow.loader import ModuleLoader
from flake8_contracts.syntax.source import UnparsableSource, parse_source

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

LAST = '\nopen("/opt/ml/processing/output/last.csv", "w")\n'


def nested(heads: str, depth: int, last: str) -> str:
    """Blocks in each other; ``{n}`` in ``heads`` is the depth."""
    return "".join(" " * n + heads.format(n=n) + "\n" for n in range(depth)) + " " * depth + last


LARGE = {
    "calls that double": "def f0(x): return x\n"
    + "".join(f"def f{n}(x): return f{n - 1}(x) + f{n - 1}(x)\n" for n in range(1, 25))
    + "f24('a')",
    "functions that call each other": "".join(
        f"def f{n}(x): return f{n * 7 % 61}(x) or f{n * 11 % 61}(x)\n" for n in range(61)
    )
    + "f1('x')",
    "text that doubles": "s = 'ab'\n" + "s = s + s\n" * 40,
    "f-string that doubles": "s = 'ab'\n" + "s = f'{s}{s}'\n" * 40,
    "format that doubles": "s = 'ab'\n" + "s = '{0}{0}'.format(s)\n" * 40,
    "percent that doubles": "s = 'ab'\n" + "s = '%s%s' % (s, s)\n" * 40,
    "join that doubles": "s = 'ab'\n" + "s = '/'.join([s, s])\n" * 40,
    "path that doubles": "import os\ns = 'ab'\n" + "s = os.path.join(s, s)\n" * 40,
    "replacement that doubles": "s = 'ab'\n" + "s = s.replace('b', 'bb').replace('b', s)\n" * 40,
    "list that doubles": "s = ['ab']\n" + "s = s + s\n" * 40 + "for x in s: y = x",
    "list that doubles in place": "s = ['ab']\n" + "s += s\n" * 40 + "for x in s: y = x",
    "list that doubles in a display": "s = ['ab']\n" + "s = [*s, *s]\n" * 40 + "for x in s: y = x",
    "list that is extended with itself": "s = ['ab']\n" + "s.extend(s)\n" * 40 + "for x in s: y = x",
    "tuples of tuples": "s = ('ab', 'c')\n" + "s = (s, s)\n" * 40 + "print(s)\nopen(s)\nunknown(s)\nf(s)",
    "dictionaries of dictionaries": "d = {}\n"
    + "d = {'a': d, 'b': d}\n" * 40
    + "print(d)\nopen(d)\nunknown(d)",
    "number that grows": "n = 10 ** 10 ** 10\nm = 2\n" + "m = m * m\n" * 60 + "k = 1 << 10**9",
    "loops in loops over unknown items": nested("for i{n} in unknown:", 12, "print(i0)"),
    "loops in loops over known items": nested("for i{n} in 'abcdefgh':", 9, "x = i0"),
    "loops in loops through calls": "".join(
        f"def f{n}():\n    for x in 'abcdefgh': f{n + 1}()\n" for n in range(9)
    )
    + "def f9(): pass\nf0()",
    "comprehension over a product": "x = [a + b + c + d"
    + "".join(f" for {name} in 'abcdefghijklmnop'" for name in "abcd")
    + "]",
    "comprehensions in comprehensions": "x = " + "[" * 9 + "1" + " for _ in 'abcdefgh']" * 9,
    "dictionary with 5,000 keys": f"d = { {f'k{n}': f'/opt/ml/x{n}' for n in range(5000)} }\n"
    "d['k7']\nfor k, v in d.items(): print(k, v)",
    "dictionary with 5,000 keys, one by one": "d = {}\n" + "".join(f"d['k{n}'] = {n}\n" for n in range(5000)),
    "list with 5,000 items": f"a = {list(range(5000))}\nfor x in a: y = x",
    "huge literals": f"s = '{'x' * 100_000}'\nb = b'{'y' * 100_000}'\nn = {'9' * 4000}\nt = s + s",
    "formats that fail": "a = '%c' % 2_000_000\nb = '%c' % (1 << 70)\nc = '%d' % 'x'\nd = '{²}'.format(1)\n"
    f"e = '{{{'9' * 5000}}}'.format(1)\nf = '{{:c}}'.format(1 << 70)\ng = '{{:q}}'.format(1)\n",
    "900 additions": "s = " + " + ".join(["'a'"] * 900),
    "900 texts in a row": "s = (\n" + "    'a'\n" * 900 + ")\n",
    "dictionary of texts in many rows": "d = {'k': 'a'\n" + "    'b'\n" * 900 + "}\n",
    "5,000 assignments": "".join(f"x{n} = x{n - 1}\n" for n in range(1, 5000)),
    "2,000 branches": "".join(f"if unknown:\n    x = {n}\n" for n in range(2000)) + "print(x)",
    "200 alternatives": "".join(f"if unknown({n}): s = '{n}'\n" for n in range(200)) + "t = s + s + s + s",
    "alternatives in products": "".join(f"x{n} = 'a' if unknown else 'b'\n" for n in range(30))
    + f"s = {' + '.join(f'x{n}' for n in range(30))}\n"
    + f"t = f'{''.join(f'{{x{n}}}' for n in range(30))}'\n"
    + f"u = ''.join([{', '.join(f'x{n}' for n in range(30))}])",
    "wrapper that is called 3,000 times": (
        "import os\ndef env(n, d=None):\n    v = os.environ.get(n)\n    return v or d\n"
        + "".join(f"env('V{n}', '{n}')\n" for n in range(3000))
    ),
    "depth 60 of brackets": "x = " + "[" * 60 + "]" * 60,
    "depth 60 of parentheses": "x = " + "(" * 60 + "1" + ")" * 60,
    "depth 60 of calls": "x = " + "f(" * 60 + ")" * 60,
    "depth 60 of lambdas": "x = " + "lambda: " * 60 + "1\n" + "x" + "()" * 60,
    "depth 90 of functions": nested("def f{n}():", 90, "pass"),
    "depth 90 of branches": nested("if x{n}:", 90, "pass"),
    "depth 200 of attributes": "x = a" + ".b" * 200,
    "depth 200 of method calls": "x = a" + ".b()" * 200,
    "depth 200 of subscripts": "x = a" + "[0]" * 200,
}
NASTY: dict[str, str] = tomllib.loads(Path(__file__).with_name("nasty.toml").read_text(encoding="utf-8"))
PROGRAMS = {**NASTY, **LARGE}


@pytest.mark.parametrize("program", PROGRAMS.values(), ids=PROGRAMS)
def test_comes_to_an_end(program, analysed) -> None:
    code = program + LAST
    interpreter = Interpreter(ModuleLoader(Path("/nowhere")))
    trace = interpreter.run_script(parse_source(Path("/nowhere/script.py"), code))
    assert interpreter.steps < STEP_LIMIT // 3
    assert not trace.incomplete
    found = analysed(code)
    assert "/opt/ml/processing/output/last.csv" in {use.value.exact for use in found.paths} or found.cut_short


def test_what_takes_too_many_steps_is_cut_off() -> None:
    interpreter = Interpreter(ModuleLoader(Path("/nowhere")), step_limit=100)
    trace = interpreter.run_script(parse_source(Path("/nowhere/script.py"), "x = f(1)\n" * 100))
    assert trace.incomplete == ["the script is too entangled to follow to its end"]
    assert interpreter.steps == 101


@pytest.mark.parametrize("depth", [400, 20_000])
def test_nesting_without_end(depth, analysed) -> None:
    """LibCST refuses it, or the engine sees it through, or says that it did not."""
    try:
        found = analysed("x = " + "-" * depth + "1" + LAST)
    except UnparsableSource:
        return
    assert found.incomplete or found.paths
