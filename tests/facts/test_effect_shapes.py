"""The standard library, and configuration and storage: what happens when a directory stands at the path?"""

# ruff: noqa: PLW0108 (libraries are looked for when a case is tried)

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.filterwarnings("ignore")  # libraries warn of each other

Call = Callable[[str], object]
Case = Callable[..., Any]

lib = pytest.importorskip


def text(path: str) -> None:
    Path(path).write_text("a,b\n1,2\n")


def opened(thing: Any) -> None:
    """Open what is lazy, and close it."""
    with thing:
        pass


def tar(path: str) -> None:
    import tarfile

    with tarfile.open(path, "w:gz"):
        pass


def archive(path: str) -> None:
    import zipfile

    opened(zipfile.ZipFile(path, "w"))


def beside(path: str, *, directory: bool = False) -> str:
    """Something else in the directory that the path is in."""
    other = os.path.join(os.path.dirname(path), "other")
    if directory:
        os.mkdir(other)
        text(os.path.join(other, "file"))
    else:
        text(other)
    return other


def standard_library(case: Case) -> list[Any]:
    import bz2
    import codecs
    import configparser
    import cProfile
    import filecmp
    import fileinput
    import gzip
    import io
    import linecache
    import logging
    import logging.handlers
    import lzma
    import sqlite3
    import tarfile
    import tempfile
    import urllib.request
    import wave
    import zipfile
    from xml.dom import minidom
    from xml.etree import ElementTree

    def xml(path: str) -> None:
        Path(path).write_text("<a/>")

    def profile(path: str) -> None:
        run = cProfile.Profile()
        run.runcall(int)
        run.dump_stats(path)

    def sound(path: str) -> None:
        with open(path, "wb") as raw, wave.open(raw, "wb") as file:
            file.setparams((1, 2, 8000, 0, "NONE", ""))

    return [
        case("builtins.open", lambda path: opened(open(path)), prepare=text),
        case("builtins.open", lambda path: opened(open(path, "w"))),
        case("builtins.open", lambda path: opened(open(path, "a"))),
        case("io.FileIO", lambda path: opened(io.FileIO(path, "w"))),
        case("codecs.open", lambda path: opened(codecs.open(path, "w", "utf-8"))),
        case("fileinput.input", lambda path: list(fileinput.input(path)), prepare=text),
        case("linecache.getlines", linecache.getlines),
        case("os.remove", os.remove, prepare=text),
        case("os.rmdir", os.rmdir),
        case("os.truncate", lambda path: os.truncate(path, 0), prepare=text),
        case("os.mkfifo", os.mkfifo, keyword="path"),
        case("os.rename", lambda path: os.rename(beside(path), path), ".json", keyword="dst"),
        case("os.rename", lambda path: os.rename(beside(path, directory=True), path), keyword="dst"),
        case("os.replace", lambda path: os.replace(beside(path), path), ".tar.gz", keyword="dst"),
        case("os.link", lambda path: os.link(beside(path), path), keyword="dst"),
        case("os.symlink", lambda path: os.symlink(beside(path), path), keyword="dst"),
        case("os.listdir", os.listdir),
        case("os.stat", os.stat),
        case("shutil.copy", lambda path: shutil.copy(beside(path), path), keyword="dst"),
        case("shutil.copy", lambda path: shutil.copy(path, path + ".copy"), keyword="src", prepare=text),
        case("shutil.copy2", lambda path: shutil.copy2(beside(path), path), keyword="dst"),
        case("shutil.copyfile", lambda path: shutil.copyfile(beside(path), path), keyword="dst"),
        case("shutil.move", lambda path: shutil.move(beside(path), path), keyword="dst"),
        case("shutil.copytree", lambda path: shutil.copytree(path, path + ".copy"), keyword="src"),
        case(
            "shutil.copytree",
            lambda path: shutil.copytree(beside(path, directory=True), path, dirs_exist_ok=True),
            keyword="dst",
        ),
        case("shutil.rmtree", shutil.rmtree),
        case(
            "shutil.make_archive",
            lambda path: shutil.make_archive(path, "gztar", beside(path, directory=True)),
        ),
        case(
            "shutil.unpack_archive",
            lambda path: shutil.unpack_archive(path, path + ".d", "gztar"),
            prepare=tar,
        ),
        case("pathlib.Path.open", lambda path: opened(Path(path).open("w"))),
        case("pathlib.Path.read_text", lambda path: Path(path).read_text(), prepare=text),
        case("pathlib.Path.read_bytes", lambda path: Path(path).read_bytes(), prepare=text),
        case("pathlib.Path.write_text", lambda path: Path(path).write_text("x")),
        case("pathlib.Path.write_bytes", lambda path: Path(path).write_bytes(b"x")),
        case("pathlib.Path.touch", lambda path: Path(path).touch()),
        case("pathlib.Path.unlink", lambda path: Path(path).unlink(), prepare=text),
        case("pathlib.Path.rmdir", lambda path: Path(path).rmdir()),
        case("pathlib.Path.iterdir", lambda path: list(Path(path).iterdir())),
        case("pathlib.Path.replace", lambda path: Path(beside(path)).replace(path), ".csv", keyword="target"),
        case("pathlib.Path.symlink_to", lambda path: Path(path).symlink_to(beside(path))),
        case("filecmp.cmp", lambda path: filecmp.cmp(path, beside(path))),
        case("tempfile.mkstemp", lambda path: os.close(tempfile.mkstemp(dir=path)[0])),
        case("tempfile.mkdtemp", lambda path: tempfile.mkdtemp(dir=path)),
        case("tarfile.open", lambda path: opened(tarfile.open(path)), prepare=tar),
        case("tarfile.open", lambda path: opened(tarfile.open(path, "w:gz"))),
        case("tarfile.open", lambda path: opened(tarfile.open(path, "r|*")), prepare=tar),
        case("tarfile.TarFile", lambda path: opened(tarfile.TarFile(path, "w"))),
        case("tarfile.is_tarfile", tarfile.is_tarfile, prepare=tar),
        case("tarfile.open().add", lambda path: tarfile.open(fileobj=io.BytesIO(), mode="w").add(path)),
        case("zipfile.ZipFile", lambda path: opened(zipfile.ZipFile(path)), prepare=archive),
        case("zipfile.ZipFile", lambda path: opened(zipfile.ZipFile(path, "w"))),
        case("zipfile.ZipFile", lambda path: opened(zipfile.ZipFile(path, "a"))),
        case("zipfile.is_zipfile", zipfile.is_zipfile),
        case("zipfile.ZipFile().write", lambda path: zipfile.ZipFile(io.BytesIO(), "w").write(path)),
        case("gzip.open", lambda path: opened(gzip.open(path, "wb"))),
        case("gzip.GzipFile", lambda path: opened(gzip.GzipFile(path, "wb"))),
        case("bz2.open", lambda path: opened(bz2.open(path, "wb"))),
        case("bz2.BZ2File", lambda path: opened(bz2.BZ2File(path, "w"))),
        case("lzma.open", lambda path: opened(lzma.open(path, "wb"))),
        case("sqlite3.connect", lambda path: sqlite3.connect(path).close()),
        case("xml.etree.ElementTree.parse", ElementTree.parse, prepare=xml),
        case(
            "xml.etree.ElementTree.parse().write",
            lambda path: ElementTree.ElementTree(ElementTree.Element("a")).write(path),
        ),
        case("xml.dom.minidom.parse", minidom.parse, prepare=xml),
        case("wave.open", lambda path: opened(wave.open(path)), prepare=sound),
        case("configparser.ConfigParser().read", lambda path: configparser.ConfigParser().read(path)),
        case("logging.FileHandler", lambda path: logging.FileHandler(path).close()),
        case(
            "logging.handlers.RotatingFileHandler",
            lambda path: logging.handlers.RotatingFileHandler(path).close(),
        ),
        case(
            "logging.handlers.WatchedFileHandler",
            lambda path: logging.handlers.WatchedFileHandler(path).close(),
        ),
        case(
            "logging.handlers.TimedRotatingFileHandler",
            lambda path: logging.handlers.TimedRotatingFileHandler(path).close(),
        ),
        case("cProfile.Profile().dump_stats", profile),
        case(
            "urllib.request.urlretrieve",
            lambda path: urllib.request.urlretrieve(Path(beside(path)).as_uri(), path),
        ),
    ]


def bucket() -> Any:
    """A client of an object store on this machine, in which every object is ``x``."""

    class Store(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "1")
            self.send_header("ETag", '"x"')
            self.end_headers()

        def do_GET(self) -> None:
            self.do_HEAD()
            self.wfile.write(b"x")

        def log_message(self, *message: object) -> None:
            pass

    boto3 = lib("boto3")
    server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return boto3.client(
        "s3",
        region_name="us-east-1",
        endpoint_url=f"http://127.0.0.1:{server.server_port}",
        aws_access_key_id="x",
        aws_secret_access_key="x",
    )


def storage(case: Case) -> list[Any]:
    def configuration(path: str) -> None:
        Path(path).write_text("a = 1\n")

    return [
        case("toml.load", lambda path: lib("toml").load(path), prepare=configuration),
        case("omegaconf.OmegaConf.save", lambda path: lib("omegaconf").OmegaConf.save({}, path)),
        case("boto3.client().download_file", lambda path: bucket().download_file("bucket", "key", path)),
        case("jsonlines.open", lambda path: opened(lib("jsonlines").open(path, "w"))),
        case("loguru.logger.add", lambda path: lib("loguru").logger.add(path)),
        case("smart_open.open", lambda path: opened(lib("smart_open").open(path, "w"))),
        case("dotenv.load_dotenv", lambda path: lib("dotenv").load_dotenv(path)),
        case("ruamel.yaml.YAML().dump", lambda path: lib("ruamel.yaml").YAML().dump({}, Path(path))),
        case(
            "ruamel.yaml.YAML().load",
            lambda path: lib("ruamel.yaml").YAML().load(Path(path)),
            prepare=configuration,
        ),
        case("fsspec.open", lambda path: opened(lib("fsspec").open(path, "w"))),
        case(
            "fsspec.filesystem().get",
            lambda path: lib("fsspec").filesystem("file").get(beside(path), path),
            keyword="lpath",
        ),
    ]


def cases(case: Case) -> list[Any]:
    return [*standard_library(case), *storage(case)]


def test_what_happens_on_a_directory(case: Any, try_on_directory: Callable[[Any], None]) -> None:
    try_on_directory(case)


def test_what_fails_on_a_directory_works_without(
    certain_case: Any, try_on_file: Callable[[Any], None]
) -> None:
    try_on_file(certain_case)
