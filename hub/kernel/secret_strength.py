"""Whether a secret that a person chose can be guessed."""

import math
import re
from collections import Counter

from hub.kernel.messages import Message

MIN_BITS = 60.0  # with the key folder's stretching a guess costs 0.4 s; without any, a trillion a second take a fortnight
_WORDS = (  # that everybody tries, and those that examples of settings are made of; digits as letters (`_LETTERS`)
    "correct.?horse.?battery.?staple|quick|brown|jumps|iloveyou|letmein|welcome|password|passwd|secret|changeme|change|"
    "replace|insert|openssl|random|default|example|localhost|https?|admin|super|master|please|production|public|private|"
    "token|value|quzhou|yizhao|jicheng|zhejiang|china|base64|your|very|here|this|that|with|long|test|demo|keys?|pass|hub|"
    "the|use|not|dog|fox|over|lazy|dev|rand|in|do|is|an?|me|my|to|of|密码|口令|一照集成|衢州"
)
_WORD = re.compile(rf"(?<![a-z])(?:{_WORDS})+(?![a-z])|(?:password|changeme|iloveyou|supersecret)")
_NUMBER = re.compile(r"(?:19|20)[0-9]{2}|3\.?14159265358979(?:323846264338327950)?|123+4*5*6*7*8*9*0*")
_LETTERS = str.maketrans("0134@$5!7", "oieaassit")  # as people write letters in passwords
_ROWS = (
    "`1234567890-=",
    "qwertyuiop[]\\",
    "asdfghjkl;'",
    "zxcvbnm,./",
)  # each half a key right of the one above
_PLACES = {key: (row, at) for row, keys in enumerate(_ROWS) for at, key in enumerate(keys, start=-(row == 0))}
_NEIGHBOURS = frozenset({(0, 1), (0, -1), (-1, 0), (-1, 1), (1, 0), (1, -1)})
_HEX = frozenset("0123456789abcdef-")


def weakness(secret: str, *, min_chars: int = 12) -> Message | None:
    """Return why a secret is weak: too short, a few characters over and over, or a word that everybody tries; else None."""
    if len(secret) < min_chars:
        return Message(f"太短：至少 {min_chars} 个字符", f"too short: at least {min_chars} characters")
    if _period(secret) <= len(secret) // 2:
        return Message("由同一片段重复而成", "one piece over and over")
    if min(_bits(secret), _bits(_rest(secret))) < MIN_BITS:
        return Message(
            "字符过于单一或常见，容易被猜中", "too few different characters, or words that everybody tries"
        )
    return None


def _period(secret: str) -> int:
    """The length of the shortest piece of which the whole is made; its own length when there is none."""
    return (secret + secret).find(secret, 1)


def _rest(secret: str) -> str:
    """What is left without numbers and words that everybody tries."""
    folded = "".join(character.lower()[:1] for character in secret)
    spans = (*_NUMBER.finditer(folded), *_WORD.finditer(folded.translate(_LETTERS)))
    known = {at for span in spans for at in range(*span.span())}
    return "".join(character for at, character in enumerate(secret) if at not in known)


def _bits(secret: str) -> float:
    """An upper bound of what guessing costs: Shannon's entropy of its characters, without runs that follow by a rule.

    One step by a rule is chance; two in a row are a run.
    """
    keys = [character.lower()[:1] for character in secret]
    is_walked = not _HEX.issuperset(keys)  # sixteen characters are neighbours by chance too often
    threes = zip(("\0", "\0", *keys), ("\0", *keys), keys, strict=False)
    steps = [False, *(_follows(*three, is_walked=is_walked) for three in threes), False]
    runs = (
        step and (before or after) for before, step, after in zip(steps, steps[1:], steps[2:], strict=False)
    )
    told = [character for character, is_run in zip(secret, runs, strict=True) if not is_run]
    if not told:
        return 0.0
    counts = Counter(told)
    return -sum(count * math.log2(count / len(told)) for count in counts.values())


def _follows(first: str, before: str, after: str, *, is_walked: bool) -> bool:
    """Whether a character is the next one, as far from the last as that from its own, or its neighbour on the keyboard."""
    step = ord(after) - ord(before)
    if not is_walked:
        return abs(step) == 1
    if abs(step) <= 1 or step == ord(before) - ord(first):
        return True
    here, there = _PLACES.get(before), _PLACES.get(after)
    return here is not None and there is not None and (there[0] - here[0], there[1] - here[1]) in _NEIGHBOURS
