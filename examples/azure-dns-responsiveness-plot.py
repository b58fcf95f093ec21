# SPDX-License-Identifier: GPL-2.0-only
"""Draws what azure-dns-responsiveness prints, beside the two figures of LANMAN 2014.

    python3 examples/azure-dns-responsiveness-plot.py CSV [CSV ...] > curve.svg

Each file is a curve, named after its file. Needs nothing but Python; any browser shows the picture.
"""

import csv
import math
import os
import sys
from xml.sax.saxutils import escape

WIDTH, HEIGHT, LEFT, TOP, RIGHT, BOTTOM = 760, 460, 70, 40, 30, 60
TIMES = (5, 10, 20, 60, 120, 300, 900, 1800)
COLOURS = ("#1f5fa8", "#c05a1a", "#3a8a4a", "#7a4a9a")
# Flavel, Mani and Maltz: seconds after the change, share on the new answer, what is counted; where
# that is written.
PUBLISHED = ((60, 0.90, "2014: 90 % of requests", -8), (900, 0.98, "2014: 98 % of clients", 22))


def read(path):
    """The (seconds, share) points of a file."""
    with open(path, encoding="utf-8", newline="") as file:
        points = [
            (float(row["seconds"]), float(row["on_new_answer"])) for row in csv.DictReader(file)
        ]
    if not points or any(
        not (0 < seconds and 0 <= share <= 1) for seconds, share in points
    ):
        raise ValueError("not what azure-dns-responsiveness prints")
    return points


def draw(curves):
    """The picture of (name, points) pairs, as text of an SVG file."""
    last = max(seconds for _, points in curves for seconds, _ in points)
    low, high = math.log(TIMES[0]), math.log(max(last, 2 * TIMES[0]))

    def x(seconds):
        return LEFT + (math.log(max(seconds, TIMES[0])) - low) / (high - low) * (
            WIDTH - LEFT - RIGHT
        )

    def y(share):
        return TOP + (1 - share) * (HEIGHT - TOP - BOTTOM)

    parts = []

    def line(from_x, from_y, to_x, to_y):
        parts.append(
            '<line x1="%.1f" y1="%.1f" x2="%.1f" y2="%.1f" stroke="#cccccc"/>'
            % (from_x, from_y, to_x, to_y)
        )

    def text(at_x, at_y, words, anchor="middle", more=""):
        parts.append(
            '<text x="%.1f" y="%.1f" text-anchor="%s"%s>%s</text>'
            % (at_x, at_y, anchor, more, escape(words))
        )

    for percent in range(0, 101, 20):
        line(LEFT, y(percent / 100), WIDTH - RIGHT, y(percent / 100))
        text(LEFT - 8, y(percent / 100) + 4, "%d %%" % percent, "end")
    for seconds in TIMES:
        if seconds <= last:
            line(x(seconds), TOP, x(seconds), HEIGHT - BOTTOM)
            text(x(seconds), HEIGHT - BOTTOM + 18, "%d" % seconds)
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 16, "seconds after the record was changed")
    text(LEFT, TOP - 16, "requests that go to the new address", "start")
    for index, (name, points) in enumerate(curves):
        colour = COLOURS[index % len(COLOURS)]
        parts.append(
            '<polyline fill="none" stroke="%s" stroke-width="2" points="%s"/>'
            % (colour, " ".join("%.1f,%.1f" % (x(t), y(share)) for t, share in points))
        )
        height = HEIGHT - BOTTOM - 14 - 18 * (len(curves) - 1 - index)
        text(WIDTH - RIGHT - 8, height, name, "end", ' fill="%s"' % colour)
    for seconds, share, words, down in PUBLISHED:
        if seconds <= last:
            parts.append(
                '<circle cx="%.1f" cy="%.1f" r="5" fill="none" stroke="black" stroke-width="2"/>'
                % (x(seconds), y(share))
            )
            text(x(seconds) - 8, y(share) + down, words, "end")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="%d" font-family="sans-serif" '
        'font-size="13">\n<rect width="100%%" height="100%%" fill="white"/>\n%s\n</svg>\n'
        % (WIDTH, HEIGHT, "\n".join(parts))
    )


def main(paths):
    """Draw the files; returns the exit code."""
    if not paths:
        print(__doc__, file=sys.stderr)
        return 2
    curves = []
    for path in paths:
        try:
            curves.append((os.path.splitext(os.path.basename(path))[0], read(path)))
        except (OSError, UnicodeDecodeError, KeyError, TypeError, ValueError) as error:
            print("%s: %s" % (path, error), file=sys.stderr)
            return 2
    sys.stdout.write(draw(curves))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
