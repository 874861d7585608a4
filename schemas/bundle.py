"""The offline bundle as it is asked for and answered."""

from marshmallow import fields
from marshmallow.validate import Regexp

from schemas.base import Strict
from schemas.enterprise import LookQuery
from schemas.keys import PublicKey

REGION = r"(?:[0-9]{2}(?:[0-9]{2}){0,2})?\Z"  # GB/T 2260: province, city, county


class BundleQuery(LookQuery):
    """`region` "": the public bundle. With one, why it is taken along, as for every look."""

    region = fields.String(load_default="", validate=Regexp(REGION))


class Bundle(Strict):
    bundle = fields.String(required=True, metadata={"description": "A token, `typ` bundle+jwt."})
    root = fields.Nested(
        PublicKey, required=True, metadata={"description": "The key that signed it: pin its thumbprint."}
    )
