"""The standard library.

Tables by dotted name, in the order of the library reference. ``-1`` is the receiver: the path itself. Calls that run
other programs (``subprocess``, ``os.system``) are left out: whatever they are given is handed on, as with any call that
is not in the catalogue.
"""

from __future__ import annotations

from flake8_contracts.facts.effects.notation import (
    deletes,
    documented,
    extracts,
    hands_on,
    lists,
    looks_at,
    makes,
    methods,
    opens,
    reads,
    writes,
)
from flake8_contracts.facts.effects.schema import ANY_SUFFIX, Effect

_REFERENCE = "Python library reference, "

# A directory can only be renamed onto an empty directory; a name with a suffix is a file's.
_RENAMED = (ANY_SUFFIX,)

_STREAMS = documented(
    _REFERENCE + "'Built-in Functions' and 'io'",
    {
        "builtins.open": opens(0, "file"),
        "io.FileIO": opens(0, "file"),
        "io.open_code": reads(0, "path"),
        "codecs.open": opens(0, "filename"),
        "fileinput.input": opens(0, "files", (None, "mode", "r")),
        "fileinput.FileInput": opens(0, "files", (None, "mode", "r")),
        "linecache.getline": reads(0, "filename", "either"),
        "linecache.getlines": reads(0, "filename", "either"),
        "sys.path.append": reads(0, None, "either"),
        "sys.path.insert": reads(1, None, "either"),
        "site.addsitedir": reads(0, "sitedir", "either"),
    },
)

_OS = documented(
    _REFERENCE + "'os'",
    {
        "os.listdir": lists(0, "path"),
        "os.scandir": lists(0, "path"),
        "os.walk": lists(0, "top"),
        "os.fwalk": lists(0, "top"),
        "os.mkdir": makes(0, "path"),
        "os.makedirs": makes(0, "name"),
        "os.mkfifo": writes(0, "path"),
        "os.remove": deletes(0, "path"),
        "os.unlink": deletes(0, "path"),
        "os.rmdir": deletes(0, "path", "directory"),
        "os.removedirs": deletes(0, "name", "directory"),
        "os.rename": (reads(0, "src", "either"), writes(1, "dst", suffixes=_RENAMED)),
        "os.renames": (reads(0, "old", "either"), writes(1, "new", suffixes=_RENAMED)),
        "os.replace": (reads(0, "src", "either"), writes(1, "dst", suffixes=_RENAMED)),
        "os.link": (reads(0, "src"), writes(1, "dst")),
        "os.symlink": (hands_on(0, "src"), writes(1, "dst")),
        "os.readlink": looks_at(0, "path"),
        "os.truncate": writes(0, "path"),
        "os.access": looks_at(0, "path"),
        "os.chmod": looks_at(0, "path"),
        "os.chown": looks_at(0, "path"),
        "os.lchown": looks_at(0, "path"),
        "os.lstat": looks_at(0, "path"),
        "os.stat": looks_at(0, "path"),
        "os.statvfs": looks_at(0, "path"),
        "os.utime": looks_at(0, "path"),
    },
)

_OS_PATH = documented(
    _REFERENCE + "'os.path'",
    {
        "os.path.exists": looks_at(0, "path"),
        "os.path.lexists": looks_at(0, "path"),
        "os.path.isfile": looks_at(0, "path"),
        "os.path.isdir": looks_at(0, "s"),
        "os.path.islink": looks_at(0, "path"),
        "os.path.ismount": looks_at(0, "path"),
        "os.path.getsize": looks_at(0, "filename"),
        "os.path.getmtime": looks_at(0, "filename"),
        "os.path.getatime": looks_at(0, "filename"),
        "os.path.getctime": looks_at(0, "filename"),
        "os.path.samefile": (looks_at(0, "f1"), looks_at(1, "f2")),
    },
)

_SHUTIL = documented(
    _REFERENCE + "'shutil'",
    {
        "shutil.copy": (reads(0, "src"), writes(1, "dst", "into")),
        "shutil.copy2": (reads(0, "src"), writes(1, "dst", "into")),
        "shutil.copyfile": (reads(0, "src"), writes(1, "dst")),
        "shutil.copytree": (reads(0, "src", "directory"), writes(1, "dst", "directory")),
        "shutil.move": (reads(0, "src", "either"), writes(1, "dst", "into")),
        "shutil.copymode": (looks_at(0, "src"), looks_at(1, "dst")),
        "shutil.copystat": (looks_at(0, "src"), looks_at(1, "dst")),
        "shutil.rmtree": deletes(0, "path", "directory"),
        "shutil.chown": looks_at(0, "path"),
        "shutil.disk_usage": looks_at(0, "path"),
        # The archive's suffix is added to the name.
        "shutil.make_archive": (
            writes(0, "base_name", "either"),
            reads(2, "root_dir", "directory"),
            reads(3, "base_dir", "either"),
        ),
        "shutil.unpack_archive": (reads(0, "filename"), extracts(1, "extract_dir")),
    },
)

_PATHLIB = documented(
    _REFERENCE + "'pathlib'",
    {
        "pathlib.Path.open": opens(-1, None, (0, "mode", "r")),
        "pathlib.Path.read_text": reads(-1),
        "pathlib.Path.read_bytes": reads(-1),
        "pathlib.Path.write_text": writes(-1),
        "pathlib.Path.write_bytes": writes(-1),
        "pathlib.Path.touch": writes(-1, shape="either"),
        "pathlib.Path.mkdir": makes(-1),
        "pathlib.Path.rmdir": deletes(-1, shape="directory"),
        "pathlib.Path.unlink": deletes(-1),
        "pathlib.Path.rename": (reads(-1, shape="either"), writes(0, "target", suffixes=_RENAMED)),
        "pathlib.Path.replace": (reads(-1, shape="either"), writes(0, "target", suffixes=_RENAMED)),
        "pathlib.Path.symlink_to": (writes(-1), hands_on(0, "target")),
        "pathlib.Path.hardlink_to": (writes(-1), reads(0, "target")),
        "pathlib.Path.link_to": (reads(-1), writes(0, "target")),
        "pathlib.Path.copy": (reads(-1, shape="either"), writes(0, "target", "either")),
        "pathlib.Path.copy_into": (reads(-1, shape="either"), writes(0, "target_dir", "directory")),
        "pathlib.Path.move": (reads(-1, shape="either"), writes(0, "target", "either")),
        "pathlib.Path.move_into": (reads(-1, shape="either"), writes(0, "target_dir", "directory")),
        "pathlib.Path.iterdir": lists(-1),
        "pathlib.Path.glob": lists(-1),
        "pathlib.Path.rglob": lists(-1),
        "pathlib.Path.walk": lists(-1),
        "pathlib.Path.exists": looks_at(-1),
        "pathlib.Path.is_file": looks_at(-1),
        "pathlib.Path.is_dir": looks_at(-1),
        "pathlib.Path.is_symlink": looks_at(-1),
        "pathlib.Path.is_junction": looks_at(-1),
        "pathlib.Path.is_mount": looks_at(-1),
        "pathlib.Path.is_fifo": looks_at(-1),
        "pathlib.Path.is_socket": looks_at(-1),
        "pathlib.Path.stat": looks_at(-1),
        "pathlib.Path.lstat": looks_at(-1),
        "pathlib.Path.chmod": looks_at(-1),
        "pathlib.Path.lchmod": looks_at(-1),
        "pathlib.Path.owner": looks_at(-1),
        "pathlib.Path.group": looks_at(-1),
        "pathlib.Path.readlink": looks_at(-1),
        "pathlib.Path.samefile": (looks_at(-1), looks_at(0, "other_path")),
    },
)

_SEARCH = documented(
    _REFERENCE + "'glob', 'filecmp' and 'tempfile'",
    {
        "glob.glob": (lists(0, "pathname"), lists(None, "root_dir")),
        "glob.iglob": (lists(0, "pathname"), lists(None, "root_dir")),
        "filecmp.cmp": (reads(0, "f1", "either"), reads(1, "f2", "either")),
        "filecmp.dircmp": (lists(0, "a"), lists(1, "b")),
        "filecmp.cmpfiles": (reads(0, "a", "directory"), reads(1, "b", "directory")),
        "tempfile.mkdtemp": writes(2, "dir", "directory"),
        "tempfile.mkstemp": writes(2, "dir", "directory"),
        "tempfile.TemporaryDirectory": writes(2, "dir", "directory"),
        "tempfile.TemporaryFile": writes(6, "dir", "directory"),
        "tempfile.NamedTemporaryFile": writes(6, "dir", "directory"),
        "tempfile.SpooledTemporaryFile": writes(7, "dir", "directory"),
    },
)

_ARCHIVES = documented(
    _REFERENCE + "'Data Compression and Archiving'",
    {
        "tarfile.open": opens(0, "name"),
        "tarfile.TarFile.open": opens(0, "name"),
        "tarfile.TarFile": opens(0, "name"),
        "tarfile.TarFile.gzopen": opens(0, "name"),
        "tarfile.TarFile.bz2open": opens(0, "name"),
        "tarfile.TarFile.xzopen": opens(0, "name"),
        "tarfile.is_tarfile": reads(0, "name"),
        "zipfile.ZipFile": opens(0, "file"),
        "zipfile.PyZipFile": opens(0, "file"),
        "zipfile.Path": reads(0, "root"),
        "zipfile.is_zipfile": reads(0, "filename", "either"),
        "gzip.open": opens(0, "filename", (1, "mode", "rb")),
        # Without a mode it is that of an open file given beside the name, else 'rb'.
        "gzip.GzipFile": opens(0, "filename", (1, "mode", "rb")),
        "bz2.open": opens(0, "filename", (1, "mode", "rb")),
        "bz2.BZ2File": opens(0, "filename"),
        "lzma.open": opens(0, "filename", (1, "mode", "rb")),
        "lzma.LZMAFile": opens(0, "filename"),
        "zipapp.create_archive": (reads(0, "source", "either"), writes(1, "target")),
    },
)

_DATA = documented(
    _REFERENCE + "'Data Persistence', 'File Formats' and 'Structured Markup'",
    {
        "sqlite3.connect": hands_on(0, "database", "file"),
        "sqlite3.dbapi2.connect": hands_on(0, "database", "file"),
        # Most kinds of database add suffixes of their own.
        "shelve.open": opens(0, "filename", (1, "flag", "c"), Effect.HANDED_ON, "either"),
        "shelve.DbfilenameShelf": opens(0, "filename", (1, "flag", "c"), Effect.HANDED_ON, "either"),
        "dbm.open": opens(0, "file", (1, "flag", "r"), shape="either"),
        "xml.etree.ElementTree.parse": reads(0, "source"),
        "xml.etree.ElementTree.iterparse": reads(0, "source"),
        "xml.etree.ElementTree.ElementTree": reads(None, "file"),
        "xml.dom.minidom.parse": reads(0, "file"),
        "xml.sax.parse": reads(0, "source"),
        # Sound files: the mode is that of the file, else 'rb'.
        "wave.open": opens(0, "f", (1, "mode", "rb")),
        "netrc.netrc": reads(0, "file"),
    },
)

_LOGGING = documented(
    _REFERENCE + "'logging', 'logging.config' and 'logging.handlers'",
    {
        "logging.FileHandler": writes(0, "filename"),
        "logging.handlers.WatchedFileHandler": writes(0, "filename"),
        "logging.handlers.RotatingFileHandler": writes(0, "filename"),
        "logging.handlers.TimedRotatingFileHandler": writes(0, "filename"),
        "logging.basicConfig": writes(None, "filename"),
        "logging.config.fileConfig": reads(0, "fname", "either"),
    },
)

_PROGRAMS = documented(
    _REFERENCE + "'runpy', 'importlib', 'ctypes', 'profile' and 'urllib.request'",
    {
        "runpy.run_path": reads(0, "path_name", "either"),
        "importlib.util.spec_from_file_location": reads(1, "location", "either"),
        "importlib.machinery.SourceFileLoader": reads(1, "path", "either"),
        "ctypes.CDLL": reads(0, "name"),
        "ctypes.cdll.LoadLibrary": reads(0, "name"),
        "cProfile.run": writes(1, "filename"),
        "urllib.request.urlretrieve": writes(1, "filename"),
    },
)

FUNCTIONS = {
    **_STREAMS,
    **_OS,
    **_OS_PATH,
    **_SHUTIL,
    **_PATHLIB,
    **_SEARCH,
    **_ARCHIVES,
    **_DATA,
    **_LOGGING,
    **_PROGRAMS,
}

_TARFILE = methods(
    "tarfile",
    _REFERENCE + "'tarfile'",
    {
        "add": reads(0, "name", "either"),
        "gettarinfo": reads(0, "name", "either"),
        "extract": extracts(1, "path"),
        "extractall": extracts(0, "path"),
    },
)
_ZIPFILE = methods(
    "zipfile",
    _REFERENCE + "'zipfile'",
    {
        "ZipFile().write": reads(0, "filename", "either"),
        "PyZipFile().write": reads(0, "filename", "either"),
        "PyZipFile().writepy": reads(0, "pathname", "either"),
        "extract": extracts(1, "path"),
        "extractall": extracts(0, "path"),
    },
)
_OTHERS = {
    # Files that cannot be opened are passed over.
    **methods(
        "configparser",
        _REFERENCE + "'configparser'",
        {"ConfigParser().read": reads(0, "filenames", "either")},
    ),
    **methods(
        "xml",
        _REFERENCE + "'xml.etree.ElementTree'",
        {"write": writes(0, "file_or_filename"), "parse": reads(0, "source")},
    ),
    **methods("cProfile", _REFERENCE + "'profile'", {"dump_stats": writes(0, "file")}),
    **methods("pstats", _REFERENCE + "'profile'", {"dump_stats": writes(0, "filename")}),
    **methods("tracemalloc", _REFERENCE + "'tracemalloc'", {"dump": writes(0, "filename")}),
}

LIBRARY_METHODS = {**_TARFILE, **_ZIPFILE, **_OTHERS}

METHODS = documented(
    _REFERENCE + "'tarfile' and 'zipfile'",
    {
        "extractall": extracts(0, "path"),
        "dump_stats": (writes(0, "file", "either"), writes(None, "filename", "either")),
    },
)
