"""A script that uses every way to files that Python itself has; says as JSON what it found.

The argument is the container's root: /opt/ml, or a directory that is laid out like it.
"""

# ruff: noqa: SIM115, UP020
from __future__ import annotations

import glob
import gzip
import io
import json
import os
import pathlib
import shutil
import sys
import tarfile
import tempfile
import zipfile
from io import open as io_open
from os import listdir as names_in
from typing import Any

ROOT = sys.argv[1]
INPUT = ROOT + "/processing/input/data"
OUTPUT = pathlib.Path(ROOT + "/processing/output/result")
SAID: dict[str, Any] = {}

# --- reading and looking ---

with open(INPUT + "/part-0.csv") as file, io.open(os.path.join(INPUT, "deep", "part-1.csv")) as other:
    SAID["read"] = [file.read(), other.read()]
with io_open(os.fsencode(INPUT + "/part-0.csv")) as file:
    SAID["read"].append(file.readline())
SAID["name"] = open(ROOT + "//processing/./input/data/part-0.csv").name
SAID["exists"] = [
    os.path.exists(INPUT),
    os.path.isfile(INPUT + "/part-0.csv"),
    os.path.isdir(ROOT + "/processing/input/none"),
    pathlib.Path(INPUT).is_dir(),
    os.access(INPUT, os.R_OK),
    os.path.exists(ROOT + "x"),
]
SAID["listed"] = [sorted(names_in(INPUT)), sorted(os.listdir(ROOT + "/processing"))]
with os.scandir(INPUT) as entries:
    SAID["scanned"] = sorted((entry.path, entry.is_dir(), os.fspath(entry)) for entry in entries)
SAID["walked"] = sorted(os.path.join(folder, name) for folder, _, names in os.walk(INPUT) for name in names)
SAID["globbed"] = sorted(glob.glob(INPUT + "/**/*.csv", recursive=True))
SAID["paths"] = sorted(str(path) for path in pathlib.Path(INPUT).rglob("*.csv"))
SAID["children"] = sorted(str(path) for path in pathlib.Path(INPUT).iterdir())
SAID["size"] = [os.path.getsize(INPUT + "/part-0.csv"), pathlib.Path(INPUT, "part-0.csv").stat().st_size]
SAID["resolved"] = [os.path.realpath(INPUT), str(pathlib.Path(INPUT, "..", "data").resolve())]

# --- writing and changing ---

(OUTPUT / "a" / "b").mkdir(parents=True)
(OUTPUT / "a" / "text.txt").write_text("text")
os.makedirs(str(OUTPUT / "a"), exist_ok=True)
os.rename(str(OUTPUT / "a" / "text.txt"), str(OUTPUT / "renamed.txt"))
(OUTPUT / "renamed.txt").replace(OUTPUT / "replaced.txt")
shutil.copy(INPUT + "/part-0.csv", str(OUTPUT / "copied.csv"))
shutil.copytree(INPUT, str(OUTPUT / "tree"))
shutil.move(str(OUTPUT / "copied.csv"), str(OUTPUT / "moved.csv"))
shutil.rmtree(str(OUTPUT / "a"))
with gzip.open(str(OUTPUT / "text.gz"), "wt") as file:
    file.write("packed")
with tarfile.open(str(OUTPUT / "all.tar.gz"), "w:gz") as tar:
    tar.add(INPUT, arcname="data")
with tarfile.open(str(OUTPUT / "all.tar.gz")) as tar:
    SAID["packed"] = sorted(tar.getnames())
with zipfile.ZipFile(str(OUTPUT / "all.zip"), "w") as archive:
    archive.write(INPUT + "/part-0.csv", "part.csv")
with tempfile.NamedTemporaryFile("w", dir=str(OUTPUT), suffix=".tmp", delete=False) as temporary:
    temporary.write("temporary")
    SAID["temporary"] = os.path.dirname(temporary.name)
os.remove(temporary.name)
os.symlink(INPUT, str(OUTPUT / "link"))
SAID["link"] = [os.path.islink(str(OUTPUT / "link")), os.path.exists(str(OUTPUT / "link" / "part-0.csv"))]
(OUTPUT / "link").unlink()
descriptor = os.open(str(OUTPUT / "raw.bin"), os.O_WRONLY | os.O_CREAT)
os.write(descriptor, b"raw")
os.close(descriptor)
with open(os.open(str(OUTPUT / "raw.bin"), os.O_RDONLY)) as file:
    SAID["raw"] = file.read()
SAID["written"] = sorted(
    os.path.relpath(os.path.join(folder, name), str(OUTPUT))
    for folder, _, names in os.walk(str(OUTPUT))
    for name in names
)
os.chdir(INPUT)
SAID["relative"] = open("part-0.csv").read()

# --- errors tell the path that the script gave ---

SAID["errors"] = []
for operation in (
    lambda: open(ROOT + "/processing/output", "w"),
    lambda: open(ROOT + "/model/none.json"),
    lambda: os.listdir(ROOT + "/processing/input/none"),
    lambda: os.rename(ROOT + "/none", ROOT + "/other"),
    lambda: pathlib.Path(ROOT + "/none/text.txt").write_text("text"),
    lambda: pathlib.Path(ROOT + "/none").stat(),
    lambda: shutil.copy(ROOT + "/none.csv", ROOT + "/other.csv"),
):
    try:
        operation()
    except OSError as error:
        SAID["errors"].append([type(error).__name__, error.filename, error.filename2, str(error)])

# --- modules, and what is elsewhere ---

sys.path.insert(0, ROOT + "/processing/input/data/modules")
import beside_the_data  # type: ignore[import-not-found]  # noqa: E402

SAID["module"] = [beside_the_data.VALUE, os.path.dirname(beside_the_data.__file__)]
with tempfile.TemporaryDirectory() as folder:
    pathlib.Path(folder, "opt", "ml").mkdir(parents=True)
    SAID["elsewhere"] = os.listdir(os.path.join(folder, "opt"))

sys.stdout.write(json.dumps(SAID, default=repr))
