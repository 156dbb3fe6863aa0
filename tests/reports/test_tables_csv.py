"""A table as CSV: text stays text, in a spreadsheet too."""

import csv
from io import StringIO

from reports.tables_csv import table_csv
from reports.tables_xlsx import Table


def test_what_is_written_is_read_back_and_no_text_is_a_formula() -> None:
    table = Table(
        "需求",
        ["项目", "面积"],
        [["=1+1", 2.5], ["+86", None], ['甲,"乙"\n丙', -3], ["@x", 0]],
    )
    told = table_csv(table)
    assert told.startswith(b"\xef\xbb\xbf")
    read = list(csv.reader(StringIO(told.decode("utf-8-sig"), newline="")))
    assert read == [
        ["项目", "面积"],
        ["'=1+1", "2.5"],
        ["'+86", ""],
        ['甲,"乙"\n丙', "-3"],
        ["'@x", "0"],
    ]
