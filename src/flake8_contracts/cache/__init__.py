"""Results kept between runs: of each file its findings, of each declaration the scripts that it is about.

A result is used again only if everything that it depends on is as it was: the file's content, the options, the tool,
the modules of the project that were imported, where modules were looked for, and what the project declares as far as
the check asked for it. All of that is compared by content, never by time stamps. The directory can be deleted at any
time.
"""

from __future__ import annotations

from flake8_contracts.cache.results import Results

__all__ = ["Results"]
