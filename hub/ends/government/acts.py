"""What the kinds of acts on record, and what is recorded of them, are called."""

from collections.abc import Mapping

from hub.access.looks import PURPOSES
from hub.access.rules import ROLE_NAMES
from hub.codes.rules import PLATE_ACTION_NAMES, PLATE_ENDS, PLATE_STATE_NAMES
from hub.kernel.messages import Message
from hub.supervision.rules import REPORT_ACTIONS, REPORT_KINDS, REPORT_STATES

ACT_NAMES: Mapping[str, Message] = {
    "account.ended": Message("终止任职", "Role ended"),
    "account.invited": Message("任命并邀请", "Role given"),
    "demo.loaded": Message("示范数据载入完毕", "Demonstration loaded"),
    "demo.started": Message("开始载入示范数据", "Demonstration begun"),
    "enterprise.looked": Message("查看企业详情", "Enterprise looked at"),
    "feeds.loaded": Message("部门数据导入", "Department data loaded"),
    "issue.intended": Message("登记制发", "Issue recorded"),
    "issue.refused": Message("制发未成", "Issue refused"),
    "passkey.added": Message("添加通行密钥", "Passkey added"),
    "passkey.removed": Message("删除通行密钥", "Passkey removed"),
    "plate.listed": Message("码牌列入状态列表", "Plate entered on a status list"),
    "plate.made": Message("码牌制码", "Plate made"),
    "plates.rolled_out": Message("区域制码", "Plates made for an area"),
    "report.filed": Message("公众举报", "Report received"),
    "session.ended": Message("退出登录", "Logged out"),
    "session.started": Message("登录", "Logged in"),
    "waiver.declared": Message("声明不涉及", "Declared as not applying"),
    "waiver.revoked": Message("撤回不涉及声明", "Declaration withdrawn"),
    **{
        f"plate.{action}": Message(f"码牌{name.zh}", f"Plate: {name.en.lower()}")
        for action, name in PLATE_ACTION_NAMES.items()
        if action != "make"
    },
    **{
        f"report.{action}": Message(f"举报{name.zh}", f"Report: {name.en.lower()}")
        for action, name in REPORT_ACTIONS.items()
    },
}

DETAIL_NAMES: Mapping[str, Message] = {
    "accepted": Message("入库", "Accepted"),
    "blank": Message("空行", "Blank"),
    "duplicate": Message("重复", "Duplicate"),
    "count": Message("数量", "Count"),
    "digest": Message("申请摘要", "Digest of the request"),
    "from": Message("原状态", "From"),
    "intent": Message("制发登记号", "Issue record"),
    "issue": Message("制发种类", "What is issued"),
    "kid": Message("密钥编号", "Key"),
    "kind": Message("不符情况", "What does not match"),
    "method": Message("登录方式", "Method"),
    "plate": Message("码牌编号", "Plate"),
    "premises": Message("经营场所", "Premises"),
    "purpose": Message("查看事由", "Purpose"),
    "reason": Message("原因", "Reason"),
    "role": Message("身份", "Role"),
    "rows": Message("行数", "Rows"),
    "seen": Message("查看内容", "Seen"),
    "serial": Message("制码序号", "Serial"),
    "source": Message("数据源", "Source"),
    "state": Message("状态", "State"),
    "superseded": Message("过时", "Superseded"),
    "to": Message("新状态", "To"),
}

_WORDS: Mapping[str, Message] = {
    "link": Message("登录链接", "login link"),
    "passkey": Message("通行密钥", "passkey"),
    **{state.name.lower(): name for state, name in PLATE_STATE_NAMES.items()},
    **{str(end): name for end, name in PLATE_ENDS.items()},
    **{str(state): name for state, name in REPORT_STATES.items()},
}
DETAIL_WORDS: Mapping[str, Mapping[str, Message]] = {  # by the member that holds the word
    "from": _WORDS,
    "kind": {str(kind): name for kind, name in REPORT_KINDS.items()},
    "method": _WORDS,
    "purpose": {purpose.code: purpose.name for purpose in PURPOSES.values()},
    "reason": _WORDS,
    "role": {role.value: name for role, name in ROLE_NAMES.items()},
    "state": _WORDS,
    "to": _WORDS,
}
