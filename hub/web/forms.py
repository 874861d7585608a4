"""What a form sent, without what only the web layer needs."""

from flask import request

from hub.web import csrf, idempotency

_OURS = frozenset({csrf.FIELD, idempotency.FIELD})


def submitted() -> dict[str, str]:
    """Return the form's fields for `Schema().load`; of a repeated field the first value counts."""
    return {name: value for name, value in request.form.items() if name not in _OURS}
