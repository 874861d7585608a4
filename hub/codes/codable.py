"""Which credit codes a code for scanning can carry."""

from hub.kernel.errors import ConflictError
from hub.registry.exceptions.rules import check_holds


class CodeNotPossibleError(ConflictError):
    """Verifiers demand a right check character (docs/profiles/code.md, step 8); a credit code by exception has none."""

    reason = "CODE_NOT_POSSIBLE"
    zh = "该统一社会信用代码经核定为校验例外，码无法离线核验，因此不制码牌、不出示动态码；请出示证照或电子凭证。"
    en = (
        "This credit code is taken by exception although its check fails: no reader could verify a code with it. "
        "There is no plate and no code on a screen; show the license or a credential."
    )


def is_codable(uscc: str) -> bool:
    """Return whether verifiers take a code with this credit code."""
    return check_holds(uscc)


def require_codable(uscc: str) -> None:
    """Raises: CodeNotPossibleError for a credit code whose check character is wrong."""
    if not is_codable(uscc):
        raise CodeNotPossibleError
