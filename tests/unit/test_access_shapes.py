"""What a passkey may be called."""

import pytest
from marshmallow import ValidationError

from schemas.access import PasskeyAnswerSchema, PasskeyLabelSchema


@pytest.mark.parametrize("label", ["", "x" * 61, "a\0b", "a\n", "\ud800", "\x7f"])
def test_a_label_that_no_database_keeps_is_refused(label: str) -> None:
    with pytest.raises(ValidationError, match="label"):
        PasskeyLabelSchema().load({"label": label})
    with pytest.raises(ValidationError, match="label"):
        PasskeyAnswerSchema().load({"credential": {}, "label": label})


def test_a_label_in_any_script_is_kept() -> None:
    assert PasskeyLabelSchema().load({"label": "王检查的手机 📱"}) == {"label": "王检查的手机 📱"}
