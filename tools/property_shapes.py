"""Write src/contracts_runtime/property_shapes.json from the service models of the installed botocore.

With ``--check`` nothing is written; the exit code says whether the file is what the version of botocore that it names
makes, and is 0 if another version is installed.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import botocore
from botocore.loaders import Loader

from contracts_runtime.property_shapes import ROOT_SHAPES

DATA = Path(__file__).resolve().parent.parent / "src" / "contracts_runtime" / "property_shapes.json"
_SDK = "sdk"


class Extract:
    """The shapes that can be reached from the properties of a step."""

    def __init__(self) -> None:
        self._loader = Loader()
        self._models: dict[str, Any] = {}
        self.shapes: dict[str, object] = {}

    def service(self, name: str) -> Any:
        """Return the service model, loaded once."""
        if name not in self._models:
            self._models[name] = self._loader.load_service_model(name, "service-2")
        return self._models[name]

    def versions(self) -> dict[str, str]:
        """Return the API version of each service that was used."""
        return {name: model["metadata"]["apiVersion"] for name, model in sorted(self._models.items())}

    def add(self, name: str, service: str = "sagemaker") -> str:
        """Add a shape and all that it is made of; return its name, empty for a scalar."""
        shape = self.service(service)["shapes"][name]
        own = name if service == "sagemaker" else f"{service}.{name}"
        kind = shape["type"]
        if kind not in {"structure", "list", "map"}:
            return ""
        if own in self.shapes:
            return own
        self.shapes[own] = None  # shapes may contain themselves
        if kind == "structure":
            self.shapes[own] = {
                key: self.add(each["shape"], service) for key, each in shape["members"].items()
            }
        elif kind == "list":
            self.shapes[own] = [self.add(shape["member"]["shape"], service)]
        else:
            self.shapes[own] = {"*": self.add(shape["value"]["shape"], service)}
        return own


def extract() -> str:
    """Return the text of the data file, one shape a line."""
    made = Extract()
    for roots in ROOT_SHAPES.values():
        for root in roots:
            service, _, name = root.rpartition(".")
            if service != _SDK:
                made.add(name, service or "sagemaker")
    source = {"botocore": botocore.__version__, "services": made.versions()}
    lines = [f"    {json.dumps(name)}: {json.dumps(made.shapes[name])}" for name in sorted(made.shapes)]
    return f'{{\n  "source": {json.dumps(source)},\n  "shapes": {{\n' + ",\n".join(lines) + "\n  }\n}\n"


def main(arguments: list[str]) -> int:
    """Write or check the file; return the exit code."""
    if "--check" not in arguments:
        DATA.write_text(extract(), encoding="utf-8")
        return 0
    present = DATA.read_text(encoding="utf-8")
    if json.loads(present)["source"]["botocore"] != botocore.__version__ or present == extract():
        return 0
    print(f"{DATA.name} is not what botocore says, run 'make shapes'", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
