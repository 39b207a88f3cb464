"""Makes everything that a release consists of, and tries it.

    python tools/release.py [DIRECTORY]

In DIRECTORY (default: ``dist``): the source distribution and the wheel; ``requirements.txt``, the wheel and all that it
needs, each pinned with its hashes; ``sbom.cdx.json``, a CycloneDX bill of the materials that these are. The metadata is
checked as the package index checks it, and the wheel is installed from ``requirements.txt`` into an empty environment.
``make release`` runs this where the tools for it are installed (``.ci/release.txt``).
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
_NAME = re.compile(r"(?P<name>[^-]+)-(?P<version>[^-]+?)(?:-.*\.whl|\.tar\.gz)")


def main(directory: Path) -> None:
    """Make the release; end the program at the first step that fails."""
    directory.mkdir(parents=True, exist_ok=True)
    for path in [*directory.glob("flake8_contracts-*"), *directory.glob("requirements.txt")]:
        path.unlink()
    _run("-m", "build", "--outdir", directory, TOP)
    distributions = sorted(directory.glob("flake8_contracts-*"))
    _run("-m", "twine", "check", "--strict", *distributions)
    requirements = directory / "requirements.txt"
    # The configuration of this machine's pip is nobody else's business.
    _run("-m", "piptools", "compile", "--quiet", "--generate-hashes", "--strip-extras", "--no-header", "--no-annotate",
         "--no-emit-index-url", "--no-emit-find-links", "--no-emit-trusted-host", "--no-emit-options",
         "--output-file", requirements, TOP / "pyproject.toml")  # fmt: skip
    with requirements.open("a", encoding="utf-8") as file:
        file.write(pinned(distributions))
    with tempfile.TemporaryDirectory() as scratch:
        python = _installed(Path(scratch), requirements, directory)
        _run("-m", "cyclonedx_py", "environment", "--pyproject", TOP / "pyproject.toml", "--mc-type", "library",
             "--output-reproducible", "--output-file", directory / "sbom.cdx.json", python)  # fmt: skip
    for path in [*distributions, requirements, directory / "sbom.cdx.json"]:
        print(f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}")


def pinned(distributions: list[Path]) -> str:
    """The distributions of one version as a requirement with their hashes, as ``pip`` reads it."""
    names = {
        (match["name"], match["version"]) for path in distributions if (match := _NAME.fullmatch(path.name))
    }
    ((name, version),) = names
    lines = [f"{name.replace('_', '-')}=={version}"]
    lines += [f"    --hash=sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in distributions]
    return " \\\n".join(lines) + "\n"


def _installed(directory: Path, requirements: Path, distributions: Path) -> Path:
    """The Python of a new environment that holds what the requirements say, and finds the plugin."""
    venv.create(directory, with_pip=True)
    binaries = directory / ("Scripts" if sys.platform == "win32" else "bin")
    python = binaries / "python"
    _run("-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes", "--find-links",
         distributions, "--requirement", requirements, python=python)  # fmt: skip
    said = subprocess.run(
        [binaries / "flake8", "--version"], capture_output=True, text=True, check=True
    ).stdout
    if "flake8-contracts: " not in said:
        sys.exit(f"flake8 does not find the plugin: {said}")
    # What made the environment is no material of ours.
    _run("-m", "pip", "uninstall", "--quiet", "--yes", "setuptools", "pip", python=python)
    return python


def _run(*arguments: str | Path, python: Path = Path(sys.executable)) -> None:
    process = subprocess.run([python, *arguments], check=False, capture_output=True, text=True)
    if process.returncode:
        sys.exit(f"{' '.join(map(str, arguments))}\n{process.stdout}{process.stderr}")


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "dist"))
