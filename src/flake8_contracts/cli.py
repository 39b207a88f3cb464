"""The command ``flake8-contracts``: the linter without flake8.

Exit codes: 0 nothing found, 1 findings, 2 the command could not run or the configuration is wrong.
"""

from __future__ import annotations

import sys
import traceback
from typing import NoReturn

import click

from flake8_contracts import __version__
from flake8_contracts.commands.check import check
from flake8_contracts.commands.contracts import contracts
from flake8_contracts.commands.errors import CANNOT_RUN
from flake8_contracts.commands.facts import facts
from flake8_contracts.commands.rule import rule
from flake8_contracts.commands.vendor import vendor
from flake8_contracts.commands.verify import verify

PROGRAM = "flake8-contracts"


def _print_version(context: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    if not wanted or context.resilient_parsing:
        return
    import platform
    from importlib.metadata import version

    python = f"{platform.python_implementation()} {platform.python_version()} on {platform.system()}"
    click.echo(f"{PROGRAM} {__version__} (flake8 {version('flake8')}, libcst {version('libcst')}, {python})")
    context.exit()


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option(
    "--version",
    is_flag=True,
    expose_value=False,
    is_eager=True,
    callback=_print_version,
    help="Print the version, and the versions that results depend on.",
)
def cli() -> None:
    """Check Amazon SageMaker scripts against their contracts."""


for _command in (check, rule, contracts, facts, vendor, verify):
    cli.add_command(_command)


def main() -> NoReturn:
    """Run the command and exit; a failure of the tool itself never looks like a finding."""
    try:
        code = cli.main(prog_name=PROGRAM, standalone_mode=False)
    except click.ClickException as error:
        error.show()
        sys.exit(CANNOT_RUN)
    except click.Abort:
        click.echo("Aborted", err=True)
        sys.exit(CANNOT_RUN)
    except Exception:  # noqa: BLE001 - whatever it is, exit code 1 would say that there are findings
        traceback.print_exc()
        click.echo(
            f"{PROGRAM} {__version__} failed (internal error): please report the lines above",
            err=True,
        )
        sys.exit(CANNOT_RUN)
    sys.exit(code if isinstance(code, int) else 0)
