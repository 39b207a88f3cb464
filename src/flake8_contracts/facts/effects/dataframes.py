"""Tables: pandas and its kin, polars, and what distributes them over machines."""

from __future__ import annotations

from flake8_contracts.facts.effects.notation import documented, methods, opens, reads, writes
from flake8_contracts.facts.effects.schema import Effect

_PANDAS = "pandas user guide, 'IO tools'"
_POLARS = "polars user guide, 'IO', and API reference, 'Input/output'"
_DASK = "Dask API reference, 'Create and Store Dask DataFrames'"
_SPARK = "PySpark API reference, 'Input/Output'"

_PANDAS_FUNCTIONS = documented(
    _PANDAS,
    {
        "pandas.read_csv": reads(0, "filepath_or_buffer"),
        "pandas.read_table": reads(0, "filepath_or_buffer"),
        "pandas.read_fwf": reads(0, "filepath_or_buffer"),
        "pandas.read_json": reads(0, "path_or_buf"),
        "pandas.read_html": reads(0, "io"),
        "pandas.read_xml": (reads(0, "path_or_buffer"), reads(None, "stylesheet")),
        "pandas.read_excel": reads(0, "io"),
        "pandas.read_pickle": reads(0, "filepath_or_buffer"),
        # All files of a directory are read.
        "pandas.read_parquet": reads(0, "path", "either"),
        "pandas.read_feather": reads(0, "path"),
        "pandas.read_orc": reads(0, "path"),
        "pandas.read_hdf": reads(0, "path_or_buf"),
        "pandas.read_stata": reads(0, "filepath_or_buffer"),
        "pandas.read_sas": reads(0, "filepath_or_buffer"),
        "pandas.read_spss": reads(0, "path"),
        "pandas.to_pickle": writes(1, "filepath_or_buffer"),
        "pandas.ExcelFile": reads(0, "path_or_buffer"),
        "pandas.ExcelWriter": writes(0, "path"),
        # 'a', the default, is what those use who only read.
        "pandas.HDFStore": opens(0, "path", (1, "mode", "a"), Effect.HANDED_ON),
    },
)
_PANDAS_METHODS = methods(
    "pandas",
    _PANDAS,
    {
        "to_csv": writes(0, "path_or_buf"),
        "to_json": writes(0, "path_or_buf"),
        "to_pickle": writes(0, "path"),
        # With partition columns the path is a directory.
        "to_parquet": writes(0, "path", unless=("partition_cols", "partition_on")),
        "to_feather": writes(0, "path"),
        "to_orc": writes(0, "path"),
        "to_excel": writes(0, "excel_writer"),
        "to_hdf": writes(0, "path_or_buf"),
        "to_html": writes(0, "buf"),
        "to_latex": writes(0, "buf"),
        "to_markdown": writes(0, "buf"),
        "to_string": writes(0, "buf"),
        "to_stata": writes(0, "path"),
        "to_xml": (writes(0, "path_or_buffer"), reads(None, "stylesheet")),
    },
)

_POLARS_FUNCTIONS = documented(
    _POLARS,
    {
        # Some versions take directories, whose files they read.
        "polars.read_csv": reads(0, "source", "either"),
        "polars.read_csv_batched": reads(0, "source", "either"),
        "polars.read_parquet": reads(0, "source", "either"),
        "polars.read_ndjson": reads(0, "source", "either"),
        "polars.read_ipc": reads(0, "source", "either"),
        "polars.read_delta": reads(0, "source", "directory"),
        "polars.scan_csv": reads(0, "source", "either"),
        "polars.scan_parquet": reads(0, "source", "either"),
        "polars.scan_ndjson": reads(0, "source", "either"),
        "polars.scan_ipc": reads(0, "source", "either"),
        "polars.scan_delta": reads(0, "source", "directory"),
        "polars.read_json": reads(0, "source"),
        "polars.read_avro": reads(0, "source"),
        "polars.read_excel": reads(0, "source"),
        "polars.read_ods": reads(0, "source"),
        "polars.read_ipc_stream": reads(0, "source"),
        "polars.read_ipc_schema": reads(0, "source"),
        "polars.read_parquet_schema": reads(0, "source", "either"),
    },
)
_POLARS_METHODS = methods(
    "polars",
    _POLARS,
    {
        "write_csv": writes(0, "file"),
        "write_json": writes(0, "file"),
        "write_ndjson": writes(0, "file"),
        "write_parquet": writes(0, "file", unless=("partition_by", "pyarrow_options")),
        "write_ipc": writes(0, "file"),
        "write_ipc_stream": writes(0, "file"),
        "write_avro": writes(0, "file"),
        # The suffix is added to names that lack it.
        "write_excel": writes(0, "workbook", suffixes=(".xlsx",)),
        "write_delta": writes(0, "target", "directory"),
        "sink_csv": writes(0, "path"),
        "sink_parquet": writes(0, "path"),
        "sink_ipc": writes(0, "path"),
        "sink_ndjson": writes(0, "path"),
        "serialize": writes(0, "file"),
    },
)

_DASK_FUNCTIONS = documented(
    _DASK,
    {
        "dask.dataframe.read_csv": reads(0, "urlpath", "either"),
        "dask.dataframe.read_table": reads(0, "urlpath", "either"),
        "dask.dataframe.read_fwf": reads(0, "urlpath", "either"),
        "dask.dataframe.read_json": reads(0, "url_path", "either"),
        "dask.dataframe.read_parquet": reads(0, "path", "either"),
        "dask.dataframe.read_orc": reads(0, "path", "either"),
        "dask.dataframe.read_hdf": reads(0, "pattern", "either"),
        "dask.dataframe.to_csv": writes(1, "filename", "either"),
        "dask.dataframe.to_parquet": writes(1, "path", "directory"),
        "dask.dataframe.to_json": writes(1, "url_path", "either"),
        "dask.dataframe.to_orc": writes(1, "path", "directory"),
        "dask.dataframe.to_hdf": writes(1, "path", "either"),
        "dask.bag.read_text": reads(0, "urlpath", "either"),
        "dask.bag.read_avro": reads(0, "urlpath", "either"),
        "dask.bag.to_textfiles": writes(1, "path", "either"),
        "dask.array.from_npy_stack": reads(0, "dirname", "directory"),
        "dask.array.to_npy_stack": writes(0, "dirname", "directory"),
        "dask.array.from_zarr": reads(0, "url", "either"),
        "dask.array.to_zarr": writes(1, "url", "either"),
        "dask.array.to_hdf5": writes(0, "filename", "either"),
    },
)
_DASK_METHODS = methods(
    "dask",
    _DASK,
    {
        # One file for each partition, unless told otherwise.
        "to_csv": writes(0, "filename", "either"),
        "to_json": writes(0, "filename", "either"),
        "to_parquet": writes(0, "path", "directory"),
        "to_orc": writes(0, "path", "directory"),
        "to_hdf": writes(0, "path_or_buf", "either"),
        "to_textfiles": writes(0, "path", "either"),
        "to_zarr": writes(0, None, "either"),
    },
)

# Spark reads files and directories alike, and writes directories.
_SPARK_FUNCTIONS = documented(
    _SPARK,
    {
        "pyspark.pandas.read_csv": reads(0, "path", "either"),
        "pyspark.pandas.read_json": reads(0, "path", "either"),
        "pyspark.pandas.read_parquet": reads(0, "path", "either"),
        "pyspark.pandas.read_orc": reads(0, "path", "either"),
        "pyspark.pandas.read_delta": reads(0, "path", "either"),
        "pyspark.pandas.read_excel": reads(0, "io", "either"),
    },
)
_SPARK_METHODS = methods(
    "pyspark",
    _SPARK,
    {
        "read.csv": reads(0, "path", "either"),
        "read.json": reads(0, "path", "either"),
        "read.parquet": (reads(0, None, "either"), reads(1, None, "either"), reads(2, None, "either")),
        "read.orc": reads(0, "path", "either"),
        "read.text": reads(0, "paths", "either"),
        "read.load": reads(0, "path", "either"),
        "write.csv": writes(0, "path", "directory"),
        "write.json": writes(0, "path", "directory"),
        "write.orc": writes(0, "path", "directory"),
        "write.parquet": writes(0, "path", "directory"),
        "write.text": writes(0, "path", "directory"),
        "write.save": writes(0, "path", "directory"),
        "save": writes(0, "path", "directory"),
        "to_csv": writes(0, "path", "directory"),
        "to_json": writes(0, "path", "directory"),
        "to_parquet": writes(0, "path", "directory"),
        "to_orc": writes(0, "path", "directory"),
        "to_delta": writes(0, "path", "directory"),
        "to_excel": writes(0, "excel_writer", "either"),
        "textFile": reads(0, "name", "either"),
        "wholeTextFiles": reads(0, "path", "either"),
        "binaryFiles": reads(0, "path", "either"),
        "pickleFile": reads(0, "name", "either"),
        "sequenceFile": reads(0, "path", "either"),
        "addFile": reads(0, "path", "either"),
        "addPyFile": reads(0, "path", "either"),
        "saveAsTextFile": writes(0, "path", "directory"),
        "saveAsPickleFile": writes(0, "path", "directory"),
        "setCheckpointDir": writes(0, "dirName", "directory"),
    },
)

# What the parts of a distributed table become depends on their number.
_DISTRIBUTED = {
    **methods("modin", "Modin documentation, 'Supported APIs'", {"to_parquet": writes(0, "path", "either")}),
    **methods(
        "ray",
        "Ray Data API reference, 'Input/Output'",
        {
            "write_csv": writes(0, "path", "directory"),
            "write_json": writes(0, "path", "directory"),
            "write_parquet": writes(0, "path", "directory"),
            "write_numpy": writes(0, "path", "directory"),
            "write_tfrecords": writes(0, "path", "directory"),
        },
    ),
}

FUNCTIONS = {
    **_PANDAS_FUNCTIONS,
    **_POLARS_FUNCTIONS,
    **_DASK_FUNCTIONS,
    **_SPARK_FUNCTIONS,
}

LIBRARY_METHODS = {
    **_PANDAS_METHODS,
    **_POLARS_METHODS,
    **_DASK_METHODS,
    **_SPARK_METHODS,
    **_DISTRIBUTED,
}

CLASS_METHODS = methods("pyspark", "PySpark API reference, 'MLlib'", {"load": reads(0, "path", "either")})

METHODS = {
    **documented(
        _PANDAS,
        {
            "to_csv": (writes(0, "path_or_buf"), writes(None, "path")),
            "to_json": (writes(0, "path_or_buf"), writes(None, "path")),
            "to_pickle": writes(0, "path"),
            "to_parquet": (
                writes(0, "path", unless=("partition_cols", "partition_on")),
                writes(None, "path_or_buf"),
            ),
            "to_feather": writes(0, "path"),
            "to_orc": writes(0, "path"),
            "to_excel": writes(0, "excel_writer"),
            "to_hdf": writes(0, "path_or_buf"),
            "to_html": writes(0, "buf", "either"),
            "to_latex": writes(0, "buf", "either"),
            "to_markdown": writes(0, "buf", "either"),
            "to_stata": writes(0, "path"),
            "to_xml": writes(0, "path_or_buffer", "either"),
        },
    ),
    # Ray writes directories under the same names.
    **documented(
        _POLARS,
        {
            "write_csv": writes(0, "file", "either"),
            "write_json": writes(0, "file", "either"),
            "write_ndjson": writes(0, "file", "either"),
            "write_parquet": writes(0, "file", "either"),
            "write_ipc": writes(0, "file", "either"),
            "write_avro": writes(0, "file", "either"),
            "write_excel": writes(0, "workbook", "either"),
            "write_delta": writes(0, "target", "directory"),
            "sink_csv": writes(0, "path", "either"),
            "sink_parquet": writes(0, "path", "either"),
            "sink_ndjson": writes(0, "path", "either"),
        },
    ),
    **documented(_SPARK, {"saveAsTextFile": writes(0, "path", "directory")}),
}
