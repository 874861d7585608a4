"""Which codes can stand on the list of exceptions, and with what words; pure.

GB 32100-2015 fixes the check character; a few codes were given out with a wrong one and stay as they are, because a code
is valid for life (《法人和其他组织统一社会信用代码制度建设总体方案》, one code unchanged for life).
"""

from hub.kernel.errors import ConflictError, InvalidInputError
from hub.kernel.identifiers import IdentifierError, Uscc, normalise_uscc, uscc_problems
from hub.kernel.identifiers.checks import uscc_check
from hub.kernel.identifiers.uscc import USCC_CHARS
from hub.kernel.visible_characters import is_visible

MAX_CHARS = 200  # of a reason and of a source, as of a proposal's reason
_FORM = frozenset({"USCC_LENGTH", "USCC_ALPHABET", "USCC_REGION"})  # what no exception excuses


class ExceptionExistsError(ConflictError):
    reason = "EXCEPTION_EXISTS"
    zh = "该代码已在例外清单中。"
    en = "This code stands on the list already."


class ExceptionEndedError(ConflictError):
    reason = "EXCEPTION_ENDED"
    zh = "该例外已终止。"
    en = "This exception has ended already."


class ExceptionFormError(InvalidInputError):
    reason = "EXCEPTION_FORM"
    field = "code"
    zh = f"请按证照填写{USCC_CHARS}位代码：数字和大写字母(不含I、O、S、V、Z)，第3至8位为数字。"
    en = (
        f"Give the {USCC_CHARS} characters as on the licence: digits and capitals without I, O, S, V, Z; "
        "the third to eighth are digits."
    )


class ExceptionNotNeededError(InvalidInputError):
    reason = "EXCEPTION_NOT_NEEDED"
    field = "code"
    zh = "该代码校验无误，无需列入例外。"
    en = "The checks of this code are right: it needs no exception."


class ExceptionReasonError(InvalidInputError):
    reason = "EXCEPTION_REASON"
    field = "reason"
    zh = f"请用1至{MAX_CHARS}字说明理由。"
    en = f"Say why, in 1 to {MAX_CHARS} characters."


class ExceptionSourceError(InvalidInputError):
    reason = "EXCEPTION_SOURCE"
    field = "source"
    zh = f"请用1至{MAX_CHARS}字写明证明该代码的文书或记录。"
    en = f"Name the document or record that proves the code, in 1 to {MAX_CHARS} characters."


def exceptional(text: str) -> str:
    """Return the code in `text`, normalised, which can stand on the list: right in form, wrong in its checks.

    Raises: ExceptionFormError, ExceptionNotNeededError.
    """
    code = normalise_uscc(text)
    if any(problem.reason in _FORM for problem in uscc_problems(code)):
        raise ExceptionFormError
    # A code whose checks are right is taken without any entry; one on the list would only suggest a doubt.
    if is_taken(code):
        raise ExceptionNotNeededError
    return code


def is_taken(code: str) -> bool:
    """Return whether departments' data may hold this code without any exception."""
    try:
        Uscc(code)
    except IdentifierError:
        return False
    return True


def check_holds(code: str) -> bool:
    """Return whether the 18th character of a code of right form is right."""
    return uscc_check(code[:-1]) == code[-1]


def said(words: str, refusal: type[InvalidInputError]) -> str:
    """Return a reason or a source on one line. Raises: `refusal`."""
    line = " ".join(words.split())
    if not 0 < len(line) <= MAX_CHARS or not is_visible(line):
        raise refusal
    return line
