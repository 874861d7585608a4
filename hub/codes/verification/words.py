"""How officers and officials read a verdict at a glance: one short word, and who scanned."""

from collections.abc import Mapping
from types import MappingProxyType

from hub.codes.rules import Viewer
from hub.codes.verification.verdicts import CodeVerdict
from hub.kernel.messages import Message
from hub.kernel.outcomes import Outcome
from hub.licenses.colours.rules import Colour

OUTCOME_WORDS: Mapping[Outcome, Message] = MappingProxyType(
    {
        Outcome.VALID: Message("有效", "Valid"),
        Outcome.ATTENTION: Message("需注意", "Attention"),
        Outcome.REFUSED: Message("不可采信", "Not to be believed"),
        Outcome.UNKNOWN: Message("无法核验", "Cannot tell"),
    }
)

OUTCOME_COLOURS: Mapping[Outcome, Colour] = MappingProxyType(
    {
        Outcome.VALID: Colour.BLUE,
        Outcome.ATTENTION: Colour.YELLOW,
        Outcome.REFUSED: Colour.RED,
        Outcome.UNKNOWN: Colour.GREY,
    }
)

_BAD_LICENSE = Message("执照不可信赖", "License not to be relied on")
_NOT_GENUINE = Message("不是真码", "Not genuine")
_WRONG_NUMBER = Message("编号有误", "Wrong number")
_REFUSALS: Mapping[str, Message] = MappingProxyType(  # why a refused one is refused, where that is no forgery
    {
        "CODE_HOST": Message("非官方码", "Not an official code"),
        "CODE_EXPIRED": Message("已过期", "Expired"),
        "CODE_USED": Message("已用过", "Used before"),
        "PLATE_ENDED": Message("码牌未在用", "Plate not in use"),
        "CODE_ENDED": Message("未在用", "Not in use"),
        "PLATE_ID_LENGTH": _WRONG_NUMBER,
        "PLATE_ID_ALPHABET": _WRONG_NUMBER,
        "PLATE_ID_CHECK": _WRONG_NUMBER,
    }
)

VIEWER_NAMES: Mapping[Viewer, Message] = MappingProxyType(
    {
        Viewer.PUBLIC: Message("公众", "Public"),
        Viewer.ENTERPRISE: Message("企业", "Enterprise"),
        Viewer.OFFICER: Message("执法", "Enforcement"),
        Viewer.OFFICIAL: Message("政务", "Government"),
        Viewer.PLATFORM: Message("第三方平台", "Platforms"),
    }
)


def verdict_word(verdict: CodeVerdict) -> Message:
    """Return the word for the largest type of the screen: what is wrong, not only that something is."""
    if license_is_bad(verdict):
        return _BAD_LICENSE
    if verdict.outcome is not Outcome.REFUSED:
        return OUTCOME_WORDS[verdict.outcome]
    return next((_REFUSALS[reason] for reason in verdict.reasons if reason in _REFUSALS), _NOT_GENUINE)


def license_is_bad(verdict: CodeVerdict) -> bool:
    """Return whether the code is genuine and the business license behind it is red: no case for a mild word."""
    return verdict.genuine and verdict.enterprise is not None and verdict.enterprise.colour is Colour.RED
