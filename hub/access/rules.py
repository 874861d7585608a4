"""Who may do what: one table, read in one place. Who sees which category of data: `hub.access.matrix`.

Source: the role table of the electronic business license rules (领照人, 证照管理员, 办事人).
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from hub.kernel.actor import ENTERPRISE_ROLES, Actor, Role
from hub.kernel.messages import Message

MAX_MANAGERS = 5  # 证照管理员: at most five per entity
SESSION_LIFE = timedelta(hours=8)  # one working day; then the passkey is asked for again
OFFICE_IDLE = timedelta(minutes=30)  # an unattended officer's or official's screen
ENROLMENT_LIFE = timedelta(hours=72)  # a link handed over on a Friday still works on Monday
INVITATION_LIFE_MAX = timedelta(days=14)  # a link that lies about for longer is a key under the mat
DEMONSTRATION_LIFE = timedelta(hours=8)  # a restart of the demonstration prints new links
FRESH = timedelta(minutes=5)  # a passkey used this short ago still proves who sits there
CHALLENGE_LIFE = timedelta(minutes=5)  # WebAuthn Level 3 §15.1 recommends 5 to 10 minutes


class Action(StrEnum):
    """What one can want to do; each names one row of `PERMISSIONS`."""

    SEE_SPACE = "see-space"
    SHOW_CODE = "show-code"
    MANAGE_PLATES = "manage-plates"
    MANAGE_PREMISES = "manage-premises"
    MANAGE_PUBLICATION = "manage-publication"
    MANAGE_PEOPLE = "manage-people"
    MANAGE_CONSENTS = "manage-consents"
    TAKE_CREDENTIALS = "take-credentials"
    SEE_LOOKS = "see-looks"
    SEE_ARCHIVES = "see-archives"
    REPAIR_CREDIT = "repair-credit"
    DECLARE_FACTS = "declare-facts"
    ANSWER_INSPECTION = "answer-inspection"
    SEARCH = "search"
    LOOK = "look"
    INSPECT = "inspect"
    USE_CODE = "use-code"
    SEE_SOURCES = "see-sources"
    DECIDE_BATCH = "decide-batch"
    EDIT_CATALOGUE = "edit-catalogue"
    APPROVE_CATALOGUE = "approve-catalogue"
    KEEP_EXCEPTIONS = "keep-exceptions"
    ROLL_OUT_PLATES = "roll-out-plates"
    DECIDE_REPAIR = "decide-repair"
    HANDLE_REPORTS = "handle-reports"
    SEE_FIGURES = "see-figures"
    EXPORT = "export"
    MANAGE_ACCOUNTS = "manage-accounts"
    SEE_PROPOSALS = "see-proposals"
    DECIDE_PROPOSAL = "decide-proposal"
    AUDIT = "audit"


class PermissionReach(StrEnum):
    """Whose objects a permission reaches."""

    OWN = "own"  # the actor's own enterprise
    ANY = "any"  # every enterprise, with a purpose where the use case asks for one


@dataclass(frozen=True, slots=True)
class Permission:
    roles: frozenset[Role]
    reach: PermissionReach


_KEEPERS = frozenset({Role.OWNER, Role.MANAGER})
_STATE = frozenset({Role.OFFICER, Role.OFFICIAL, Role.AUDITOR})
_SERVING = frozenset({Role.OFFICER, Role.OFFICIAL})
_OFFICIAL = frozenset({Role.OFFICIAL})

PERMISSIONS: Mapping[Action, Permission] = {
    Action.SEE_SPACE: Permission(ENTERPRISE_ROLES, PermissionReach.OWN),
    Action.SHOW_CODE: Permission(ENTERPRISE_ROLES, PermissionReach.OWN),
    Action.MANAGE_PLATES: Permission(_KEEPERS, PermissionReach.OWN),
    Action.MANAGE_PREMISES: Permission(_KEEPERS, PermissionReach.OWN),
    Action.MANAGE_PUBLICATION: Permission(_KEEPERS, PermissionReach.OWN),
    Action.MANAGE_PEOPLE: Permission(_KEEPERS, PermissionReach.OWN),
    Action.MANAGE_CONSENTS: Permission(frozenset({Role.OWNER}), PermissionReach.OWN),
    Action.TAKE_CREDENTIALS: Permission(_KEEPERS, PermissionReach.OWN),
    Action.SEE_LOOKS: Permission(_KEEPERS, PermissionReach.OWN),
    Action.SEE_ARCHIVES: Permission(_KEEPERS, PermissionReach.OWN),
    Action.REPAIR_CREDIT: Permission(_KEEPERS, PermissionReach.OWN),
    Action.DECLARE_FACTS: Permission(_KEEPERS, PermissionReach.OWN),
    Action.ANSWER_INSPECTION: Permission(ENTERPRISE_ROLES, PermissionReach.OWN),
    Action.SEARCH: Permission(_STATE, PermissionReach.ANY),
    Action.LOOK: Permission(_SERVING, PermissionReach.ANY),
    Action.INSPECT: Permission(frozenset({Role.OFFICER}), PermissionReach.ANY),
    Action.USE_CODE: Permission(_SERVING, PermissionReach.ANY),
    Action.SEE_SOURCES: Permission(_OFFICIAL | {Role.AUDITOR}, PermissionReach.ANY),
    Action.DECIDE_BATCH: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.EDIT_CATALOGUE: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.APPROVE_CATALOGUE: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.KEEP_EXCEPTIONS: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.ROLL_OUT_PLATES: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.DECIDE_REPAIR: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.HANDLE_REPORTS: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.SEE_FIGURES: Permission(_OFFICIAL | {Role.AUDITOR}, PermissionReach.ANY),
    Action.EXPORT: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.MANAGE_ACCOUNTS: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.SEE_PROPOSALS: Permission(_OFFICIAL | {Role.AUDITOR}, PermissionReach.ANY),
    Action.DECIDE_PROPOSAL: Permission(_OFFICIAL, PermissionReach.ANY),
    Action.AUDIT: Permission(frozenset({Role.AUDITOR}), PermissionReach.ANY),
}


def may(actor: Actor, action: Action, uscc: str | None = None) -> bool:
    """Return whether `actor` may do `action`, to the enterprise `uscc` where the action is about one."""
    permission = PERMISSIONS[action]
    if actor.role not in permission.roles:
        return False
    return permission.reach is PermissionReach.ANY or (uscc is not None and actor.uscc == uscc)


def knows_of(actor: Actor, uscc: str | None) -> bool:
    """Return whether the existence of this enterprise's objects is no secret to `actor`."""
    return not actor.is_enterprise or uscc is None or actor.uscc == uscc


MANAGED_BY: Mapping[Role, frozenset[Role]] = {  # who names whom inside an enterprise
    Role.MANAGER: frozenset({Role.OWNER}),
    Role.AGENT: _KEEPERS,
}


class Doubt(StrEnum):
    """Why a genuine signature of a known passkey is not believed (Web Authentication Level 3 §7.2 steps 17 and 22)."""

    COUNTER = "counter"
    BACKUP = "backup"


DOUBT_NAMES: Mapping[Doubt, Message] = {
    Doubt.COUNTER: Message(
        "签名计数未增加，通行密钥可能已被复制", "Its counter did not grow: the passkey may have been copied"
    ),
    Doubt.BACKUP: Message(
        "可备份标志前后不一致", "It says otherwise than before whether it can be backed up"
    ),
}


class SessionEnding(StrEnum):
    """Why a session ended before its time."""

    LOGGED_OUT = "logged-out"
    BY_PERSON = "by-person"
    ANOTHER_LOGIN = "another-login"
    PASSKEY_REMOVED = "passkey-removed"


ENDING_NAMES: Mapping[SessionEnding, Message] = {
    SessionEnding.LOGGED_OUT: Message("退出登录", "logged out"),
    SessionEnding.BY_PERSON: Message("本人在其他设备上结束", "ended by the person from another session"),
    SessionEnding.ANOTHER_LOGIN: Message("同一浏览器重新登录", "another login in the same browser"),
    SessionEnding.PASSKEY_REMOVED: Message("所用通行密钥被删除", "its passkey was removed"),
}


@dataclass(frozen=True, slots=True)
class LookPurpose:
    """Why somebody looks at another's data (《个人信息保护法》 art. 6: a clear and reasonable purpose)."""

    code: str
    name: Message
    needs_reason: bool = False


PURPOSES: Mapping[str, LookPurpose] = {
    purpose.code: purpose
    for purpose in (
        LookPurpose("routine", Message("日常检查", "Routine inspection")),
        LookPurpose("special", Message("专项检查", "Special inspection")),
        LookPurpose("complaint", Message("投诉举报核查", "Checking a complaint or report")),
        LookPurpose("permit", Message("许可办理", "Handling a permit")),
        LookPurpose("request", Message("企业申请", "At the enterprise's request")),
        LookPurpose("emergency", Message("应急处置", "Emergency response")),
        LookPurpose("other", Message("其他", "Other"), needs_reason=True),
    )
}

ROLE_NAMES: Mapping[Role, Message] = {
    Role.OWNER: Message("领照人", "License holder"),
    Role.MANAGER: Message("证照管理员", "License manager"),
    Role.AGENT: Message("办事人", "Agent"),
    Role.OFFICER: Message("执法人员", "Enforcement officer"),
    Role.OFFICIAL: Message("政务人员", "Government official"),
    Role.AUDITOR: Message("审计员", "Auditor"),
}


def session_is_alive(role: Role, *, seen_at: datetime, expires_at: datetime, now: datetime) -> bool:
    """Eight hours at most for everyone; officers, officials and auditors also not after half an hour unused."""
    if now >= expires_at:
        return False
    return role in ENTERPRISE_ROLES or now - seen_at < OFFICE_IDLE


def passkey_name(credential_id: bytes) -> str:
    """Return the name of a passkey on record: the SHA-256 (hex) of its credential's id."""
    return hashlib.sha256(credential_id).hexdigest()
