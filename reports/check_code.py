"""The QR code of a check: its number, to be scanned from paper."""

from functools import lru_cache
from io import BytesIO

import segno


def code_svg(text: str) -> str:
    """Draw a code as SVG."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="svg", border=1, scale=4)
    return drawn.getvalue().decode()


@lru_cache(maxsize=256)
def code_png(text: str) -> bytes:
    """Draw a code as PNG."""
    drawn = BytesIO()
    segno.make(text, error="m", micro=False).save(drawn, kind="png", border=1, scale=6)
    return drawn.getvalue()
