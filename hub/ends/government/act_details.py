"""What is recorded of an act, as the auditor reads it: the names of members, and words for those that hold one of a few."""

from collections.abc import Mapping

from hub.access.looks import PURPOSES
from hub.access.rules import DOUBT_NAMES, ENDING_NAMES, ROLE_NAMES
from hub.codes.rules import PLATE_ENDS, PLATE_STATE_NAMES
from hub.feeds.reasons import REASONS
from hub.kernel.messages import Message
from hub.supervision.rules import REPORT_KINDS, REPORT_STATES
from keys import KeyState, Purpose

DETAIL_NAMES: Mapping[str, Message] = {
    "about": Message("对象", "About"),
    "accepted": Message("入库", "Accepted"),
    "account": Message("系统账号", "Account of the system"),
    "act": Message("操作", "Act"),
    "algorithm": Message("签名算法", "Algorithm"),
    "batch": Message("导入批次", "Batch"),
    "blank": Message("空行", "Blank"),
    "code": Message("信用代码", "Credit code"),
    "count": Message("数量", "Count"),
    "day": Message("日期", "Day"),
    "digest": Message("申请摘要", "Digest of the request"),
    "document": Message("文书", "Document"),
    "done_at": Message("完成时间", "Done at"),
    "doubt": Message("可疑之处", "Doubt"),
    "dropped": Message("舍去条目数", "Entries dropped"),
    "duplicate": Message("重复", "Duplicate"),
    "districts": Message("职责辖区", "Districts"),
    "enterprises": Message("企业数", "Enterprises"),
    "number": Message("每日查看数", "Looks a day"),
    "purposes": Message("职责事由", "Purposes"),
    "forgotten": Message("舍弃的已见条目数", "Entries forgotten"),
    "from": Message("原状态", "From"),
    "holder": Message("绑定的钱包密钥", "Wallet key"),
    "intent": Message("制发登记号", "Issue record"),
    "is_forced": Message("强制执行", "Forced"),
    "issue": Message("制发种类", "What is issued"),
    "kid": Message("密钥编号", "Key"),
    "kind": Message("不符情况", "What does not match"),
    "license": Message("证照", "License"),
    "members": Message("企业清单摘要", "Digest of the enterprises"),
    "method": Message("登录方式", "Method"),
    "origin": Message("日志名称", "Log"),
    "passkey": Message("通行密钥摘要", "Digest of the passkey"),
    "person": Message("人员编号", "Person"),
    "plate": Message("码牌编号", "Plate"),
    "premises": Message("经营场所", "Premises"),
    "previous": Message("前一密钥", "Key before it"),
    "proposal": Message("申请事项", "Asked for"),
    "proved": Message("确认本人时间", "Confirmed at"),
    "purpose": Message("用途或事由", "Purpose"),
    "reason": Message("原因", "Reason"),
    "refusal": Message("拒绝原因", "Why refused"),
    "refused": Message("拒收", "Refused"),
    "role": Message("身份", "Role"),
    "root": Message("根摘要", "Root"),
    "rows": Message("行数", "Rows"),
    "seed": Message("生成种子", "Seed"),
    "seen": Message("查看内容", "Seen"),
    "serial": Message("制码序号", "Serial"),
    "sha256": Message("文件摘要", "Digest of the file"),
    "showcase": Message("示例企业", "Showcase"),
    "size": Message("日志条目数", "Entries"),
    "source": Message("数据源", "Source"),
    "state": Message("状态", "State"),
    "status": Message("状态列表位置", "Place on the status list"),
    "superseded": Message("过时", "Superseded"),
    "thumbprint": Message("公钥指纹", "Thumbprint"),
    "to": Message("新状态", "To"),
    "today": Message("基准日期", "Day"),
    "token": Message("登录凭据摘要", "Digest of the login"),
    "type": Message("证照种类", "Kind of license"),
    "until": Message("截止时间", "Until"),
    "entries": Message("公开日志条数", "Entries of the public log"),
    "file": Message("文件", "File"),
    "version": Message("版本", "Version"),
    "vkeys": Message("日志公钥", "Keys of the log"),
    **{
        f"refused.{code}": Message(
            f"拒收（{said.zh.removesuffix('。')}）", f"Refused ({said.en.removesuffix('.')})"
        )
        for code, said in REASONS.items()
    },
    "types": Message("证照类别数", "Kinds of license"),
    "valid_from": Message("生效日期", "In force from"),
}

_WORDS: Mapping[str, Message] = {
    "link": Message("登录链接", "login link"),
    "passkey": Message("通行密钥", "passkey"),
    KeyState.PENDING.value: Message("待启用", "pending"),
    KeyState.ACTIVE.value: Message("启用", "active"),
    KeyState.VERIFY_ONLY.value: Message("仅供验签", "verifies only"),
    KeyState.RETIRED.value: Message("退役", "retired"),
    KeyState.COMPROMISED.value: Message("泄露", "compromised"),
    **{state.name.lower(): name for state, name in PLATE_STATE_NAMES.items()},
    **{str(end): name for end, name in PLATE_ENDS.items()},
    **{str(end): name for end, name in ENDING_NAMES.items()},
    **{str(state): name for state, name in REPORT_STATES.items()},
}
_KEY_PURPOSES: Mapping[Purpose, Message] = {
    Purpose.CODE_PLATE: Message("码牌", "plates"),
    Purpose.CODE_DYNAMIC: Message("屏幕出示的码", "codes shown on a screen"),
    Purpose.CREDENTIAL: Message("电子凭证", "credentials"),
    Purpose.STATUS: Message("状态列表", "status lists"),
    Purpose.LOG: Message("公开日志", "public log"),
    Purpose.RECEIPT: Message("回执", "receipts"),
    Purpose.OIDC: Message("统一登录", "login at other services"),
    Purpose.BUNDLE: Message("离线包", "offline bundles"),
}
DETAIL_WORDS: Mapping[str, Mapping[str, Message]] = {  # by the member that holds the word
    "doubt": {str(doubt): name for doubt, name in DOUBT_NAMES.items()},
    "from": _WORDS,
    "kind": {str(kind): name for kind, name in REPORT_KINDS.items()},
    "method": _WORDS,
    "purpose": {purpose.code: purpose.name for purpose in PURPOSES.values()}
    | {purpose.value: name for purpose, name in _KEY_PURPOSES.items()},
    "reason": _WORDS,
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "state": _WORDS,
    "to": _WORDS,
}
