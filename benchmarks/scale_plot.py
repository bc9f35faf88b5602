"""Draw time and memory against size, as an SVG that needs nothing to be looked at.

``python -m benchmarks.scale_plot SIZES.json OUT.svg`` draws what ``python -m benchmarks.scale --json SIZES.json`` kept.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_WIDTH, _HEIGHT, _LEFT, _TOP, _PANEL, _DEEP = 860, 360, 60, 46, 340, 250
_STYLE = (
    "text{font:12px system-ui,sans-serif;fill:#333}.axis{stroke:#999}.grid{stroke:#e6e6e6}"
    ".ours{fill:none;stroke:#2563eb;stroke-width:2}.dot{fill:#2563eb}.even{stroke:#999;stroke-dasharray:4 4}"
    ".rival{fill:#c2410c}"
)

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Panel:
    """One chart with logarithmic axes; `even` is the slope-one line through the last point, `rival` one other point."""

    title: str
    unit: str
    points: Points
    rival: tuple[float, float, str] | None = None

    def svg(self, left: float) -> str:
        """Return the chart with its left edge at `left`."""
        every = [*self.points, *([self.rival[:2]] if self.rival else [])]
        across = _decades([x for x, _ in every])
        up = _decades([y for _, y in every])

        def place(point: tuple[float, float]) -> tuple[float, float]:
            x = left + _PANEL * _share(point[0], across)
            return x, _TOP + _DEEP * (1 - _share(point[1], up))

        parts = [f'<text x="{left}" y="{_TOP - 20}" font-weight="600">{self.title}</text>']
        for power in range(across[0], across[1] + 1):
            x, _ = place((10.0**power, 10.0 ** up[0]))
            parts.append(f'<line class="grid" x1="{x:.0f}" x2="{x:.0f}" y1="{_TOP}" y2="{_TOP + _DEEP}"/>')
            parts.append(f'<text x="{x:.0f}" y="{_TOP + _DEEP + 18}" text-anchor="middle">{_told(10**power)}</text>')
        for power in range(up[0], up[1] + 1):
            _, y = place((10.0 ** across[0], 10.0**power))
            parts.append(f'<line class="grid" x1="{left}" x2="{left + _PANEL}" y1="{y:.0f}" y2="{y:.0f}"/>')
            parts.append(f'<text x="{left - 6}" y="{y + 4:.0f}" text-anchor="end">{_told(10**power)}</text>')
        line = " ".join("{:.1f},{:.1f}".format(*place(point)) for point in self.points)
        parts.append(f'<polyline class="ours" points="{line}"/>')
        for point in self.points:
            x, y = place(point)
            parts.append(f'<circle class="dot" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
            parts.append(
                f'<text x="{x - 6:.1f}" y="{y - 9:.1f}" text-anchor="end">{_told(point[1])} {self.unit}</text>'
            )
        if self.rival:
            x, y = place(self.rival[:2])
            parts.append(f'<circle class="rival" cx="{x:.1f}" cy="{y:.1f}" r="4"/>')
            told = f"{self.rival[2]}: {_told(self.rival[1])} {self.unit}"
            parts.append(f'<text x="{x + 8:.1f}" y="{y + 4:.1f}">{told}</text>')
        return "".join(parts)


def drawn(sizes: Sequence[Mapping[str, float]], plain: Mapping[str, float] | None) -> str:
    """Return the SVG of runs with keys `n`, `seconds`, `memory` (GB), and of the plain stack's one."""
    time = [(size["n"], size["seconds"]) for size in sizes]
    memory = [(size["n"], size["memory"]) for size in sizes]
    rivals = [(plain["n"], plain[name], "plain stack") if plain else None for name in ("seconds", "memory")]
    panels = [
        Panel("Collect to notify, seconds, by contacts of a day", "s", time, rivals[0]),
        Panel("Most memory, GB, by contacts of a day", "GB", memory, rivals[1]),
    ]
    body = "".join(panel.svg(_LEFT + number * (_PANEL + 80)) for number, panel in enumerate(panels))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img">'
        f'<style>{_STYLE}</style><rect width="{_WIDTH}" height="{_HEIGHT}" fill="#fff"/>{body}</svg>\n'
    )


def _decades(values: Sequence[float]) -> tuple[int, int]:
    return math.floor(math.log10(min(values))), math.ceil(math.log10(max(values)) + 1e-9)


def _share(value: float, decades: tuple[int, int]) -> float:
    return (math.log10(value) - decades[0]) / (decades[1] - decades[0])


def _told(value: float) -> str:
    """Return a number as an axis has it.

    Examples
    --------
    >>> _told(1_200_000), _told(10_000), _told(0.1), _told(3.25)
    ('1.2M', '10k', '0.1', '3.2')
    """
    for unit, name in ((1_000_000, "M"), (1_000, "k")):
        if value >= unit:
            return f"{value / unit:.3g}{name}"
    return f"{value:.3g}" if value < 1 else f"{value:.2g}" if value < 10 else f"{value:.0f}"


def main(source: Path, target: Path) -> None:
    """Read the kept runs and write the picture."""
    kept = json.loads(source.read_text(encoding="utf-8"))
    target.write_text(drawn(kept["sizes"], kept.get("plain")), encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
