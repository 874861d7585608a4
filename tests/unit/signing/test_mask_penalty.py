"""The penalty of a QR symbol is the standard's for any grid of modules (ISO/IEC 18004:2015, 7.8.3.1)."""

from hypothesis import given
from hypothesis import strategies as st
from qrcode.util import lost_point

from signing.qr_mask import penalty

SIZE = 21  # version 1
ROWS = st.lists(st.integers(0, 2**SIZE - 1), min_size=SIZE, max_size=SIZE)


def expected(rows: tuple[int, ...]) -> int:
    modules: list[list[bool | None]] = [
        [bool(row >> SIZE - 1 - column & 1) for column in range(SIZE)] for row in rows
    ]
    return int(lost_point(modules))


@given(ROWS)
def test_any_grid_costs_what_the_encoders_own_count_says(rows: list[int]) -> None:
    assert penalty(tuple(rows)) == expected(tuple(rows))
