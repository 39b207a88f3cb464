"""Arrays, columns and file formats: numpy, scipy, pyarrow, HDF5, workbooks, labelled and geographic data."""

from __future__ import annotations

from flake8_contracts.facts.effects.notation import documented, hands_on, methods, opens, reads, writes
from flake8_contracts.facts.effects.schema import Effect

_ARROW = "Apache Arrow Python API reference"
_NUMPY = "NumPy reference, 'Input and output'"
_SCIPY = "SciPy API reference"

_ARROW_FUNCTIONS = documented(
    _ARROW,
    {
        "pyarrow.parquet.read_table": reads(0, "source", "either"),
        "pyarrow.parquet.read_pandas": reads(0, "source", "either"),
        "pyarrow.parquet.read_schema": reads(0, "where"),
        "pyarrow.parquet.read_metadata": reads(0, "where"),
        "pyarrow.parquet.ParquetFile": reads(0, "source"),
        "pyarrow.parquet.ParquetDataset": reads(0, "path_or_paths", "either"),
        "pyarrow.parquet.ParquetWriter": writes(0, "where"),
        "pyarrow.parquet.write_table": writes(1, "where"),
        "pyarrow.parquet.write_metadata": writes(1, "where"),
        "pyarrow.parquet.write_to_dataset": writes(1, "root_path", "directory"),
        "pyarrow.csv.read_csv": reads(0, "input_file"),
        "pyarrow.csv.open_csv": reads(0, "input_file"),
        "pyarrow.csv.write_csv": writes(1, "output_file"),
        "pyarrow.csv.CSVWriter": writes(0, "sink"),
        "pyarrow.json.read_json": reads(0, "input_file"),
        "pyarrow.json.open_json": reads(0, "input_file"),
        "pyarrow.feather.read_feather": reads(0, "source"),
        "pyarrow.feather.read_table": reads(0, "source"),
        "pyarrow.feather.write_feather": writes(1, "dest"),
        "pyarrow.orc.read_table": reads(0, "source"),
        "pyarrow.orc.ORCFile": reads(0, "source"),
        "pyarrow.orc.write_table": writes(1, "where"),
        "pyarrow.orc.ORCWriter": writes(0, "where"),
        "pyarrow.dataset.dataset": reads(0, "source", "either"),
        "pyarrow.dataset.parquet_dataset": reads(0, "metadata_path"),
        "pyarrow.dataset.write_dataset": writes(1, "base_dir", "directory"),
        "pyarrow.OSFile": opens(0, "path"),
        "pyarrow.memory_map": opens(0, "path"),
        "pyarrow.create_memory_map": writes(0, "path"),
        "pyarrow.input_stream": reads(0, "source"),
        "pyarrow.output_stream": writes(0, "source"),
        "pyarrow.ipc.open_file": reads(0, "source"),
        "pyarrow.ipc.open_stream": reads(0, "source"),
        "pyarrow.ipc.new_file": writes(0, "sink"),
        "pyarrow.ipc.new_stream": writes(0, "sink"),
        "pyarrow.RecordBatchFileWriter": writes(0, "sink"),
        "pyarrow.RecordBatchStreamWriter": writes(0, "sink"),
        "fastparquet.ParquetFile": reads(0, "fn", "either"),
        "fastparquet.write": writes(0, "filename", "either"),
    },
)

_NUMPY_FUNCTIONS = documented(
    _NUMPY,
    {
        "numpy.load": reads(0, "file"),
        "numpy.loadtxt": reads(0, "fname"),
        "numpy.genfromtxt": reads(0, "fname"),
        "numpy.fromfile": reads(0, "file"),
        "numpy.fromregex": reads(0, "file"),
        "numpy.recfromcsv": reads(0, "fname"),
        # The suffix is added to names that lack it.
        "numpy.save": writes(0, "file", suffixes=(".npy",)),
        "numpy.savez": writes(0, "file", suffixes=(".npz",)),
        "numpy.savez_compressed": writes(0, "file", suffixes=(".npz",)),
        "numpy.savetxt": writes(0, "fname"),
        # 'r+', the default, is what those use who only read.
        "numpy.memmap": opens(0, "filename", (2, "mode", "r+"), Effect.HANDED_ON),
        "numpy.lib.format.open_memmap": opens(0, "filename", (1, "mode", "r+"), Effect.HANDED_ON),
    },
)
_NUMPY_METHODS = methods("numpy", _NUMPY, {"tofile": writes(0), "dump": writes(0, "file")})

_SCIPY_FUNCTIONS = documented(
    _SCIPY + ", 'Input and output' and 'Sparse arrays'",
    {
        # The suffix is added to names under which there is no file.
        "scipy.io.loadmat": reads(0, "file_name", suffixes=(".mat",)),
        "scipy.io.whosmat": reads(0, "file_name", suffixes=(".mat",)),
        "scipy.io.savemat": writes(0, "file_name", suffixes=(".mat",)),
        "scipy.io.mmread": reads(0, "source", suffixes=(".mtx", ".mtx.gz", ".mtx.bz2")),
        "scipy.io.mminfo": reads(0, "source", suffixes=(".mtx", ".mtx.gz", ".mtx.bz2")),
        # Over a directory, nothing is written and nothing said.
        "scipy.io.mmwrite": writes(0, "target", "either"),
        "scipy.io.readsav": reads(0, "file_name"),
        "scipy.io.netcdf_file": opens(0, "filename"),
        "scipy.io.hb_read": reads(0, "path_or_open_file"),
        "scipy.io.hb_write": writes(0, "path_or_open_file"),
        "scipy.io.FortranFile": opens(0, "filename"),
        "scipy.io.arff.loadarff": reads(0, "f"),
        "scipy.io.wavfile.read": reads(0, "filename"),
        "scipy.io.wavfile.write": writes(0, "filename"),
        "scipy.sparse.load_npz": reads(0, "file"),
        "scipy.sparse.save_npz": writes(0, "file", suffixes=(".npz",)),
    },
)

_FORMATS = {
    **documented("h5py documentation, 'File Objects'", {"h5py.File": opens(0, "name")}),
    **documented(
        "PyTables user's guide, 'File manipulation class'",
        {"tables.open_file": opens(0, "filename"), "tables.File": opens(0, "filename")},
    ),
    **documented(
        "openpyxl documentation, 'Usage'; XlsxWriter documentation, 'The Workbook Class'",
        {
            "openpyxl.load_workbook": reads(0, "filename"),
            "openpyxl.reader.excel.load_workbook": reads(0, "filename"),
            "xlsxwriter.Workbook": writes(0, "filename"),
        },
    ),
    **documented(
        "xarray API reference, 'Input/output'",
        {
            "xarray.open_dataset": reads(0, "filename_or_obj", "either"),
            "xarray.load_dataset": reads(0, "filename_or_obj", "either"),
            "xarray.open_dataarray": reads(0, "filename_or_obj", "either"),
            "xarray.load_dataarray": reads(0, "filename_or_obj", "either"),
            "xarray.open_mfdataset": reads(0, "paths", "either"),
            "xarray.open_zarr": reads(0, "store", "directory"),
        },
    ),
    **documented(
        "GeoPandas documentation, 'Reading and writing files'",
        {
            "geopandas.read_file": reads(0, "filename", "either"),
            "geopandas.read_parquet": reads(0, "path", "either"),
            "geopandas.read_feather": reads(0, "path"),
        },
    ),
    **documented(
        "DuckDB Python API reference",
        {
            "duckdb.connect": hands_on(0, "database", "file"),
            "duckdb.read_csv": reads(0, "path_or_buffer", "either"),
            "duckdb.read_parquet": reads(0, "path_or_buffer", "either"),
            "duckdb.read_json": reads(0, "path_or_buffer", "either"),
        },
    ),
}
_FORMAT_METHODS = {
    **methods("openpyxl", "openpyxl documentation, 'Usage'", {"save": writes(0, "filename")}),
    **methods(
        "xarray",
        "xarray API reference, 'Input/output'",
        {"to_netcdf": writes(0, "path"), "to_zarr": writes(0, "store", "directory")},
    ),
    **methods(
        "geopandas",
        "GeoPandas documentation, 'Reading and writing files'",
        {
            "to_file": writes(0, "filename", "either"),
            "to_parquet": writes(0, "path", "either"),
            "to_feather": writes(0, "path"),
        },
    ),
    **methods(
        "duckdb",
        "DuckDB Python API reference, 'DuckDBPyRelation'",
        {
            "to_csv": writes(0, "file_name", "either"),
            "write_csv": writes(0, "file_name", "either"),
            "to_parquet": writes(0, "file_name", "either"),
            "write_parquet": writes(0, "file_name", "either"),
        },
    ),
}

FUNCTIONS = {**_ARROW_FUNCTIONS, **_NUMPY_FUNCTIONS, **_SCIPY_FUNCTIONS, **_FORMATS}

LIBRARY_METHODS = {**_NUMPY_METHODS, **_FORMAT_METHODS}

METHODS = {
    **documented(_NUMPY, {"tofile": writes(0, None, "either")}),
    **documented(
        "xarray API reference, 'Input/output'",
        {"to_netcdf": writes(0, "path", "either"), "to_zarr": writes(0, "store", "directory")},
    ),
}
