"""A batch of verifications, counted and charged before its items are looked at one by one."""

from collections.abc import Mapping, Sequence
from itertools import islice
from typing import Any

from marshmallow import ValidationError

from hub.web.guards import charge
from hub.web.limits import Rate
from schemas.verification import MAX_BATCH, VerificationBatchSchema, VerificationItemSchema

Item = Mapping[str, Any]
MAX_MEMBERS = 8  # of a batch and of an item; the largest item has three
MAX_FINDINGS = 20  # after so many wrong items nobody reads on
PLAIN: Item = {"code": ""}

_ITEM, _BATCH = VerificationItemSchema(), VerificationBatchSchema()


def read_batch(value: object) -> tuple[list[Item], Item]:
    """Return the items, and the batch without them.

    A batch is worth as many requests as it has items; that is counted here. Raises: ValidationError.
    """
    if not isinstance(value, dict):
        raise ValidationError({"_schema": ["Invalid input type."]})
    frame: dict[str, Any] = dict(islice(value.items(), MAX_MEMBERS))
    given = value.get("items")
    if isinstance(given, list):
        if len(given) > MAX_BATCH:
            raise ValidationError({"items": [f"Length must be between 1 and {MAX_BATCH}."]})
        frame["items"] = [PLAIN] if given else []
    wanted: Item = _BATCH.load(frame)
    items = value["items"]
    charge(Rate.VERIFICATION, len(items) - 1)
    return _loaded(items), wanted


def _loaded(given: Sequence[Any]) -> list[Item]:
    """The items as their shape reads them; plain codes, nine in ten, without asking it."""
    items: list[Item] = []
    wrong: dict[int, Any] = {}
    for place, item in enumerate(given):
        if isinstance(item, dict) and item.keys() == PLAIN.keys() and isinstance(item["code"], str):
            items.append(item)
            continue
        try:
            items.append(
                _ITEM.load(dict(islice(item.items(), MAX_MEMBERS)) if isinstance(item, dict) else item)
            )
        except ValidationError as error:
            wrong[place] = error.messages
            if len(wrong) >= MAX_FINDINGS:
                break
    if wrong:
        raise ValidationError({"items": wrong})
    return items
