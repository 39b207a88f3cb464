"""Show what flake8 says about the two example pipelines, and fail if it is not what it should say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

TOP = Path(__file__).resolve().parent.parent
COMMAND = ("flake8", "--select", "SMC")


def run(directory: str) -> tuple[int, str]:
    """Run flake8 on a directory; return its exit code and what it said."""
    print(f"$ {' '.join(COMMAND)} {directory}", flush=True)
    process = subprocess.run(
        [sys.executable, "-m", *COMMAND, directory],
        cwd=TOP,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        check=False,
    )
    return process.returncode, process.stdout


def main() -> int:
    """Run both examples; return the exit code."""
    print("A pipeline whose scripts and contracts disagree\n")
    code, broken = run("fixtures/broken")
    print(broken)
    findings = sum(": SMC" in line for line in broken.splitlines())
    as_expected = code == 1 and findings > 0
    print(f"{findings} findings\n" if as_expected else f"expected findings, got exit code {code}\n")

    print("The same pipeline, mended\n")
    code, clean = run("fixtures/clean")
    if code == 0 and not clean:
        print("clean")
    else:
        print(clean)
        print(f"expected nothing, got exit code {code}")
        as_expected = False
    return 0 if as_expected else 1


if __name__ == "__main__":
    sys.exit(main())
