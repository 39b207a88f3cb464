"""Files that are made to take all time or memory: both are bounded, something is said, and the others are checked.

Each runs in a process of its own whose memory and processor time the system limits. The limits are far above what
any of these needs (0.1 GB and a few seconds for most, 1 GB and 20 s for five megabytes of Python, which is what
parsing takes), and far below what it would take without bounds.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable

import pytest

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere memory is not limited so")

MEMORY = 2 << 30
SECONDS = 60

LIMITED = f"""
import resource, sys
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
resource.setrlimit(resource.RLIMIT_CPU, ({SECONDS}, {SECONDS}))
sys.path.pop(0)
from flake8_contracts.cli import main
main()
"""

HEAD = "from contracts_runtime import ScriptContract\n"
JOB = (
    "JOB = ScriptContract(entry_point='job.py', expected_output_paths={'r': '/opt/ml/processing/output/r'})\n"
)
DATA = "entry_point: job.py\nexpected_output_paths: {r: /opt/ml/processing/output/r}\n"
SCRIPT = 'open("/opt/ml/processing/output/r", "w")\n'
CONTROL = {
    "zz.contract.yaml": DATA.replace("job.py", "zz.py"),
    "zz.py": SCRIPT,
    "pyproject.toml": "",
}
"""A script with a defect, which is always reported."""

Reported = list["tuple[str, int, str]"]


@pytest.fixture
def report(write) -> Callable[..., Reported]:
    """What is reported of a project besides the control: file, line and code.

    The files that are ``grown`` have a terabyte, of which nothing is on the disk.
    """

    def check(files: dict[str, str], grown: tuple[str, ...] = ()) -> Reported:
        root = write({**CONTROL, **files})
        for name in grown:
            os.truncate(root / name, 1 << 40)
        environ = {name: value for name, value in os.environ.items() if not name.startswith("COV")}
        process = subprocess.run(
            [sys.executable, "-c", LIMITED, "check", "."],
            cwd=root,
            env=environ,
            capture_output=True,
            check=False,
        )
        assert process.returncode == 1, process.stderr.decode()[-2000:]
        assert process.stderr == b""
        found = []
        for line in process.stdout.decode().splitlines():
            path, number, _, message = line.removeprefix("./").split(":", 3)
            assert len(message) < 320  # the code, and a message of at most 300 characters
            found.append((path, int(number), message.split()[0]))
        assert ("zz.py", 1, "SMC106") in found
        return [item for item in found if item[0] != "zz.py"]

    return check


def with_path(before: str, value: str) -> str:
    """A contract module with an output path that is the value of an expression."""
    return (
        f"{HEAD}{before}JOB = ScriptContract(entry_point='job.py', expected_output_paths={{'r': {value}}})\n"
    )


# Contracts in Python

UNRESOLVED = {
    "a power": ("", "'/opt/ml/processing/output/' + str(10**10**8)"),
    "powers of powers": ("", "'x' * 9**9**9**9"),
    "a shift": ("", "str(1 << 10**11)"),
    "a product": ("n = 7\n" + "n = n * n\n" * 64, "str(n)"),
    "a factorial": ("import math\n", "str(math.factorial(10**8))"),
    "a power by a function": ("", "str(pow(10, 10**9))"),
    "an integer of text": ("", "str(int('9' * 10**6) ** 9999)"),
    "repetition": ("", "'ab' * 10**10"),
    "repetition of repetitions": ("s = 'ab' * 9999\n" + "s = s * 9999\n" * 9, "s"),
    "a range": ("", "''.join(str(i) for i in range(10**11))"),
    "a sum": ("", "str(sum(range(10**12)))"),
    "a width": ("", "f'{1:>99999999999}'"),
    "a width by format": ("", "'{:>{w}}'.format(1, w=10**11)"),
    "a precision": ("", "'%.*f' % (10**10, 0.1)"),
    "a width by percent": ("", "'%99999999999d' % 1"),
    "justification": ("", "'a'.rjust(10**11)"),
    "a translation": ("", "'a'.translate({97: 'b' * 10**10})"),
    "a replacement": ("s = 'a'\n" + "s = s.replace('a', 'aaaaaaaaaa')\n" * 30, "s"),
    "joins": ("s = 'a'\n" + "s = s.join([s] * 1000)\n" * 30, "s"),
    "bytes": ("", "bytes(10**11).decode()"),
    "a permutation": ("import itertools\n", "str(list(itertools.permutations(range(99))))"),
    "a catastrophic expression": ("import re\n", "re.sub(r'(a+)+$', '', 'a' * 99 + 'b')"),
    "an expression that is large": ("import re\n", "re.sub('(?:a{1,999}){1,999}' * 9, '', 'a' * 9999)"),
    "a recursion": ("def f(n):\n    return f(n + 1) + f(n - 1)\n", "f(0)"),
    "an endless loop": ("s = ''\nwhile True:\n    s += 'a' * 1000\n", "s"),
    "a doubled list": ("s = ['a']\n" + "s = s + s\n" * 60, "''.join(s)"),
    "a doubled dictionary": ("d = {}\n" + "d = {'a': d, 'b': d, 'c': [d, d]}\n" * 60, "str(d)"),
    "a union": (
        "import random\ns = ''\n" + "s = s + random.choice(['a', 'b', 'c', 'd'])\n" * 60,
        "'/opt/ml/processing/output/' + s",
    ),
    "alternatives": (
        "import sys\n" + "".join(f"x{n} = 'a{n}' if sys.argv[{n}] else 'b{n}'\n" for n in range(60)),
        " + ".join(f"x{n}" for n in range(60)),
    ),
}


def test_values_that_are_never_computed(report):
    """Each in a contract of its own."""
    texts = {f"m{n}_contract.py": with_path(*parts) for n, parts in enumerate(UNRESOLVED.values())}
    found = report({**texts, "job.py": SCRIPT})
    assert sorted(found) == sorted((name, text.count("\n"), "SMC901") for name, text in texts.items())


ENTRIES = "".join(f"    'KEY_{n}': '/data/{n}',\n" for n in range(100_000))
LARGE_MODULES = {
    "a text of 10 MB": f"TEXT = '{'x' * 10_000_000}'\n",
    "a document of 10 MB": f"'''{'x' * 80}\n{('y' * 99 + chr(10)) * 100_000}'''\n",
    "bytes of 10 MB": f"BYTES = b'{'x' * 10_000_000}'\n",
    "a comment of 10 MB": f"#{'x' * 10_000_000}\n",
}


def test_modules_beyond_what_is_read_for_contracts(report):
    """More than five megabytes of Python that mention contracts are told, and nothing is concluded from them."""
    files = {f"m{n}_contract.py": HEAD + JOB + text for n, text in enumerate(LARGE_MODULES.values())}
    assert sorted(report({**files, "job.py": SCRIPT})) == [(name, 1, "SMC901") for name in sorted(files)]


def test_a_dictionary_with_100_000_keys_in_a_contract_module(report):
    """Nothing is lost: the contract beside it is found."""
    text = f"{HEAD}TABLE = {{\n{ENTRIES}}}\nPATH = TABLE['KEY_99999']\n" + JOB
    assert report({"job_contract.py": text, "job.py": SCRIPT}) == [("job.py", 1, "SMC106")]


def test_a_contract_with_100_000_inputs(report):
    text = f"{HEAD}JOB = ScriptContract(entry_point='job.py', expected_input_paths={{\n{ENTRIES}}})\n"
    found = report({"job_contract.py": text, "job.py": "pass\n"})
    assert {path for path, _, _ in found} <= {"job_contract.py", "job.py"}
    assert {code for _, _, code in found} & {"SMC405", "SMC901"}


# Scripts


LARGE_SCRIPTS = {
    "a text of 10 MB": f"TEXT = '{'x' * 10_000_000}'\n",
    "lines of text": f"TEXT = '''{('y' * 99 + chr(10)) * 100_000}'''\n",
    "a dictionary": f"TABLE = {{\n{ENTRIES}}}\nfor key, path in TABLE.items():\n    print(TABLE[key], path)\n",
    "a list": f"LIST = {list(range(100_000))!r}\nfor item in LIST:\n    open(str(item))\n",
    "a chain of classes": "class C0: pass\n"
    + "".join(f"class C{n}(C{n - 1}): pass\n" for n in range(1, 1_000))
    + "C999().x()\n",
    "a class with bases": "".join(f"class C{n}: pass\n" for n in range(1_000))
    + f"class C({', '.join(f'C{n}' for n in range(1_000))}): pass\nC().x(C().y)\n",
    "a chain of functions": "".join(f"def f{n}(x): return f{n + 1}(x)\n" for n in range(5_000)) + "f0(1)\n",
}


def test_large_scripts(report):
    """What stands after all this is still seen."""
    scripts = {f"s{n}/job.py": text + SCRIPT for n, text in enumerate(LARGE_SCRIPTS.values())}
    found = report({"job.contract.yaml": DATA, **scripts})
    assert sorted(found) == [(name, text.count("\n"), "SMC106") for name, text in sorted(scripts.items())]


def test_more_texts_joined_than_can_be_parsed(report):
    text = f"TEXT = ({chr(10).join(repr('z' * 99) for _ in range(20_000))})\n"
    found = report({"job.contract.yaml": DATA, "job.py": text + SCRIPT})
    assert [(path, code) for path, _, code in found] == [("job.py", "SMC900")]


TOO_LARGE = {
    "statements": "x=1\n" * 300_000,
    "statements in a line": "x=1;" * 300_000 + "\n",
    "a list": f"LIST = [{'1,' * 1_000_000}]\n",
    "a text of holes": f"x = 1\nprint(f'{'{x}' * 1_000_000}')\n",
}


def test_scripts_that_take_gigabytes_to_parse(report):
    """They are not parsed, and say so; a text of ten megabytes is no trouble (see above)."""
    scripts = {f"s{n}/job.py": text + SCRIPT for n, text in enumerate(TOO_LARGE.values())}
    found = report({"job.contract.yaml": DATA, **scripts})
    assert sorted(found) == [(name, 1, "SMC900") for name in sorted(scripts)]


def test_files_of_a_terabyte(report):
    """What is larger than any program is not read; the module that a contract needs is missing then."""
    files = {
        "big.py": SCRIPT,
        "big_contract.py": HEAD + JOB,
        "big.contract.yaml": DATA,
        "paths.py": "OUT = '/opt/ml/processing/output/r'\n",
        "job_contract.py": with_path("from paths import OUT\n", "OUT"),
        "job.py": SCRIPT,
        "pyproject.toml": "",
        ".gitignore": "",
        "setup.cfg": "",
    }
    found = report(
        files, ("big.py", "big_contract.py", "big.contract.yaml", "paths.py", ".gitignore", "setup.cfg")
    )
    unread = ("big.contract.yaml", "big.py", "big_contract.py", "paths.py")
    assert sorted(found) == sorted(
        [*((name, 1, "SMC901") for name in unread), ("job_contract.py", 3, "SMC901")]
    )


MANY = 4_000


def inputs(count: int) -> str:
    return ", ".join(f"name_{n}: /opt/ml/processing/input/{n}" for n in range(count))


def test_a_contract_and_a_script_with_thousands_of_paths(report):
    """No job has as many inputs, and each would be compared with each path of the script; that is told."""
    script = "".join(f"open('/opt/ml/processing/input/{n}x/{n}')\n" for n in range(MANY))
    data = f"entry_point: job.py\nexpected_input_paths: {{{inputs(MANY)}}}\n"
    found = report({"job.contract.yaml": data, "job.py": script})
    assert found == [("job.contract.yaml", 2, "SMC405"), ("job.py", 1, "SMC900")]


def test_thousands_of_names_that_are_nearly_right(report):
    """What is meant is not looked for among so many."""
    variables = ", ".join(f"VARIABLE_{n}" for n in range(MANY))
    script = "import os\n" + "".join(f"os.environ['VARIABL_{n}']\n" for n in range(MANY))
    found = report(
        {"job.contract.yaml": f"entry_point: job.py\nrequired_env_vars: [{variables}]\n", "job.py": script}
    )
    assert Counter(code for _, _, code in found) == {"SMC201": MANY, "SMC202": MANY, "SMC405": 1}


def test_thousands_of_contracts_without_scripts(report):
    contracts = {f"c{n}.contract.yaml": DATA.replace("job.py", f"script_number_{n}.py") for n in range(1_000)}
    found = report({**contracts, **{f"folder/modul_number_{n}.py": "" for n in range(2_000)}})
    assert sorted(found) == sorted((name, 1, "SMC404") for name in contracts)


# Imports


def test_a_chain_of_a_thousand_modules(report):
    """Each imports the next; deeper than Python's own limit on recursion allows; told at the value."""
    modules = {f"m{n}.py": f"from m{n + 1} import OUT\n" for n in range(1000)}
    files = {**modules, "m1000.py": "OUT = '/opt/ml/processing/output/r'\n"}
    contract = with_path("from m0 import OUT\n", "OUT")
    found = report({**files, "job_contract.py": contract, "job.py": "from m0 import OUT\nopen(OUT, 'w')\n"})
    assert found == [("job.py", 1, "SMC900"), ("job_contract.py", 3, "SMC901")]


def test_modules_that_all_import_each_other(report):
    """Sixty modules, each with a star import of every other one."""
    modules = {
        f"m{n}.py": "".join(f"from m{k} import *\n" for k in range(60) if k != n) + f"V{n} = 'v{n}'\n"
        for n in range(60)
    }
    found = report({
        **modules, "job_contract.py": with_path("from m0 import *\n", "'/opt/ml/processing/output/' + V0"),
        "job.py": "from m59 import *\nopen('/opt/ml/processing/output/v0', 'w')\n",
    })  # fmt: skip
    assert found == [("job.py", 2, "SMC106")]


def test_a_package_that_imports_itself(report):
    files = {
        "pkg/__init__.py": "from . import *\nfrom .sub import *\nimport pkg.pkg\n",
        "pkg/sub/__init__.py": "from .. import *\nfrom ..sub import *\nfrom ... import x\n"
        "OUT = '/opt/ml/processing/output/r'\n",
        "job_contract.py": with_path("from pkg.sub import OUT\n", "OUT"),
        "job.py": "import pkg\nopen(pkg.OUT, 'w')\n",
    }  # fmt: skip
    assert report(files) in ([("job.py", 2, "SMC106")], [])


# Data files

LEVELS = "".join(
    f"l{level}: &l{level} [{','.join([f'*l{level - 1}' if level else 'x'] * 10)}]\n" for level in range(30)
)
MERGES = "".join(
    f"m{level}: &m{level} {{<<: [{','.join([f'*m{level - 1}'] * 10 if level else [])}], k{level}: 1}}\n"
    for level in range(30)
)
CHAIN = "a0: &a0 {k: 1}\n" + "".join(f"a{n}: &a{n} {{<<: *a{n - 1}, k{n}: 1}}\n" for n in range(1, 5_000))
REFUSED = {
    "a chain of merges": ("job.contract.yaml", DATA + CHAIN),
    "aliases": ("job.contract.yaml", DATA + LEVELS),
    "aliases in a step": ("job.step.yaml", "contract: {entry_point: job.py}\n" + LEVELS),
    "anchors that name themselves": ("job.contract.yaml", DATA + "description: &a {x: [*a, *a]}\n"),
    "a text of 10 MB": ("job.contract.yaml", DATA + f"description: {'x' * 10_000_000}\n"),
    "a JSON text of 10 MB": ("job.contract.json", '{"entry_point": "' + "x" * 10_000_000 + '"}'),
    "a TOML text of 10 MB": ("job.contract.toml", f'entry_point = "job.py"\ndescription = "{"x" * 10_000_000}"\n'),
    "100,000 keys": ("job.contract.yaml", DATA + "".join(f"k{n}: 1\n" for n in range(100_000))),
    "100,000 JSON keys": ("job.contract.json", "{" + ",".join(f'"k{n}":1' for n in range(100_000)) + "}"),
    "100,000 TOML keys": ("job.contract.toml", "".join(f"k{n} = 1\n" for n in range(100_000))),
    "TOML tables in tables": ("job.contract.toml", "".join(f"[{'.'.join(['a'] * n)}]\n" for n in range(1, 600))),
    "depth": ("job.contract.yaml", "a:\n" + "".join(" " * n + f"b{n}:\n" for n in range(1, 600))),
    "flow depth": ("job.contract.yaml", "a: " + "{a: " * 9999 + "}" * 9999),
    "JSON depth": ("job.contract.json", "[" * 100_000),
    "TOML depth": ("job.contract.toml", "a = " + "[" * 100_000),
    "an integer": ("job.contract.yaml", f"entry_point: {'9' * 200_000}\n"),
    "a float": ("job.contract.yaml", f"entry_point: 1e{'9' * 200_000}\n"),
    "a JSON integer": ("job.contract.json", '{"entry_point": ' + "9" * 200_000 + "}"),
    "a JSON exponent": ("job.contract.json", '{"entry_point": 1e' + "9" * 200_000 + "}"),
    "a TOML integer": ("job.contract.toml", f"entry_point = {'9' * 200_000}\n"),
    "a based integer": ("job.contract.yaml", f"entry_point: 0x{'f' * 200_000}\n"),
    "anchors and tags": ("job.contract.yaml", "entry_point: " + "&a " * 60_000 + "x\n"),
    "tags": ("job.contract.yaml", "entry_point: " + "!x " * 60_000 + "x\n"),
    "comments before a value": ("job.contract.yaml", "entry_point: !!str" + " #\n" * 60_000 + " [x]\n"),
    "white space": ("job.contract.json", '{"entry_point":' + " " * 240_000 + "x}"),
    "backslashes": ("job.contract.json", '{"entry_point": "' + "\\" * 240_001),
    "TOML quotes": ("job.contract.toml", 'entry_point = "' + "\\\"" * 120_000),
    "TOML dots": ("job.contract.toml", "a" + ".a" * 100_000 + " = 1\n"),
    "YAML documents": ("job.contract.yaml", "---\n" * 60_000),
    "YAML directives": ("job.contract.yaml", "%TAG ! tag:x\n" * 15_000 + "---\na: b\n"),
}  # fmt: skip


def test_data_that_is_refused(report):
    """One or two findings in each file say why; nothing is concluded from them."""
    files = {f"d{n}/{name}": text for n, (name, text) in enumerate(REFUSED.values())}
    found = report({**files, "job.py": SCRIPT})
    assert {path for path, _, _ in found} == set(files)
    assert {code for _, _, code in found} <= {"SMC901", "SMC405"}
    assert all(count <= 2 for count in Counter(path for path, _, _ in found).values())


@pytest.mark.parametrize(
    "text", [MERGES, "".join(f"k{n}: 1\n" for n in range(10_000))], ids=["merges", "keys"]
)
def test_data_that_is_read_all_the_same(report, text):
    """Fields that nobody knows are told one by one; the contract holds."""
    found = report({"job.contract.yaml": DATA + text, "job.py": SCRIPT})
    assert {(path, code) for path, _, code in found} == {
        ("job.contract.yaml", "SMC405"),
        ("job.py", "SMC106"),
    }


# Configuration


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"x{n}/**/y{n}\n" for n in range(50_000)),
        ("a" * 5_000 + "\n") * 1_000,
        "[a-z" * 2_000 + "\n" + "[" * 10_000 + "]" * 10_000 + "\n",
        "?" * 20_000 + "*\n",
    ],
)
def test_a_list_of_ignored_files_that_takes_for_ever(report, text):
    modules = {f"d{n}/m{n}.py": "" for n in range(300)}
    assert report({".gitignore": text, **modules, "job.contract.yaml": DATA, "job.py": SCRIPT}) == [
        ("job.py", 1, "SMC106")
    ]


@pytest.mark.parametrize("pattern", ["*a" * 12 + "b", "**/" * 30 + "b", "a*" * 20, "[a-z]*" * 12 + "!"])
def test_patterns_that_take_for_ever(report, pattern):
    name = "a" * 100
    files = {
        ".gitignore": pattern + "\n",
        f"{name}.contract.yaml": DATA,
        "job.py": SCRIPT,
        f"{name}/{name}.py": "pass\n",
    }
    assert report({**files, "job.py": SCRIPT}) == [("job.py", 1, "SMC106")]


def test_a_configuration_of_ten_megabytes(write, check):
    text = "[tool.flake8-contracts]\n" + "# a comment\n" * 1_000_000
    result = check(".", cwd=write({"pyproject.toml": text}))
    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "Error: pyproject.toml: the configuration is not read: it is larger than 1 MB\n"


def test_a_glob_of_the_configuration_that_takes_for_ever(write, check):
    files = {
        "pyproject.toml": "[tool.flake8-contracts]\nexclude = ['*a*a*a*ab']\n",
        f"{'a' * 200}.py": "pass\n",
    }
    result = check(".", cwd=write(files))
    assert result.returncode == 2
    assert "pyproject.toml:2: the glob '*a*a*a*ab' has too many stars" in result.stderr
