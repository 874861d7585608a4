"""What the kinds of acts on record are called."""

from collections.abc import Mapping

from hub.codes.rules import PLATE_ACTION_NAMES
from hub.kernel.messages import Message
from hub.supervision.rules import REPORT_ACTIONS

ACT_NAMES: Mapping[str, Message] = {
    "account.ended": Message("终止任职", "Role ended"),
    "account.invited": Message("任命并邀请", "Role given"),
    "demo.loaded": Message("示范数据载入完毕", "Demonstration loaded"),
    "demo.started": Message("开始载入示范数据", "Demonstration begun"),
    "enterprise.looked": Message("查看企业详情", "Enterprise looked at"),
    "feeds.loaded": Message("部门数据导入", "Department data loaded"),
    "passkey.added": Message("添加通行密钥", "Passkey added"),
    "passkey.removed": Message("删除通行密钥", "Passkey removed"),
    "plate.made": Message("码牌制码", "Plate made"),
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
