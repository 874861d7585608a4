"""Shape of a license's metadata by GB/T 36903-2018, under its element codes."""

from marshmallow import fields
from marshmallow.validate import Length, Regexp

from schemas.base import StrictSchema
from schemas.credentials import SUBJECT
from schemas.enterprise import USCC


class MetadataPathSchema(StrictSchema):
    uscc = fields.String(required=True, validate=Regexp(USCC))
    subject = fields.String(required=True, validate=Regexp(SUBJECT))


def _element(zh: str, en: str) -> fields.String:
    return fields.String(validate=Length(min=1), metadata={"description": f"{zh} {en}."})


def _mandatory(zh: str, en: str) -> fields.String:
    return fields.String(required=True, validate=Length(min=1), metadata={"description": f"{zh} {en}."})


class LicenseElementsSchema(StrictSchema):
    """What is absent has no member; `长期` as ZZYXQJZRQ: no end."""

    ZZMC = _mandatory("证照名称", "License name")
    ZZLXDM = _element("证照类型代码", "License type code")
    ZZBH = _mandatory("证照编号", "License number")
    ZZBS = _element("证照标识", "License identifier (GB/T 36904)")
    ZZBFJG = _element("证照颁发机构", "Issuing authority")
    ZZBFJGDM = _element("证照颁发机构代码", "Code of the issuing authority")
    ZZBFJGJB = _element("证照颁发机构级别", "Level of the issuing authority")
    ZZBFRQ = _element("证照颁发日期", "Date of issue")
    CZZT = _mandatory("持证主体", "Holder")
    CZZTDM = _mandatory("持证主体代码", "Code of the holder")
    CZZTDMLX = _element("持证主体代码类型", "Name of the kind of holder code")
    CZZTDMLXDM = _element("持证主体代码类型代码", "Kind of holder code")
    ZZYXQQSRQ = _element("证照有效期起始日期", "First day of validity")
    ZZYXQJZRQ = _element("证照有效期截止日期", "Last day of validity")
    ZZQZR = _element("签章人", "Sealed by")
    ZZQZSJ = _element("签章时间", "Time of the seal, in Shanghai")
    ZZQZMC = _element("签章名称", "Name of the seal")
    ZT = _element("证照状态", "State of the license")


class LicenseElementsListSchema(StrictSchema):
    standard = fields.String(required=True)
    items = fields.List(fields.Nested(LicenseElementsSchema), required=True)
