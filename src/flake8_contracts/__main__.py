"""``python -m flake8_contracts``: the command, where the script is not on the path."""

from __future__ import annotations

from flake8_contracts.cli import main

if __name__ == "__main__":
    main()
