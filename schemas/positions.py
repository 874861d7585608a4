"""Shapes of a position that a browser sends with its user's consent."""

from marshmallow import Schema, fields, validate

MAX_ACCURACY_METRES = 10_000_000  # what browsers tell when they know the country at best


class PhonePositionSchema(Schema):
    """Degrees and metres of accuracy."""

    latitude = fields.Float(required=True, validate=validate.Range(-90, 90))
    longitude = fields.Float(required=True, validate=validate.Range(-180, 180))
    accuracy = fields.Float(required=True, validate=validate.Range(0, MAX_ACCURACY_METRES))
