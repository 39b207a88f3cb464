"""Tables and arrays: what happens when a directory stands at the path?"""

# ruff: noqa: PLW0108 (libraries are looked for when a case is tried)

from __future__ import annotations

from collections.abc import Callable
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


def frame() -> Any:
    return lib("pandas").DataFrame({"a": [1, 2], "b": ["x", "y"]})


def polars_library() -> Any:
    return lib("polars", minversion="1.0")


def polars_frame() -> Any:
    return polars_library().DataFrame({"a": [1, 2]})


def arrow_table() -> Any:
    return lib("pyarrow").table({"a": [1, 2]})


def dask_frame() -> Any:
    lib("dask").config.set(scheduler="synchronous")
    return lib("dask.dataframe").from_pandas(frame(), npartitions=1)


def array() -> Any:
    return lib("numpy").arange(20.0).reshape(10, 2)


def workbook(path: str) -> None:
    lib("xlsxwriter")
    polars_frame().write_excel(path)


def tables(case: Case) -> list[Any]:
    def rows(method: str, suffix: str = "", **options: Any) -> Any:
        """A method of a frame that writes."""
        return case(
            f"pandas.DataFrame().{method}",
            lambda path: getattr(frame(), method)(path, **options),
            suffix,
            given=tuple(options),
        )

    def pandas(function: str, writer: str = "", suffix: str = "", **options: Any) -> Any:
        """A function that reads what the method ``writer`` of a frame writes."""
        prepare = (lambda path: getattr(frame(), writer)(path, **options)) if writer else text
        return case(
            f"pandas.{function}", lambda path: getattr(lib("pandas"), function)(path), suffix, prepare
        )

    def polars(function: str, writer: str, suffix: str = "") -> Any:
        return case(
            f"polars.{function}",
            lambda path: getattr(polars_library(), function)(path),
            suffix,
            lambda path: getattr(polars_frame(), writer)(path),
        )

    def writes_polars(method: str, **options: Any) -> Any:
        return case(
            f"polars.DataFrame().{method}",
            lambda path: getattr(polars_frame(), method)(path, **options),
            given=tuple(options),
        )

    def sinks(method: str) -> Any:
        return case(f"polars.LazyFrame().{method}", lambda path: getattr(polars_frame().lazy(), method)(path))

    def distributes(method: str) -> Any:
        return case(f"dask.dataframe.read_csv().{method}", lambda path: getattr(dask_frame(), method)(path))

    def parquet(path: str) -> None:
        frame().to_parquet(path)

    def excel(path: str) -> None:
        lib("openpyxl")
        frame().to_excel(path)

    def stored(path: str) -> None:
        lib("tables")
        frame()[["a"]].to_hdf(path, key="k")

    return [
        rows("to_csv"),
        rows("to_csv", ".csv.gz"),
        rows("to_json"),
        rows("to_pickle"),
        rows("to_parquet"),
        rows("to_parquet", ".parquet", engine="fastparquet"),
        rows("to_parquet", partition_cols=["b"]),
        rows("to_feather"),
        rows("to_orc"),
        rows("to_html"),
        rows("to_string"),
        rows("to_stata"),
        case("pandas.DataFrame().to_excel", excel, ".xlsx"),
        case("pandas.DataFrame().to_hdf", stored),
        case("pandas.ExcelWriter", lambda path: frame().to_excel(lib("pandas").ExcelWriter(path)), ".xlsx"),
        case("pandas.HDFStore", lambda path: opened(lib("tables") and lib("pandas").HDFStore(path))),
        case("pandas.to_pickle", lambda path: lib("pandas").to_pickle(1, path)),
        pandas("read_csv"),
        pandas("read_table"),
        pandas("read_fwf"),
        pandas("read_json", "to_json"),
        pandas("read_pickle", "to_pickle"),
        pandas("read_feather", "to_feather"),
        pandas("read_orc", "to_orc"),
        pandas("read_stata", "to_stata"),
        case("pandas.read_parquet", lambda path: lib("pandas").read_parquet(path), prepare=parquet),
        case("pandas.read_excel", lambda path: lib("pandas").read_excel(path), ".xlsx", excel),
        case("pandas.ExcelFile", lambda path: opened(lib("pandas").ExcelFile(path)), ".xlsx", excel),
        case("pandas.read_hdf", lambda path: lib("pandas").read_hdf(path), prepare=stored),
        writes_polars("write_csv"),
        writes_polars("write_json"),
        writes_polars("write_ndjson"),
        writes_polars("write_parquet"),
        writes_polars("write_parquet", partition_by="a"),
        writes_polars("write_ipc"),
        writes_polars("write_ipc_stream"),
        writes_polars("write_avro"),
        writes_polars("serialize"),
        case("polars.DataFrame().write_excel", workbook),
        case("polars.DataFrame().write_excel", workbook, ".xlsx"),
        sinks("sink_csv"),
        sinks("sink_parquet"),
        sinks("sink_ipc"),
        sinks("sink_ndjson"),
        polars("read_parquet", "write_parquet", ".parquet"),
        polars("read_json", "write_json"),
        polars("read_avro", "write_avro"),
        polars("read_ipc_stream", "write_ipc_stream"),
        polars("scan_csv", "write_csv", ".csv"),
        polars("scan_parquet", "write_parquet", ".parquet"),
        distributes("to_csv"),
        distributes("to_json"),
        distributes("to_parquet"),
        case(
            "dask.dataframe.read_parquet",
            lambda path: lib("dask.dataframe").read_parquet(path),
            ".parquet",
            parquet,
        ),
        case(
            "dask.array.to_npy_stack",
            lambda path: lib("dask.array").to_npy_stack(path, lib("dask.array").ones(3)),
        ),
    ]


def arrow(case: Case) -> list[Any]:
    def call(name: str, *, writes: bool = False, prepare: Call | None = None) -> Any:
        module, _, function = name.rpartition(".")

        def run(path: str) -> object:
            found = getattr(lib(module), function)
            return found(arrow_table(), path) if writes else found(path)

        return case(name, run, prepare=prepare)

    def parquet(path: str) -> None:
        lib("pyarrow.parquet").write_table(arrow_table(), path)

    def feather(path: str) -> None:
        lib("pyarrow.feather").write_feather(arrow_table(), path)

    def orc(path: str) -> None:
        lib("pyarrow.orc").write_table(arrow_table(), path)

    def schema() -> Any:
        return arrow_table().schema

    return [
        call("pyarrow.parquet.write_table", writes=True),
        call("pyarrow.parquet.write_to_dataset", writes=True),
        call("pyarrow.parquet.read_table", prepare=parquet),
        call("pyarrow.parquet.read_schema", prepare=parquet),
        call("pyarrow.parquet.read_metadata", prepare=parquet),
        call("pyarrow.parquet.ParquetFile", prepare=parquet),
        call("pyarrow.parquet.ParquetDataset", prepare=parquet),
        call("pyarrow.csv.write_csv", writes=True),
        call("pyarrow.csv.read_csv", prepare=text),
        call("pyarrow.feather.write_feather", writes=True),
        call("pyarrow.feather.read_feather", prepare=feather),
        call("pyarrow.feather.read_table", prepare=feather),
        call("pyarrow.orc.write_table", writes=True),
        call("pyarrow.orc.read_table", prepare=orc),
        call("pyarrow.dataset.dataset", prepare=parquet),
        case(
            "pyarrow.dataset.write_dataset",
            lambda path: lib("pyarrow.dataset").write_dataset(arrow_table(), path, format="parquet"),
        ),
        case(
            "pyarrow.parquet.ParquetWriter",
            lambda path: opened(lib("pyarrow.parquet").ParquetWriter(path, schema())),
        ),
        case("pyarrow.memory_map", lambda path: opened(lib("pyarrow").memory_map(path)), prepare=text),
        case("pyarrow.OSFile", lambda path: opened(lib("pyarrow").OSFile(path, "w"))),
        case("pyarrow.output_stream", lambda path: opened(lib("pyarrow").output_stream(path))),
        case("pyarrow.ipc.new_file", lambda path: opened(lib("pyarrow").ipc.new_file(path, schema()))),
    ]


def arrays(case: Case) -> list[Any]:
    def numpy(function: str, suffix: str = "") -> Any:
        """A function that writes an array; the path comes first."""
        return case(f"numpy.{function}", lambda path: getattr(lib("numpy"), function)(path, array()), suffix)

    def raw(path: str) -> None:
        array().tofile(path)

    def labelled() -> Any:
        return lib("xarray").Dataset({"a": ("x", [1, 2])})

    def sparse() -> Any:
        return lib("scipy.sparse").csr_matrix(array())

    def hierarchical(path: str) -> None:
        opened(lib("h5py").File(path, "w"))

    return [
        numpy("save"),
        numpy("save", ".npy"),
        numpy("savez"),
        numpy("savez", ".npz"),
        numpy("savez_compressed"),
        numpy("savez_compressed", ".npz"),
        numpy("savetxt"),
        case("numpy.array().tofile", raw),
        case("numpy.array().dump", lambda path: array().dump(path)),
        case(
            "numpy.load",
            lambda path: lib("numpy").load(path),
            ".npy",
            lambda path: lib("numpy").save(path, array()),
        ),
        case(
            "numpy.loadtxt", lambda path: lib("numpy").loadtxt(path, skiprows=1, delimiter=","), prepare=text
        ),
        case("numpy.genfromtxt", lambda path: lib("numpy").genfromtxt(path, delimiter=","), prepare=text),
        case("numpy.fromfile", lambda path: lib("numpy").fromfile(path), prepare=raw),
        case("numpy.memmap", lambda path: lib("numpy").memmap(path, mode="r"), prepare=raw),
        case("numpy.memmap", lambda path: lib("numpy").memmap(path, mode="w+", shape=(2,))),
        case("scipy.sparse.save_npz", lambda path: lib("scipy.sparse").save_npz(path, sparse())),
        case("scipy.sparse.save_npz", lambda path: lib("scipy.sparse").save_npz(path, sparse()), ".npz"),
        case(
            "scipy.sparse.load_npz",
            lambda path: lib("scipy.sparse").load_npz(path),
            ".npz",
            lambda path: lib("scipy.sparse").save_npz(path, sparse()),
        ),
        case("scipy.io.savemat", lambda path: lib("scipy.io").savemat(path, {"a": 1})),
        case("scipy.io.savemat", lambda path: lib("scipy.io").savemat(path, {"a": 1}), ".mat"),
        case(
            "scipy.io.loadmat",
            lambda path: lib("scipy.io").loadmat(path),
            ".mat",
            lambda path: lib("scipy.io").savemat(path, {"a": 1}),
        ),
        case("scipy.io.wavfile.write", lambda path: lib("scipy.io.wavfile").write(path, 8000, array())),
        case("h5py.File", lambda path: opened(lib("h5py").File(path)), prepare=hierarchical),
        case("h5py.File", hierarchical),
        case("h5py.File", lambda path: opened(lib("h5py").File(path, "a"))),
        case("tables.open_file", lambda path: opened(lib("tables").open_file(path, "w"))),
        case("openpyxl.Workbook().save", lambda path: lib("openpyxl").Workbook().save(path)),
        case(
            "openpyxl.load_workbook",
            lambda path: lib("openpyxl").load_workbook(path),
            ".xlsx",
            lambda path: lib("openpyxl").Workbook().save(path),
        ),
        case("xarray.open_dataset().to_netcdf", lambda path: labelled().to_netcdf(path)),
    ]


def cases(case: Case) -> list[Any]:
    return [*tables(case), *arrow(case), *arrays(case)]


def test_what_happens_on_a_directory(case: Any, try_on_directory: Callable[[Any], None]) -> None:
    try_on_directory(case)


def test_what_fails_on_a_directory_works_without(
    certain_case: Any, try_on_file: Callable[[Any], None]
) -> None:
    try_on_file(certain_case)
