"""Errors travel whole."""

import pickle

from gis.errors import LayerError, StoreError


def test_an_error_from_another_process_says_the_same() -> None:
    fault = LayerError("The layer {layer} has no rows.", layer="redline")
    error = StoreError("The file {file} is damaged:", file="a.parquet", faults=[fault])

    arrived = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert type(arrived) is StoreError
    assert str(arrived) == str(error)
    assert arrived.values == {"file": "a.parquet"}
    assert [str(one) for one in arrived.faults] == ["The layer redline has no rows."]
