"""What keeps a command from running, told in one line, with exit code 2."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import click

from flake8_contracts.settings import ConfigurationError
from flake8_contracts.targets import MissingPathError

FINDINGS = 1
CANNOT_RUN = 2


class CannotRunError(click.ClickException):
    """The command cannot do what it was asked to do."""

    exit_code = CANNOT_RUN


@contextmanager
def reported() -> Iterator[None]:
    """Turn the errors that a user can mend into messages."""
    try:
        yield
    except (ConfigurationError, MissingPathError) as error:
        raise CannotRunError(str(error)) from error
