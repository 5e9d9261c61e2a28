"""Where the parts of a chart stand: bars and a line over numbers in hundredths, for the SVG partials beside their tables."""

from collections.abc import Sequence
from typing import Any

WIDTH, LEFT, RIGHT = 400, 104, 356
ROW, TOP, FULL = 26, 8, 10_000
HEIGHT, FLOOR = 150, 118


def _at(number: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * min(max(number, 0), FULL) / FULL, 1)


def words(number: int) -> str:
    """8650 hundredths as 86.5."""
    return f"{number / 100:.2f}".rstrip("0").rstrip(".")


def bars(rows: Sequence[tuple[str, int]], title: str) -> dict[str, Any]:
    """One bar for each (name, hundredths of a hundred); a long name is cut in the drawing, the table has it whole."""
    drawn = [
        {
            "name": name if len(name) < 8 else f"{name[:6]}…",
            "full_name": name,
            "words": words(number),
            "y": TOP + ROW * n,
            "text_y": TOP + ROW * n + 14,
            "width": round(_at(number) - LEFT, 1),
            "end": _at(number) + 5,
        }
        for n, (name, number) in enumerate(rows)
    ]
    return {
        "title": title,
        "rows": drawn,
        "height": TOP * 2 + ROW * len(drawn),
        "width": WIDTH,
        "left": LEFT,
        "name_x": LEFT - 8,
        "said": "，".join(f"{row['full_name']}{row['words']}" for row in drawn),
    }


def line(points: Sequence[tuple[str, int]], title: str) -> dict[str, Any]:
    """A line through (name, hundredths of a hundred), from left to right."""
    step = (WIDTH - 80) / max(len(points) - 1, 1)
    drawn = [
        {
            "name": name,
            "words": words(number),
            "x": round(40 + step * n, 1) if len(points) > 1 else WIDTH / 2,
            "y": round(FLOOR - (FLOOR - 26) * min(max(number, 0), FULL) / FULL, 1),
        }
        for n, (name, number) in enumerate(points)
    ]
    for point in drawn:
        point["word_y"] = point["y"] - 10
    return {
        "title": title,
        "points": drawn,
        "path": " ".join(f"{'L' if n else 'M'}{p['x']} {p['y']}" for n, p in enumerate(drawn)),
        "height": HEIGHT,
        "width": WIDTH,
        "floor": FLOOR,
        "name_y": FLOOR + 20,
        "said": "，".join(f"{p['name']}{p['words']}" for p in drawn),
    }
