"""Writes small Parquet files with pyarrow, in every compression that it has, and their rows as JSON."""

import datetime

import pyarrow as pa
import pyarrow.parquet as pq

from provenance import FIXTURES, write_json, write_provenance

FOLDER = FIXTURES / "parquet"
CODECS = ["none", "snappy", "gzip", "brotli", "zstd", "lz4"]

ROWS = [
    {
        "question": f"What is {n} plus {n}? Ä€😀",
        "answer": f"{2 * n}",
        "system": None if n % 2 else "Be brief.",
        "weight": 1,
        "id": 2**53 + n,
        "score": n / 4,
        "created": f"2026-01-0{n + 1}T12:00:00.000Z",
        "tags": [] if n == 2 else ["sum", f"n{n}"],
        "messages": [
            {"role": "user", "content": f"{n} + {n}", "name": "Ann" if n == 1 else None},
            {"role": "assistant", "content": f"{2 * n}", "name": None},
        ],
    }
    for n in range(5)
]


def table() -> pa.Table:
    message = pa.struct([("role", pa.string()), ("content", pa.string()), ("name", pa.string())])
    schema = pa.schema(
        [
            ("question", pa.string()),
            ("answer", pa.large_string()),
            ("system", pa.dictionary(pa.int32(), pa.string())),
            ("weight", pa.int32()),
            ("id", pa.int64()),
            ("score", pa.float64()),
            ("created", pa.timestamp("ms", tz="UTC")),
            ("tags", pa.list_(pa.string())),
            ("messages", pa.list_(message)),
        ]
    )
    times = [{**row, "created": datetime.datetime.fromisoformat(row["created"])} for row in ROWS]
    return pa.Table.from_pylist(times, schema=schema)


def main() -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for codec in CODECS:
        # Three groups of rows; the second version of data pages has its levels outside of what is compressed.
        version = "2.0" if codec in ("brotli", "zstd") else "1.0"
        pq.write_table(table(), FOLDER / f"{codec}.parquet", compression=codec, row_group_size=2, data_page_version=version)
    # Whole numbers beyond 2^53 would lose digits as numbers of JSON.
    write_json(FOLDER / "rows.json", [{**row, "id": str(row["id"])} for row in ROWS])
    write_provenance(FOLDER, "NAME.parquet: five rows in three groups, compressed so; rows.json: the rows.", 0, ["pyarrow"])


if __name__ == "__main__":
    main()
