"""Configuration of a run: an immutable value that reaches every worker process unchanged."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

CACHE_DIRECTORY = ".flake8_contracts_cache"
"""Where results are kept between runs, in the project root."""


class ConfigurationError(Exception):
    """The configuration is wrong. The text names the file, the key or value, and the nearest valid one."""


class Origin(NamedTuple):
    """Where an option, or one value of its list, was configured. ``place`` is ``file:line`` for messages."""

    option: str
    value: str | None
    place: str


class Settings(NamedTuple):
    """What the user asked for. Paths are absolute; empty ``include`` means "found by content".

    ``select`` and ``extend_select`` decide about opt-in rules: a rule that is off by default runs only if a selector
    longer than the bare prefix ``SMC`` names it. The lists of codes may also hold other plugins' codes: a run that
    selects nothing but those reports none of this plugin's. The patterns of ``per_file_ignores`` are matched as flake8
    does; those with a slash are absolute. ``effects`` are the user's own entries of the effect catalogue.
    """

    root: Path
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    registry: str | None = None
    infer: bool = True
    cache_dir: Path | None = None
    use_cache: bool = True
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    extend_ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    fix: bool = False
    unsafe_fixes: bool = False
    effects: Mapping[str, object] = {}
    origins: tuple[Origin, ...] = ()

    def error(self, option: str, reason: str, value: str | None = None) -> ConfigurationError:
        """The error for something that turned out to be wrong later: a glob without files, a code without rule.

        ``option`` is the name of the attribute, ``value`` the one of its values that is wrong.
        """
        places = {origin.value: origin.place for origin in self.origins if origin.option == option}
        place = places.get(value) or places.get(None) or f"option {option.replace('_', '-')!r}"
        return ConfigurationError(f"{place}: {reason}")


def load_settings(  # noqa: PLR0913 - keywords, all optional
    paths: Iterable[Path],
    *,
    config_file: Path | None = None,
    root: Path | None = None,
    overrides: Mapping[str, object] | None = None,
    known_codes: Collection[str] = (),
    isolated: bool = False,
    flake8_overrides: bool = False,
    flake8_root: str | None = None,
) -> Settings:
    """The settings for a run over ``paths``.

    An option is taken from ``overrides`` (attributes of :class:`Settings`; ``None`` counts as not given), else from
    flake8's configuration file, else from the table ``[tool.flake8-contracts]`` of ``pyproject.toml``. Which files
    these are: ``config_file`` alone if it is given, none if ``isolated``; otherwise what flake8 would read, and the
    nearest ``pyproject.toml`` with that table, upwards from what the paths have in common.

    The project root is ``root``, or what is configured as such, or the directory of a configuration file that lies
    above the paths, or the nearest directory above them with ``pyproject.toml``, ``setup.cfg`` or ``.git``, or the
    working directory if that contains them, or what they have in common.

    ``known_codes`` are the codes of all rules; with them, a selector that fits none is an error.
    ``flake8_overrides`` tells that the overrides are flake8's own options, where other plugins' codes are no
    mistake, and that what they do not repeat of flake8's file does not count; ``flake8_root`` is then flake8's value
    of the root.
    Raises :class:`ConfigurationError`.
    """
    from flake8_contracts.settings.loading import Request, load

    return load(
        Request(
            paths=tuple(paths),
            config_file=config_file,
            root=root,
            overrides=dict(overrides or {}),
            known_codes=tuple(known_codes),
            isolated=isolated,
            flake8_overrides=flake8_overrides,
            flake8_root=flake8_root,
        )
    )


__all__ = ["CACHE_DIRECTORY", "ConfigurationError", "Origin", "Settings", "load_settings"]
