"""Points of edwards25519 (RFC 8032 section 5.1), as far as a public key must be looked at before it is believed.

OpenSSL loads any 32 bytes as an Ed25519 key. With a key of low order anybody can make signatures that verify.
Public values only: nothing here needs to run in constant time.
"""

P = 2**255 - 19
D = -121665 * pow(121666, -1, P) % P
SQRT_MINUS_ONE = pow(2, (P - 1) // 4, P)
SIGN_BIT = 1 << 255
NEUTRAL = (0, 1)
COFACTOR_DOUBLINGS = 3  # the curve's cofactor is 8

Point = tuple[int, int]


def decode(raw: bytes) -> Point | None:
    """Return the point that 32 bytes write, or None: y not below the prime, no such x, or minus zero (section 5.1.3)."""
    value = int.from_bytes(raw, "little")
    sign, y = value >> 255, value & (SIGN_BIT - 1)
    if y >= P:
        return None
    x = _root((y * y - 1) * pow(D * y * y + 1, -1, P) % P)
    if x is None or (x == 0 and sign):
        return None
    return (P - x if x & 1 != sign else x), y


def has_low_order(point: Point) -> bool:
    """Return whether eight times the point is the neutral element."""
    for _ in range(COFACTOR_DOUBLINGS):
        point = _double(point)
    return point == NEUTRAL


def _root(square: int) -> int | None:
    root = pow(square, (P + 3) // 8, P)
    if root * root % P != square:
        root = root * SQRT_MINUS_ONE % P
    return root if root * root % P == square else None


def _double(point: Point) -> Point:
    x, y = point
    product = D * x * x * y * y % P
    return (
        2 * x * y * pow(1 + product, -1, P) % P,
        (y * y + x * x) * pow(1 - product, -1, P) % P,
    )
