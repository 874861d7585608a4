"""Glyphs as paths: corners stay corners, curves curves, and what OpenType leaves out of the bytes is put in again."""

import struct

import pytest

from hub.codes.printing.outlines import path

ON, X_SHORT, Y_SHORT, REPEAT, X_SAME, Y_SAME = 1, 2, 4, 8, 16, 32


def glyph(*ends: int, flags: bytes, steps: bytes) -> bytes:
    header = struct.pack(">5h", len(ends), 0, 0, 0, 0)
    return header + struct.pack(f">{len(ends)}H", *ends) + b"\0\0" + flags + steps


def test_a_square_is_four_lines() -> None:
    """The first point is the origin, by two long zeros; then right, up and left, short and with their signs."""
    flags = bytes((ON, ON | X_SHORT | X_SAME | Y_SAME, ON | Y_SHORT | X_SAME | Y_SAME, ON | X_SHORT | Y_SAME))
    steps = bytes((0, 0, 100, 100)) + bytes((0, 0, 100))

    assert path(glyph(3, flags=flags, steps=steps)) == "M0 0L100 0L100 100L0 100L0 0z"


def test_between_two_bending_points_the_curve_passes_their_middle() -> None:
    """A round without any point on it: one flag, repeated three times more; every step in two bytes."""
    steps = struct.pack(">8h", 0, 100, 0, -100, 0, 0, 100, 0)

    assert path(glyph(3, flags=bytes((REPEAT, 3)), steps=steps)) == (
        "M0 50Q0 0 50 0Q100 0 100 50Q100 100 50 100Q0 100 0 50z"
    )


def test_a_space_has_no_path_and_a_glyph_of_others_is_refused() -> None:
    assert path(b"") == ""
    with pytest.raises(ValueError, match="made of others"):
        path(struct.pack(">5h", -1, 0, 0, 0, 0))
