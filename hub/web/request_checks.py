"""What a request brings, looked at once for every route: NUL anywhere, and forms of too many fields."""

from flask import request
from werkzeug.exceptions import RequestEntityTooLarge

from hub.kernel.errors import InvalidInputError, NotFoundError

URLENCODED = "application/x-www-form-urlencoded"
FORMS = frozenset({URLENCODED, "multipart/form-data"})


class UnstorableTextError(InvalidInputError):
    reason = "NUL"
    zh = "文字中含有无法保存的字符。"
    en = "The text holds a character that cannot be stored."


def refuse_nul_in_address(*, allowed: bool) -> None:
    """No text of ours holds NUL, and PostgreSQL stores none. `allowed`: in the path, where it is part of a code to verify.

    Raises: NotFoundError, UnstorableTextError.
    """
    if "\0" in request.path and not allowed:
        raise NotFoundError
    if b"%00" in request.query_string:
        raise UnstorableTextError("address")


def check_form(*, pairs: int) -> None:
    """Read the form, once rate and login allow it; fields are counted before anything is taken apart.

    Raises: RequestEntityTooLarge, UnstorableTextError.
    """
    if request.mimetype == URLENCODED and request.get_data().count(b"&") >= pairs:
        raise RequestEntityTooLarge
    if request.mimetype in FORMS:
        for name, value in request.form.items(multi=True):
            if "\0" in name or "\0" in value:
                raise UnstorableTextError(name.replace("\0", ""))
