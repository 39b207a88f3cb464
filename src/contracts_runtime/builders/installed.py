"""Which SageMaker SDK is installed, found out without importing it."""

from __future__ import annotations

import re
from importlib.machinery import PathFinder
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from contracts_runtime.builders.sdk import Sdk

EXTRA = "pip install 'flake8-contracts[sagemaker]'"
"""What installs an SDK beside this package."""

_MINIMUM, _TOO_NEW = (2, 200), (4, 0)
_SUPPORTED = "the step builders work with sagemaker >= 2.200 and < 4"


def require_sdk() -> int:
    """Return the major version of the SDK that is installed.

    Raises ``ImportError`` where there is none, or one that is not supported.
    """
    spec = find_spec("sagemaker")
    places = None if spec is None else spec.submodule_search_locations
    if places is None:
        raise ImportError(
            f"the step builders need the SageMaker SDK, which is not installed here; install it with {EXTRA}"
        )
    found = _version()
    if found and not _MINIMUM <= _numbers(found) < _TOO_NEW:
        raise ImportError(f"sagemaker {found} is installed, but {_SUPPORTED}; install it with {EXTRA}")
    # v3 comes as several distributions, of which pipelines need sagemaker-core and sagemaker-mlops.
    if _has(places, "core"):
        if not _has(places, "mlops"):
            raise ImportError(
                "the SageMaker SDK v3 is installed without sagemaker-mlops, which has its pipelines;"
                f" install it with {EXTRA}"
            )
        return 3
    if _has(places, "workflow"):
        return 2
    raise ImportError(f"the package 'sagemaker' has no pipelines, but {_SUPPORTED}; install it with {EXTRA}")


def load_sdk() -> Sdk:
    """Return the adapter of the SDK that is installed. Imports the SDK, which takes some seconds."""
    if require_sdk() == 3:
        from contracts_runtime.builders.v3 import SDK as SDK_V3

        return SDK_V3
    from contracts_runtime.builders.v2 import SDK as SDK_V2

    return SDK_V2


def _version() -> str:
    """Return the SDK's version; without the distribution that carries it, its parts decide."""
    try:
        return version("sagemaker")
    except PackageNotFoundError:
        return ""


def _numbers(version: str) -> tuple[int, int]:
    """Return the first two numbers of a version; a part that is no number counts as 0."""
    parts = (re.match(r"[0-9]*", part) for part in version.split(".")[:2])
    major, minor = ([int(part[0] or 0) for part in parts if part is not None] + [0])[:2]
    return major, minor


def _has(places: object, name: str) -> bool:
    return PathFinder.find_spec(name, list(places)) is not None  # type: ignore[call-overload]
