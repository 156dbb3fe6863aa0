"""Print how long the app takes from its start to its first answer.

    uv run benchmarks/start.py [--runs 5]

The store is built first (that time is printed too), then the app is started anew each
time, until `/healthz` answers 200 and the page itself has been served.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PATIENCE_S = 300.0


def main() -> None:
    """Build the store once, then time the starts that reuse it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    with tempfile.TemporaryDirectory() as home:
        print(f"first start, everything built: {started(Path(home)):6.2f} s")
        times = [started(Path(home)) for _ in range(runs)]
    print(
        f"start with the store built:    {statistics.median(times):6.2f} s"
        f"  (median of {runs}; {min(times):.2f} to {max(times):.2f})"
    )


def started(home: Path) -> float:
    """Start the app, wait for its first answers, stop it; return the seconds."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    begin = time.perf_counter()
    app = subprocess.Popen(
        [sys.executable, str(ROOT / "app.py"), "--port", str(port)],
        env={**os.environ, "LANDMAP_HOME": str(home)},
        stdout=subprocess.DEVNULL,
    )
    try:
        for path in ("/healthz", "/"):
            wait_for(f"http://127.0.0.1:{port}{path}", app, begin + PATIENCE_S)
        return time.perf_counter() - begin
    finally:
        app.terminate()
        app.wait()


def wait_for(url: str, app: subprocess.Popen[bytes], until: float) -> None:
    """Ask until the answer is 200; a start that fails or never ends is an error."""
    while time.perf_counter() < until and app.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310
                if answer.status == 200:  # noqa: PLR2004
                    return
        except (urllib.error.URLError, TimeoutError):
            time.sleep(0.02)
    sys.exit(f"{url} did not answer; the app ended with {app.poll()}.")


if __name__ == "__main__":
    main()
