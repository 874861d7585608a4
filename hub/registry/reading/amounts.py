"""Sums of money: one below zero is refused however it is written, and none is rounded in silence."""

import re
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Final

from hub.registry.reading.errors import AmountFractionError, AmountRefusedError
from hub.registry.reading.texts import EXACT_DIGITS, folded
from hub.registry.reading.values import read_text

MAX_AMOUNT: Final = Decimal(10) ** 12  # fits the table (14 digits, 2 of them after the point)
FEN: Final = Decimal("0.01")

_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,20})?\Z|\d{1,14}(?:\.\d{1,20})?\Z", re.ASCII)
_EXACT = Context(prec=EXACT_DIGITS, rounding=ROUND_HALF_EVEN)
_WORDS = re.compile(r"人民币|rmb|cny|[¥$]|万|亿|元|圆|整|\s")  # what stands around the number itself
_SIGN = (  # hyphens, dashes, minus signs and the triangle of accounts; full widths are folded
    "[\\-\u2010-\u2015\u2212\u02d7\u2043\u2500\u2501\u2796\u30fc\u25b3\u25b2\u2206\u2207\u25bd\u25bc]"
)
_BELOW_ZERO = re.compile(
    rf"[(\[{{【〔]*(?:{_SIGN}|minus|[负負](?=[\d一二三四五六七八九十百千零〇壹贰叁肆伍陆柒捌玖拾佰仟]))"  # -5, 负5
    rf"|.*\d[)\]]*{_SIGN}+\Z"  # 5-
    r"|[(\[{【〔][\d.,]*\d[\d.,]*[)\]}】〕]\Z"  # (5)
)


def amount(text: str) -> Decimal | None:
    """Read a sum from 0 up, thousands separated or not, as exact as a double keeps it; None for anything else."""
    plain = text.removesuffix("元").strip()
    if _AMOUNT.match(plain) is None:
        return None
    value = _EXACT.create_decimal(plain.replace(",", ""))
    return value if value < MAX_AMOUNT else None


def read_amount(text: str, field: str) -> Decimal | None:
    """Read a fine in yuan to the fen; None for nothing.

    Raises: AmountRefusedError for what is no number or below zero, AMOUNT_FRACTION for parts of a fen.
    """
    if not text:
        return None
    value = amount(text)
    if value is None:
        raise AmountRefusedError(field, text)
    # Noughts and the noise of a double are gone already (`_EXACT`); what is left below a fen was written so.
    whole = value.quantize(FEN)
    if whole != value:
        raise AmountFractionError(field, text)
    return whole


def read_capital(text: str, field: str) -> tuple[str | None, bool]:
    """Return a capital as delivered, and whether it is other than a number; (None, False) for nothing.

    Raises: AmountRefusedError for a sum below zero, and as `read_text`.
    """
    if not text:
        return None, False
    plain = read_text(text, field)
    sum_of_money = folded(text)
    if _BELOW_ZERO.match(_WORDS.sub("", sum_of_money.casefold())):
        raise AmountRefusedError(field, text)
    return plain, amount(sum_of_money.removesuffix("人民币").removesuffix("万元").removesuffix("万")) is None
