"""Glyphs as SVG paths, for pictures whose reader may not have the font (TrueType: OpenType 1.9, table `glyf`)."""

import struct
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

_HEADER = 10  # bytes: the number of contours and the box
_ON, _X_SHORT, _Y_SHORT, _REPEAT, _X_SAME, _Y_SAME = 1, 2, 4, 8, 16, 32


class _Point(NamedTuple):
    x: float
    y: float
    is_on: bool  # on the curve; else it bends the curve between its neighbours


def path(glyph: bytes) -> str:
    """Return the path of a simple glyph, in the font's units, y upwards; empty for a glyph without ink.

    Raises: ValueError for a glyph made of others.
    """
    if not glyph:
        return ""
    count = struct.unpack_from(">h", glyph)[0]
    if count < 0:
        raise ValueError("a glyph made of others")
    ends = struct.unpack_from(f">{count}H", glyph, _HEADER)
    points = _points(glyph, after=_HEADER + 2 * count, count=ends[-1] + 1)
    starts = (0, *(end + 1 for end in ends))
    return "".join(
        _contour(points[start : end + 1]) for start, end in zip(starts, ends, strict=False) if end > start
    )


def _points(glyph: bytes, *, after: int, count: int) -> list[_Point]:
    at = after + 2 + struct.unpack_from(">H", glyph, after)[0]  # past the instructions
    flags: list[int] = []
    while len(flags) < count:
        flag = glyph[at]
        repeats = glyph[at + 1] if flag & _REPEAT else 0
        flags += [flag] * (1 + repeats)
        at += 2 if flag & _REPEAT else 1
    rest = iter(glyph[at:])
    xs = list(accumulate(_steps(flags, rest, short=_X_SHORT, same=_X_SAME)))
    ys = list(accumulate(_steps(flags, rest, short=_Y_SHORT, same=_Y_SAME)))
    return [_Point(x, y, bool(flag & _ON)) for x, y, flag in zip(xs, ys, flags, strict=True)]


def _steps(flags: Sequence[int], rest: Iterator[int], *, short: int, same: int) -> Iterator[int]:
    """From each point to the next; `same` means no step, or that a short one is positive."""
    for flag in flags:
        if flag & short:
            yield next(rest) if flag & same else -next(rest)
        elif flag & same:
            yield 0
        else:
            yield int.from_bytes((next(rest), next(rest)), signed=True)


def _contour(points: Sequence[_Point]) -> str:
    """One closed line; between two points that bend, the curve passes through their middle."""
    whole: list[_Point] = []
    for before, point in zip((points[-1], *points), points, strict=False):
        if not before.is_on and not point.is_on:
            whole.append(_Point((before.x + point.x) / 2, (before.y + point.y) / 2, is_on=True))
        whole.append(point)
    first = next(number for number, point in enumerate(whole) if point.is_on)
    start, *others = (*whole[first:], *whole[:first])
    drawn = [f"M{start.x:g} {start.y:g}"]
    bend = ""
    for point in (*others, start):
        drawn.append(f"{bend or 'L'}{point.x:g} {point.y:g}" if point.is_on else "")
        bend = "" if point.is_on else f"Q{point.x:g} {point.y:g} "
    return "".join(drawn) + "z"
