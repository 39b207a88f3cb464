"""A project in which everything that could be run leaves a mark."""

from __future__ import annotations

import json
import pickle
from pathlib import Path

MARKS = "PLANTED_MARKS"
"""The variable that names the directory where marks are left."""


def trap(name: str) -> str:
    """A line of Python that leaves a mark."""
    name = name.replace("/", "_")
    # Of the modules that a project can shadow, "os" is the one that is always imported before.
    return f"open(__import__('os').environ['{MARKS}'] + '/{name}', 'w').close()\n"


class Bomb:
    """Leaves a mark when it is unpickled."""

    def __init__(self, name: str) -> None:
        self.name = name

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return exec, (trap(self.name),)


CONTRACT_MODULE = f"""\
from contracts_runtime import ScriptContract
import helper
from package import folder
from planted_star import *

{trap("contract module")}

def output(name=helper.mark("default of a parameter")):
    {trap("function of a contract module")}
    return "/opt/ml/processing/output/" + "r"


class Meta(type):
    def __new__(cls, name, bases, namespace):
        {trap("metaclass")}
        return super().__new__(cls, name, bases, namespace)


class Paths(metaclass=Meta):
    {trap("class body")}
    OUTPUT = output()

    def __init_subclass__(cls):
        {trap("subclass")}

    def __class_getitem__(cls, item):
        {trap("subscript of a class")}

    def __set_name__(self, owner, name):
        {trap("descriptor")}


class Below(Paths):
    pass


def decorate(function):
    {trap("decorator")}
    return function


@decorate
def decorated() -> exec({trap("annotation")!r}):
    pass


def __getattr__(name):
    {trap("attribute of a module")}


class OwnContract(ScriptContract):
    def __init__(self, **fields):
        {trap("constructor of a contract")}
        super().__init__(**fields)


JOB = OwnContract(
    entry_point="job.py",
    expected_output_paths={{"r": output(), folder(): eval({trap("eval").strip()!r}) or "/opt/ml/processing/output/x"}},
    required_env_vars=[*__import__("planted_dynamic").NAMES],
    description=f'''{{exec({trap("f-string").strip()!r})}}''',
)
exec({trap("exec")!r})
eval(compile({trap("compile")!r}, "x", "exec"))
__import__("os").system("touch ${MARKS}/system")
__import__("subprocess").run(["touch", __import__("os").environ["{MARKS}"] + "/subprocess"])
__import__("pickle").load(open("data.pkl", "rb"))
"""

SCRIPT = f"""\
import helper
import package
from contracts_runtime import ContractEnforcer
from job_contract import JOB

{trap("script")}


def main():
    {trap("main")}
    with ContractEnforcer(JOB) as enforcer:
        open(enforcer.get_output_path("r"), "w")
    open("/opt/ml/processing/output/elsewhere/x", "w")


if __name__ == "__main__":
    main()
"""

_REGISTRY = f"""\
from contracts_runtime import NodeType, OutputSpec, DependencyType, SpecificationRegistry, StepSpecification
from job_contract import JOB

{trap("registry")}
REGISTRY = SpecificationRegistry("{{}}".format({trap("name of a registry").strip()}))
SPECIFICATION = StepSpecification(
    step_type="Job",
    node_type=NodeType.SOURCE,
    outputs=[
        OutputSpec(
            logical_name="r",
            output_type=DependencyType.PROCESSING_OUTPUT,
            property_path={trap("property path").strip()},
        )
    ],
    script_contract=JOB,
)
REGISTRY.register("Job", SPECIFICATION)
"""

STEP = """\
step_type: Job
node_type: singular
contract:
  entry_point: step.py
  outputs: {r: {path: !!python/object/apply:pathlib.Path.touch [!!python/object/apply:pathlib.Path [MARK]]}}
"""

_SHADOWED_MODULES = (
    "ast", "attr", "attrs", "builtins", "click", "codecs", "colorama", "coverage", "flake8", "importlib", "json",
    "libcst", "mccabe", "msgpack", "numpy", "os", "pathlib", "pathspec", "pycodestyle", "pydantic", "pyflakes", "re",
    "regex", "ruamel", "ruamel.yaml", "ruff", "simplejson", "site", "tokenize", "tomli", "tomllib", "typing",
    "typing_extensions", "yaml", "_ruamel_yaml", "flake8_contracts", "contracts_runtime", "boto3", "botocore",
    "sagemaker", "__main__", "__init__",
)  # fmt: skip
"""Modules that something imports when it lints, or might: here they stand in the project's root."""

_RUN_BY_TOOLS = (
    "conftest",
    "setup",
    "noxfile",
    "sitecustomize",
    "usercustomize",
    "manage",
    "tasks",
    "conf",
    "wsgi",
)
"""Modules that Python or a tool runs because of their names."""


def plant(root: Path, *, shadowing: bool = True) -> None:
    """Write the project. ``shadowing``: with modules that have the names of libraries."""
    for name, text in _texts().items():
        _write(root / name, text.encode())
    for name in (*_SHADOWED_MODULES, *_RUN_BY_TOOLS) if shadowing else _RUN_BY_TOOLS:
        if name.partition(".")[0] in (
            "flake8_contracts",
            "contracts_runtime",
            "importlib",
            "libcst",
            "ruamel",
        ):
            path = root / name.replace(".", "/") / "__init__.py"
        else:
            path = root / f"{name}.py"
        _write(path, trap(f"module {name}").encode())
    for name in (
        "data.pkl",
        "model.joblib",
        "x.pickle",
        "helper.pyc",
        "__pycache__/job_contract.cpython-311.pyc",
    ):
        _write(root / name, pickle.dumps(Bomb(name)))
    cache = root / ".flake8_contracts_cache"
    for name in ("v1/catalog.json", "v1/declarations.json", "v1/results.json", "catalog.pickle", "v1/x.pkl"):
        _write(cache / name, pickle.dumps(Bomb(f"cache {name}")))


def _texts() -> dict[str, str]:
    metadata = "Metadata-Version: 2.1\nName: planted\nVersion: 1.0\n"
    entry_points = (
        "[flake8.extension]\nZZZ = planted_plugin:Plugin\nSMC = planted_plugin:Plugin\n"
        "[flake8.report]\ndefault = planted_plugin:Plugin\n"
        "[flake8_contracts.rules]\nx = planted_plugin:Plugin\n"
        "[console_scripts]\nflake8 = planted_plugin:main\n"
    )
    return {
        "job.py": SCRIPT,
        "job_contract.py": CONTRACT_MODULE,
        "helper.py": trap("helper") + f"def mark(name):\n    {trap('function of a helper')}",
        "planted_star.py": trap("star import"),
        "planted_dynamic.py": trap("dynamic import") + "NAMES = ['A']\n",
        "planted_native.pyx": trap("cython"),
        "planted_plugin.py": trap("entry point") + "class Plugin: pass\n",
        "planted_effects.py": trap("module that the effects name") + "def save(path): pass\n",
        "planted_registry.py": _REGISTRY,
        "package/__init__.py": trap("package") + f"def folder():\n    {trap('function of a package')}    return 'x'\n",
        "vendored/plain.py": trap("vendored script") + 'open("/opt/ml/processing/output/r/x", "w")\n',
        "vendored/plain_contract.py": (
            "from contracts_runtime import ScriptContract\n" + trap("vendored contract") +
            'PLAIN = ScriptContract(entry_point="plain.py",'
            ' expected_output_paths={"r": "/opt/ml/processing/output/r"})\n'
        ),
        "package/__main__.py": trap("package as a program"),
        "planted.pth": "import os; " + trap("pth"),
        "site-packages/planted.pth": "import os; " + trap("pth in site-packages"),
        "planted-1.0.dist-info/METADATA": metadata,
        "planted-1.0.dist-info/entry_points.txt": entry_points,
        "planted.egg-info/PKG-INFO": metadata,
        "planted.egg-info/entry_points.txt": entry_points,
        "step.step.yaml": STEP,
        "step.py": trap("script of a step") + 'open("/opt/ml/processing/output/r", "w")\n',
        "tagged.contract.yaml": yaml_tagged("yaml tag"),
        "tagged_key.contract.yaml": f"? {yaml_tagged('yaml tag of a key')}: x\n",
        "tagged.contract.json": '{"entry_point": {"__reduce__": "os.system", "py/object": "planted_plugin.Plugin"}}',
        "definition.json": '{"Version": "2020-12-01", "Parameters": [], "Steps": []}',
        "tagged.contract.toml": 'entry_point = "job.py"\n__class__ = "planted_plugin.Plugin"\n',
        "notebook.ipynb": '{"cells": [{"cell_type": "code", "source": ["' + trap("notebook").strip() + '"]}]}',
        ".libcst.codemod.yaml": "modules: [planted_plugin]\n",
        "pyproject.toml": (
            '[tool.flake8-contracts]\nregistry = "planted_registry:REGISTRY"\n'
            '[tool.flake8-contracts.effects]\n'
            '"planted_effects.save" = [{ effect = "write", index = 0, keyword = "path", shape = "file" }]\n'
        ),
        "setup.cfg": "[metadata]\nname = attr: planted_plugin.NAME\n[options.entry_points]\nx = planted_plugin:x\n",
    }  # fmt: skip


def yaml_tagged(name: str) -> str:
    """A YAML value that leaves a mark when it is constructed."""
    return f"!!python/object/apply:builtins.exec [{json.dumps(trap(name).strip())}]"


def _write(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
