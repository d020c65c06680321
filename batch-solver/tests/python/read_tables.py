"""Reads the tables of a folder as users do, and compares them with the bits the library has.

For each case there are NAME.csv, NAME.npz, NAME.parquet where the build has it, and NAME.expected: the columns as float64, one after another.
"""

import pathlib
import sys

import numpy
import pandas
import polars

folder = pathlib.Path(sys.argv[1])


def compare(what, expected, found):
    """The same bits; every NaN is the same number."""
    found = numpy.asarray(found, dtype=numpy.float64)
    assert found.shape == expected.shape, f"{what}: {found.shape}, not {expected.shape}"
    bits = lambda values: numpy.where(numpy.isnan(values), numpy.nan, values).view(numpy.uint64)
    assert (bits(found) == bits(expected)).all(), f"{what}: {found}, not {expected}"


def rows(arrays, name):
    """An array of the archive with a value for each row of the table."""
    values, runs = arrays[name], len(arrays["status"])
    times = next((a.shape[1] for a in arrays.values() if a.ndim == 2), 1)
    if name == "t":
        return numpy.tile(values, runs)
    return values.ravel() if values.ndim == 2 else numpy.repeat(values, times)


cases = sorted(folder.glob("*.expected"))
assert cases, "nothing to compare"
for path in cases:
    csv, npz, parquet = (path.with_suffix(suffix) for suffix in (".csv", ".npz", ".parquet"))
    with open(csv) as file:
        names = file.readline().strip().split(",")
    expected = dict(zip(names, numpy.fromfile(path, dtype="<f8").reshape(len(names), -1)))
    saved = names[2 if "t" in names else 1 : -1]
    dtype = numpy.float32 if "f32" in path.stem else numpy.float64

    with numpy.load(npz) as file:
        arrays = {name: file[name] for name in file.files}
    assert list(arrays) == names
    assert arrays["status"].dtype == numpy.int32
    assert all(arrays[name].dtype == dtype for name in saved), path.stem
    assert all(arrays[name].ndim == (2 if "t" in names else 1) for name in saved), path.stem
    text = numpy.genfromtxt(csv, delimiter=",", names=True, deletechars="")
    tables = {
        "pandas, CSV": pandas.read_csv(csv, float_precision="round_trip"),
        "polars, CSV": polars.read_csv(csv, infer_schema_length=None),
        "numpy, CSV": text,
        "numpy, npz": {name: rows(arrays, name) for name in names},
    }
    if parquet.exists():
        tables["pandas, Parquet"] = pandas.read_parquet(parquet)
        tables["polars, Parquet"] = table = polars.read_parquet(parquet)
        assert table.columns == names
        assert table.schema["status"] == polars.Int32
        assert all(table.schema[name] == (polars.Float32 if dtype == numpy.float32 else polars.Float64) for name in saved)
    for what, table in tables.items():
        for name in names:
            compare(f"{path.stem}, {what}: {name}", expected[name], table[name])
print(len(cases), "cases")
