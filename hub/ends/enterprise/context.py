"""Whose space this request is about, and the space itself."""

from flask import url_for

from hub.codes.plates.maker import PlateOffice
from hub.kernel.errors import NotFoundError
from hub.licenses import pages
from hub.licenses.space import Space
from hub.steward.rules import Task, TaskGoal
from hub.web.context import clearance, reference, require_actor, services, today


def own_uscc() -> str:
    """Return the USCC of the actor's enterprise. Raises: LoginRequiredError, NotFoundError for a role that belongs to none."""
    uscc = require_actor().uscc
    if uscc is None:
        raise NotFoundError
    return uscc


def own_space() -> Space:
    """Return the space of the actor's enterprise. Raises: LoginRequiredError, NotFoundError, NotAllowedError."""
    return pages.own_space(
        own_uscc(),
        by=require_actor(),
        clearance=clearance(),
        on=today(),
        reference=reference(),
        db=services().db,
    )


def press() -> PlateOffice:
    """Return what making codes needs."""
    return PlateOffice(services().issuer, services().settings.base_url)


def goal_url(task: Task) -> str:
    """Return the address that the task's one button leads to."""
    match task.goal:
        case TaskGoal.BUSINESS:
            return url_for("enterprise.changes")
        case TaskGoal.LICENSE:
            return url_for("enterprise.license_page", license_id=task.subject)
        case TaskGoal.PERMIT:
            return url_for("enterprise.permits_page", _anchor=task.subject)
        case TaskGoal.PREMISES:
            return url_for("enterprise.premises_page", _anchor=task.subject)
        case TaskGoal.CREDIT:
            return url_for("enterprise.credit_page", _anchor=task.subject)
