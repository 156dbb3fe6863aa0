"""Tables of facts with their sources, beside this package."""

from functools import cache
from pathlib import Path

import pandas as pd
from pandas import DataFrame

FOLDER = Path(__file__).resolve().parents[1] / "facts"


@cache
def read_facts(name: str) -> DataFrame:
    """Read one table of `sample_data/facts` as text; numbers are cast where used."""
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=str, keep_default_na=False)
