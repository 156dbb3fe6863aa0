"""What the databases share: sparse answers made dense, the same SQL."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from benchmarks.peers.shapely_peer import LEAST_M2

_Float = NDArray[np.float64]

AREAS = """
    select p.id, sum(st_area(st_intersection(p.geom, l.geom))) as m2
    from parcels p join {layer} l on st_intersects(p.geom, l.geom)
    group by p.id
"""
PAIRS = """
    select a, b, m2 from (
        select p.id as a, q.id as b,
            st_area(st_intersection(p.geom, q.geom)) as m2
        from parcels p join parcels q on st_intersects(p.geom, q.geom)
        where p.id < q.id
    ) as met where m2 > {least}
""".replace("{least}", repr(LEAST_M2))

# DuckDB's planner makes a condition on ids a nested loop unless the join is done first.
PAIRS_FIRST = """
    with met as materialized (
        select p.id as a, q.id as b, p.geom as one, q.geom as other
        from parcels p join parcels q on st_intersects(p.geom, q.geom)
    ), own as (
        select a, b, st_area(st_intersection(one, other)) as m2 from met where a < b
    ) select a, b, m2 from own where m2 > {least}
""".replace("{least}", repr(LEAST_M2))


def dense(ids: Sequence[int] | NDArray, values: NDArray, count: int) -> _Float:
    """Put values at their ids, 0 elsewhere."""
    column = np.zeros(count)
    column[np.asarray(ids, dtype=np.int64)] = np.asarray(values, dtype=np.float64)
    return column
