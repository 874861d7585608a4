"""The penalty of a QR symbol is the standard's for any grid of modules (ISO/IEC 18004:2015, 7.8.3.1)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from qrcode.util import lost_point

from signing.qr_mask import penalty

SIZE = 21  # version 1
CELLS = SIZE * SIZE
ROWS = st.lists(st.integers(0, 2**SIZE - 1), min_size=SIZE, max_size=SIZE)


def expected(rows: tuple[int, ...]) -> int:
    modules: list[list[bool | None]] = [
        [bool(row >> SIZE - 1 - column & 1) for column in range(SIZE)] for row in rows
    ]
    return int(lost_point(modules))


def darkened(count: int) -> tuple[int, ...]:
    """The first `count` modules dark, row after row."""
    text = "1" * count + "0" * (CELLS - count)
    return tuple(int(text[start : start + SIZE], 2) for start in range(0, CELLS, SIZE))


@given(ROWS)
def test_any_grid_costs_what_the_encoders_own_count_says(rows: list[int]) -> None:
    assert penalty(tuple(rows)) == expected(tuple(rows))


@pytest.mark.parametrize("tenth", range(11))
def test_the_share_of_dark_modules_is_measured_from_one_half(tenth: int) -> None:
    for count in {max(0, CELLS * tenth // 10 - 1), CELLS * tenth // 10, min(CELLS, CELLS * tenth // 10 + 1)}:
        assert penalty(darkened(count)) == expected(darkened(count))
