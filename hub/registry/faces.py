"""照面: what the lines of a business license are called, by kind of enterprise."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from hub.kernel.messages import Message
from hub.registry.rules import EntityType


@dataclass(frozen=True, slots=True)
class FaceFields:
    """Labels of the license face that follow the kind; `money` None: the face has no such line.

    `form` is 组成形式, which only the face of a self-employed household has.
    """

    person: Message
    money: Message | None
    address: Message
    form: Message | None = None


_LEGAL_REPRESENTATIVE: Final = Message("法定代表人", "Legal representative")
_DOMICILE: Final = Message("住所", "Domicile")
_CONTRIBUTION: Final = Message("出资额", "Capital contribution")

FACE_FIELDS: Final[Mapping[EntityType, FaceFields]] = MappingProxyType(
    {
        EntityType.COMPANY: FaceFields(
            _LEGAL_REPRESENTATIVE, Message("注册资本", "Registered capital"), _DOMICILE
        ),
        EntityType.NON_COMPANY: FaceFields(_LEGAL_REPRESENTATIVE, _CONTRIBUTION, _DOMICILE),
        EntityType.SOLE_PROPRIETORSHIP: FaceFields(Message("投资人", "Investor"), _CONTRIBUTION, _DOMICILE),
        EntityType.PARTNERSHIP: FaceFields(
            Message("执行事务合伙人", "Managing partner"),
            _CONTRIBUTION,
            Message("主要经营场所", "Principal place of business"),
        ),
        EntityType.COOPERATIVE: FaceFields(
            _LEGAL_REPRESENTATIVE, Message("成员出资总额", "Total contribution of members"), _DOMICILE
        ),
        EntityType.SELF_EMPLOYED: FaceFields(
            Message("经营者", "Operator"),
            None,
            Message("经营场所", "Place of business"),
            Message("组成形式", "Form of composition"),
        ),
        EntityType.BRANCH: FaceFields(
            Message("负责人", "Person in charge"), None, Message("经营场所", "Place of business")
        ),
        EntityType.OTHER: FaceFields(Message("负责人", "Person in charge"), None, _DOMICILE),
    }
)
