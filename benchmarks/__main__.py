"""`python -m benchmarks overlay|self|nearest|screen|ingest|scale|map|claims ...`."""

import argparse
from pathlib import Path
from typing import Any

from benchmarks import (
    casework,
    claims,
    kills,
    nearest,
    overlay,
    policies,
    scale,
    screen,
    self_overlap,
    serving,
    stores,
    tiles,
    visitors,
)
from benchmarks import check as check_race
from benchmarks import map as map_race
from benchmarks.contest import last_line
from benchmarks.peers import PEERS
from benchmarks.scene import read_scene, sample
from benchmarks.whole_ingest import measure

ON_SCENES = {
    "overlay": overlay.race,
    "self": self_overlap.race,
    "nearest": nearest.race,
}
AT_HOME = {
    "tiles": tiles.race,
    "map": map_race.race,
    "serving": serving.race,
    "check": check_race.race,
    "claims": claims.race,
    "kills": kills.race,
    "casework": casework.race,
    "visitors": visitors.race,
    "policies": policies.race,
}
ALONE = ("screen", "ingest", "scale", "stores", *AT_HOME)
MILLION = 1_000_000


def main() -> None:
    """Run one benchmark, print its table and, where asked, JSON in the last line."""
    given = _parser().parse_args()
    peers = [peer for peer in given.peers.split(",") if peer]
    unknown = set(peers) - set(PEERS)
    if unknown:
        msg = f"Unknown peers: {', '.join(sorted(unknown))}"
        raise SystemExit(msg)
    figures = _figures(given, peers)
    if given.json:
        print(last_line(figures))


def _figures(given: argparse.Namespace, peers: list[str]) -> dict[str, Any]:
    counts: list[int] = given.n or [100_000]
    if given.job == "scale":
        return scale.race(given.n or [100_000, 300_000, MILLION], given.picture)
    if given.job in AT_HOME:
        return AT_HOME[given.job]()
    if given.job == "screen":
        return screen.race((given.n or [MILLION])[0], peers, given.repeats)
    if given.job == "stores":
        return stores.race(counts[0], given.data)
    if given.job == "ingest":
        return _ingested(counts[0], given.data)
    scene = read_scene(sample(counts[0], given.data), counts[0])
    if given.every_m is not None:
        scene = scene.finer(given.every_m)
    return ON_SCENES[given.job](scene, peers, given.repeats)


def _ingested(count: int, data: Path | None) -> dict[str, Any]:
    """Measure the whole ingest once; nobody else does that job."""
    own = measure(count, data)
    del own["curve"]
    rate = own["parcels"] / own["seconds"]
    print(
        f"ingest of {own['parcels']:,} parcels, files to facts: {own['seconds']:.1f} s"
        f" ({rate:,.0f}/s), measuring began after {own['measured_after_s']:.1f} s,"
        f" tiles for the map {own['tiles_s']:.1f} s more,"
        f" peak {own['peak_mb']:,.0f} MB, {own['own_peak_mb']:,.0f} unmapped"
    )
    line = own["new_line"]
    print(
        f"a new control line of {line['polygons']:,} polygons: {line['seconds']:.1f} s"
        f" to load and measure, {line['screened_s']:.2f} s to open and screen;"
        f" it excludes {line['excluded']:,} parcels"
    )
    ours = {**own, "p50_ms": 1000 * own["seconds"]}
    return {"ours": ours, "peers": {}, "ratios": {}}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("job", choices=[*ON_SCENES, *ALONE])
    parser.add_argument("--n", type=_sizes, help="parcels; several with commas")
    parser.add_argument("--peers", default=",".join(PEERS), help="names with commas")
    parser.add_argument("--repeats", type=int, default=5, help="most runs of each")
    parser.add_argument(
        "--every-m", type=float, help="edges of control lines are no longer"
    )
    parser.add_argument("--data", type=Path, help="a folder of `landmap sample`")
    parser.add_argument("--picture", type=Path, help="file `scale` draws into")
    parser.add_argument("--json", action="store_true", help="last line is JSON")
    return parser


def _sizes(text: str) -> list[int]:
    return [int(word.replace("_", "")) for word in text.split(",")]


if __name__ == "__main__":
    main()
