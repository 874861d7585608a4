"""What each kind of credential says: the fields of a license's face, and the document behind its `vct`.

A field is one claim that its holder shows or keeps back. Element codes are those of GB/T 36903-2018, where it has one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.kernel.messages import Message
from hub.licenses.catalogue.rules import LicenseCatalogue

BUSINESS_LICENSE: Final = (
    "business-license"  # the electronic business license itself; in no catalogue of permits
)
BUSINESS_LICENSE_NAME: Final = Message("电子营业执照", "Electronic business license")


@dataclass(frozen=True, slots=True)
class CredentialField:
    """One claim: its name in the token, what it is called, its element code ("" where the standard has none)."""

    name: str
    title: Message
    element: str = ""


LICENSE_FIELDS: Final[tuple[CredentialField, ...]] = (
    CredentialField("license_type", Message("证照名称", "License name"), "ZZMC"),
    CredentialField("number", Message("证照编号", "License number"), "ZZBH"),
    CredentialField("holder_name", Message("持证主体", "Holder"), "CZZT"),
    CredentialField("uscc", Message("统一社会信用代码", "Unified social credit code"), "CZZTDM"),
    CredentialField("authority", Message("发证机关", "Issuing authority"), "ZZBFJG"),
    CredentialField("issued_on", Message("发证日期", "Date of issue"), "ZZBFRQ"),
    CredentialField("valid_from", Message("有效期自", "Valid from"), "ZZYXQQSRQ"),
    CredentialField("valid_to", Message("有效期至", "Valid to"), "ZZYXQJZRQ"),
    CredentialField("address", Message("许可地址", "Address on the license")),
)

BUSINESS_FIELDS: Final[tuple[CredentialField, ...]] = (
    CredentialField("uscc", Message("统一社会信用代码", "Unified social credit code"), "CZZTDM"),
    CredentialField("name", Message("名称", "Name"), "CZZT"),
    CredentialField("entity_type", Message("类型", "Type")),
    CredentialField("person", Message("法定代表人(负责人)", "Legal representative")),
    CredentialField("capital", Message("注册资本(万元)", "Capital (10,000 yuan)")),
    CredentialField("established_on", Message("成立日期", "Date of establishment")),
    CredentialField("term_to", Message("营业期限至", "Term of business until"), "ZZYXQJZRQ"),
    CredentialField("authority", Message("登记机关", "Registration authority"), "ZZBFJG"),
    CredentialField("approved_on", Message("核准日期", "Date of approval"), "ZZBFRQ"),
    CredentialField("address", Message("住所", "Domicile")),
    CredentialField("scope", Message("经营范围", "Business scope")),
)

_VISIBLE: Final[tuple[CredentialField, ...]] = (
    CredentialField(
        "source",
        Message("数据来源：部门、收到时间、部门是否签名", "Where it comes from, when, whether signed there"),
    ),
)
_DESCRIPTION: Final = Message(
    "由一照集成平台依据部门数据签发；现时状态以状态列表或在线核验为准。",
    "Issued by the hub from a department's record; whether it holds now is for its status to say.",
)


@dataclass(frozen=True, slots=True)
class CredentialType:
    """One kind of credential: its code, its name, what may be disclosed."""

    code: str
    name: Message
    fields: tuple[CredentialField, ...]


def credential_type(code: str, catalogue: LicenseCatalogue) -> CredentialType | None:
    """Return the kind of credential of a license type, of the business license, or None."""
    if code == BUSINESS_LICENSE:
        return CredentialType(code, BUSINESS_LICENSE_NAME, BUSINESS_FIELDS)
    kind = catalogue.find(code)
    return None if kind is None else CredentialType(kind.code, kind.title, LICENSE_FIELDS)


def vct_of(code: str, base_url: str) -> str:
    """Return the name of a credential type: the address at which its document is served."""
    return f"{base_url}/vct/{code}"


def type_metadata(kind: CredentialType, base_url: str) -> Mapping[str, object]:
    """Return the type's document (SD-JWT VC section 4.2): names, and for each claim its path, titles and whether it is hidden."""
    return MappingProxyType(
        {
            "vct": vct_of(kind.code, base_url),
            "name": kind.name.en,
            "description": _DESCRIPTION.en,
            "display": [
                {"locale": "zh-CN", "name": kind.name.zh, "description": _DESCRIPTION.zh},
                {"locale": "en", "name": kind.name.en, "description": _DESCRIPTION.en},
            ],
            "claims": [
                *(_claim(field, hidden="never") for field in _VISIBLE),
                *(_claim(field, hidden="always") for field in kind.fields),
            ],
        }
    )


def _claim(field: CredentialField, *, hidden: str) -> dict[str, object]:
    told: dict[str, object] = {
        "path": [field.name],
        "display": [
            {"locale": "zh-CN", "label": field.title.zh},
            {"locale": "en", "label": field.title.en},
        ],
        "sd": hidden,
    }
    return told | ({"gbt36903": field.element} if field.element else {})
