"""What rules propose when something has a repair. They say what should be; ``fixes`` knows how texts are edited.

Every repair can be made from what a rule knows anyway and costs nothing until somebody asks for the fix. A repair that
cannot be carried out where it is proposed (a value that is computed, a file that is generated) leads to no fix.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from flake8_contracts.catalog.model import DeclaredContract
from flake8_contracts.findings import Applicability, Place, Repair


class Respell(NamedTuple):
    """The text that is written at ``place`` (a literal, a key, a value) should be ``new`` instead of ``old``.

    ``old`` may be the beginning of what is written there, such as a directory; the rest is kept.
    """

    place: Place
    old: str
    new: str
    applicability: Applicability = "unsafe"

    @property
    def title(self) -> str:
        """The new spelling."""
        return f"Replace {self.old!r} by {self.new!r}"


class DeclareVariable(NamedTuple):
    """Every one of the contracts should declare the variable: required, or optional with ``default``."""

    contracts: tuple[DeclaredContract, ...]
    name: str
    default: str | None = None
    applicability: Applicability = "safe"

    @property
    def title(self) -> str:
        """How it is declared."""
        how = "required" if self.default is None else "optional"
        return f"Declare {self.name!r} as {how} in {', '.join(contract.name for contract in self.contracts)}"


class ReadWithDefault(NamedTuple):
    """The look-up at ``place`` (``os.environ["X"]``) should fall back to ``default``."""

    place: Place
    name: str
    default: str
    applicability: Applicability = "safe"

    @property
    def title(self) -> str:
        """The default."""
        return f"Read {self.name!r} with the default {self.default!r}"


class ReadWithoutDefault(NamedTuple):
    """The read at ``place`` (``os.environ.get("X", "1")``) should fail when the variable is not set."""

    place: Place
    name: str
    applicability: Applicability = "unsafe"

    @property
    def title(self) -> str:
        """The variable."""
        return f"Read {self.name!r} without a default"


class UseDefault(NamedTuple):
    """The constant at ``place`` should mean ``default``; it keeps its type."""

    place: Place
    default: str
    applicability: Applicability = "unsafe"

    @property
    def title(self) -> str:
        """The default."""
        return f"Use the default {self.default!r}"


class AddVariable(NamedTuple):
    """The dictionary at ``dictionary``, which is taken from the environment, should also have the variable.

    ``lookup`` is where it is looked up; the default that is given there is used.
    """

    dictionary: Place
    lookup: Place
    name: str
    applicability: Applicability = "safe"

    @property
    def title(self) -> str:
        """The variable."""
        return f"Take {self.name!r} from the environment, too"


class DeclareDirectory(NamedTuple):
    """The input or output ``name`` of the contract, whose path names a file, should be the directory above.

    What asked the contract for the file then has to name the file itself.
    """

    contract: DeclaredContract
    name: str
    direction: str = "output"
    applicability: Applicability = "safe"

    @property
    def title(self) -> str:
        """What becomes a directory."""
        return f"Declare the directory of {self.direction} {self.name!r}, and name the file in the script"


class AskContract(NamedTuple):
    """The path that is written at ``place`` should be asked for: ``direction`` ``name``, which is at ``directory``.

    A script without an enforcer gets one for its contracts, which somebody has to judge.
    """

    place: Place
    direction: str
    name: str
    directory: str
    contracts: tuple[DeclaredContract, ...] = ()
    applicability: Applicability = "safe"

    @property
    def title(self) -> str:
        """What is asked for."""
        return f"Take the path from {self.direction} {self.name!r} of the contract"


class WriteContract(NamedTuple):
    """The script should have a contract with these fields, which nobody has written yet.

    Inputs and outputs are directories by logical name, ``optional`` are variables with their defaults.
    """

    script: Path
    inputs: Mapping[str, str]
    outputs: Mapping[str, str]
    required: tuple[str, ...]
    optional: Mapping[str, str]
    applicability: Applicability = "unsafe"

    @property
    def title(self) -> str:
        """The script."""
        return f"Write a contract for {self.script.name}"


class Several(NamedTuple):
    """Repairs that belong together."""

    title: str
    repairs: tuple[Repair, ...]
    applicability: Applicability = "unsafe"
