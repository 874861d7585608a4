from marshmallow import Schema, fields, validate

MAX_RECEIPT_CHARS = 20_000  # a receipt has at most 16 384; the rest is white space of a paste


class ReceiptFormSchema(Schema):
    """A receipt to be checked, pasted; a file may stand in its place."""

    receipt = fields.String(load_default="", validate=validate.Length(max=MAX_RECEIPT_CHARS))
