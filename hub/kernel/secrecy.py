"""Whether a secret that a person chose can be guessed."""

import math
import re
from collections import Counter

from hub.kernel.messages import Message

MIN_BITS = 60.0  # with the key folder's stretching a guess costs 0.4 s; without any, a trillion a second take a fortnight
_RUN = re.compile(
    r"(?:abcdefgh|qwert|asdfg|12345|password|passw0rd|admin|secret|changeme|letmein|密码|123)", re.IGNORECASE
)


def weakness(secret: str, *, min_chars: int = 12) -> Message | None:
    """Why a secret is weak: too short, a few characters over and over, or a word that everybody tries; else None."""
    if len(secret) < min_chars:
        return Message(f"太短：至少 {min_chars} 个字符", f"too short: at least {min_chars} characters")
    if _period(secret) <= len(secret) // 2:
        return Message("由同一片段重复而成", "one piece over and over")
    if _bits(_RUN.sub("", secret)) < MIN_BITS:
        return Message(
            "字符过于单一或常见，容易被猜中", "too few different characters, or words that everybody tries"
        )
    return None


def _period(secret: str) -> int:
    """The length of the shortest piece of which the whole is made; its own length when there is none."""
    return (secret + secret).find(secret, 1)


def _bits(secret: str) -> float:
    """An upper bound of what guessing costs: Shannon's entropy of its characters, steps of one not counted."""
    told = "".join(
        after
        for before, after in zip("\0" + secret, secret, strict=False)
        if abs(ord(after) - ord(before)) > 1
    )
    if not told:
        return 0.0
    counts = Counter(told)
    return -sum(count * math.log2(count / len(told)) for count in counts.values())
