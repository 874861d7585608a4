"""The mask of a QR symbol: the one of eight with the lowest penalty (ISO/IEC 18004:2015, 7.8), in bit arithmetic.

The encoder's own search rebuilds the symbol for each mask and takes thirty times as long. Here a symbol is one integer, row
after row, the upper left module in the highest bit, so that a feature of all lines at once is a few shifts and counts:
by one bit for rows, by a row's length for columns.
"""

from collections.abc import Iterator
from functools import lru_cache

from qrcode.util import BCH_type_info, mask_func, pattern_position

MASKS = range(8)
FIRST_VERSION_WITH_INFORMATION = 7
TIMING = 6  # the row and the column of the timing patterns
ALIGNMENT_REACH = 2  # an alignment pattern is 5 by 5
FINDER_LIKE = (0b10111010000, 0b00001011101)  # 1:1:3:1:1 with four light modules on one side
FINDER_BITS = 11

Rows = tuple[int, ...]
"""A symbol row by row, the leftmost module in the highest bit."""


def best_masked(rows: Rows, *, version: int, level_bits: int) -> Rows:
    """Choose the best mask of a symbol, from the same symbol with mask 0.

    `level_bits` are the two bits of the error correction level in the format information.
    """
    size, grid = len(rows), _joined(rows)
    masked = (_remasked(grid, mask, version=version, level_bits=level_bits) for mask in MASKS)
    return _split(min(masked, key=lambda each: _penalty(each, size)), size)


def remasked(rows: Rows, mask: int, *, version: int, level_bits: int) -> Rows:
    """Put another mask on a symbol, from the same symbol with mask 0."""
    return _split(_remasked(_joined(rows), mask, version=version, level_bits=level_bits), len(rows))


def penalty(rows: Rows) -> int:
    """Add up the four features of a symbol (ISO/IEC 18004:2015, 7.8.3.1): runs, blocks, finder look-alikes, balance."""
    return _penalty(_joined(rows), len(rows))


def _remasked(grid: int, mask: int, *, version: int, level_bits: int) -> int:
    information, cells = _information(4 * version + 17, level_bits << 3 | mask)
    return (grid ^ _flips(version, mask)) & ~cells | information


def _penalty(grid: int, size: int) -> int:
    light = ~grid & _everywhere(size)
    across = ~(grid ^ grid >> 1) & _room(size, 1, 0)  # the module and its left neighbour are alike
    down = ~(grid ^ grid >> size) & _room(size, 0, 1)
    blocks = down & down >> 1 & across
    finders = sum(
        _occurrences(grid, light, pattern, step=step, room=room)
        for step, room in ((1, _room(size, FINDER_BITS - 1, 0)), (size, _room(size, 0, FINDER_BITS - 1)))
        for pattern in FINDER_LIKE
    )
    # 10 for each full 5 % that the dark modules are away from one half.
    balance = abs(grid.bit_count() * 100 - 50 * size * size) // (5 * size * size)
    runs = _run_penalty(across, 1) + _run_penalty(down, size)
    return runs + 3 * blocks.bit_count() + 40 * finders + 10 * balance


def _run_penalty(same: int, step: int) -> int:
    """3 for each run of five modules alike, 1 for each module more."""
    fives = same & same >> step & same >> 2 * step & same >> 3 * step
    return fives.bit_count() + 2 * (fives & ~(fives << step)).bit_count()


def _occurrences(grid: int, light: int, pattern: int, *, step: int, room: int) -> int:
    found = room
    for position in range(FINDER_BITS):
        found &= (grid if pattern >> position & 1 else light) >> position * step
    return found.bit_count()


def _joined(rows: Rows) -> int:
    size = len(rows)
    return int("".join(f"{row:0{size}b}" for row in rows), 2)


def _split(grid: int, size: int) -> Rows:
    row = (1 << size) - 1
    return tuple(grid >> size * (size - 1 - number) & row for number in range(size))


@lru_cache(maxsize=40)
def _everywhere(size: int) -> int:
    return (1 << size * size) - 1


@lru_cache(maxsize=160)
def _room(size: int, left: int, above: int) -> int:
    """Modules that have so many others of their row on their left, and so many of their column above."""
    row = (1 << size - left) - 1
    return sum(row << size * number for number in range(size - above))


@lru_cache(maxsize=320)  # 40 versions by 8 masks
def _flips(version: int, mask: int) -> int:
    """Which modules differ between mask 0 and another one."""
    size = 4 * version + 17
    first, other = mask_func(0), mask_func(mask)
    area = _data_area(version)
    return _joined(
        tuple(
            sum(
                1 << (size - 1 - column)
                for column in range(size)
                if area[row][column] and first(row, column) != other(row, column)
            )
            for row in range(size)
        )
    )


@lru_cache(maxsize=1_280)  # 40 sizes by 32 values
def _information(size: int, value: int) -> tuple[int, int]:
    """Both copies of the format information of five bits, and all the modules that they take."""
    bits = BCH_type_info(value)
    written = cells = 0
    for number, (row, column) in _format_cells(size):
        cell = 1 << size * (size - 1 - row) + size - 1 - column
        cells |= cell
        written |= cell if bits >> number & 1 else 0
    return written, cells


def _data_area(version: int) -> list[list[bool]]:
    """Where data and error correction stand: everywhere but in the function patterns and informations (6.3, 7.9)."""
    size = 4 * version + 17
    area = [[TIMING not in {row, column} for column in range(size)] for row in range(size)]
    for row, column in _function_cells(version, size):
        area[row][column] = False
    return area


def _function_cells(version: int, size: int) -> Iterator[tuple[int, int]]:
    for row in range(9):  # finder patterns with separators and format information
        yield from ((row, column) for column in (*range(9), *range(size - 8, size)))
    for row in range(size - 8, size):
        yield from ((row, column) for column in range(9))
    centres = pattern_position(version)
    corners = {(6, 6), (6, size - 7), (size - 7, 6)}
    for centre in ((row, column) for row in centres for column in centres):
        if centre not in corners:
            yield from _square(centre)
    if version >= FIRST_VERSION_WITH_INFORMATION:
        for near in range(6):
            for far in range(size - 11, size - 8):
                yield from ((near, far), (far, near))


def _square(centre: tuple[int, int]) -> Iterator[tuple[int, int]]:
    reach = range(-ALIGNMENT_REACH, ALIGNMENT_REACH + 1)
    return ((centre[0] + down, centre[1] + right) for down in reach for right in reach)


@lru_cache(maxsize=40)
def _format_cells(size: int) -> tuple[tuple[int, tuple[int, int]], ...]:
    """Both copies of the 15 bits of format information (7.9.1): bit number, (row, column)."""
    down = [*range(6), 7, 8, *range(size - 7, size)]
    across = [*range(size - 1, size - 9, -1), 7, *range(5, -1, -1)]
    return (
        *((bit, (row, 8)) for bit, row in enumerate(down)),
        *((bit, (8, column)) for bit, column in enumerate(across)),
    )
