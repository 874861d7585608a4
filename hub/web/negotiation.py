"""What kind of answer the caller wants: a page, or a document for a program."""

from flask import request

PROGRAM_PATHS = ("/api/", "/.well-known/", "/status/", "/log/", "/openapi.json")
PAGES_AMONG_THEM = frozenset({"/log/", "/log/check"})  # people read these, and what goes wrong there
_PAGE = "text/html"
_DOCUMENTS = ("application/problem+json", "application/json")


def wants_page() -> bool:
    """Return whether an answer without better knowledge should be HTML."""
    is_for_programs = request.path.startswith(PROGRAM_PATHS) and request.path not in PAGES_AMONG_THEM
    if is_for_programs or "HX-Request" in request.headers:
        return False
    best = request.accept_mimetypes.best_match((_PAGE, *_DOCUMENTS), default=_DOCUMENTS[0])
    return best == _PAGE
