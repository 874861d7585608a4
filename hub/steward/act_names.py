"""What the kinds of acts on record are called, and those who acted."""

from collections.abc import Mapping

from hub.access.rules import ROLE_NAMES
from hub.codes.rules import PLATE_ACTION_NAMES
from hub.credit import reported as credit
from hub.kernel.messages import Message
from hub.licenses import reported as licenses
from hub.registry import reported as registry
from hub.supervision.rules import REPORT_ACTIONS

ACT_NAMES: Mapping[str, Message] = {
    "account.ended": Message("终止任职", "Role ended"),
    "account.invited": Message("任命并邀请", "Role given"),
    "account.remit": Message("登记职责范围", "Remit given"),
    "looks.numbered": Message("设定每日查看数", "Daily number of looks set"),
    "account.linked": Message("演示登录链接", "Demonstration link made"),
    "log.clock_accepted": Message("确认时钟", "Clock accepted"),
    "demo.opened": Message("演示数据库启用", "Demonstration database opened"),
    "hub.backed_up": Message("整机备份", "Backup of the whole hub made"),
    "hub.restored": Message("从备份恢复", "Restored from a backup"),
    "credential.ended": Message("电子凭证停用", "Credential ended"),
    "credential.issued": Message("签发电子凭证", "Credential issued"),
    "bundle.carried": Message("携带辖区资料离线使用", "District records taken along"),
    "demo.loaded": Message("示范数据载入完毕", "Demonstration loaded"),
    "demo.started": Message("开始载入示范数据", "Demonstration begun"),
    "enterprise.looked": Message("查看企业详情", "Enterprise looked at"),
    "catalogue.begun": Message("证照目录启用", "Catalogue of licenses begun"),
    "catalogue.type_put": Message("证照目录行修订", "Row of the license catalogue put"),
    "exception.added": Message("信用代码列入校验例外", "Credit code taken though its check fails"),
    "exception.ended": Message("信用代码校验例外终止", "Exception of a credit code ended"),
    "feeds.failed": Message("部门数据导入中止", "Loading of department data ended early"),
    "feeds.held": Message("部门数据批次待确认", "Department data waits for a decision"),
    "feeds.approved": Message("部门数据批次获准导入", "Department data allowed to be loaded"),
    "feeds.loaded": Message("部门数据导入", "Department data loaded"),
    "hub.adopted": Message("既有数据纳入公开日志", "Existing data taken into the public log"),
    "issue.intended": Message("登记制发", "Issue recorded"),
    "issue.refused": Message("制发未成", "Issue refused"),
    "key.compromised": Message("密钥标记为泄露", "Key compromised"),
    "key.generated": Message("生成密钥", "Key generated"),
    "key.data_renewed": Message("更换个人信息数据密钥", "Data key of personal fields renewed"),
    "key.intended": Message("拟变更密钥", "Change of keys begun"),
    "key.refused": Message("密钥变更被拒绝", "Change of keys refused"),
    "key.retired": Message("密钥退役", "Key retired"),
    "key.rotated": Message("启用新密钥", "Key took over"),
    "license.linked": Message("证照关联经营场所", "License linked to a place"),
    "license.printed": Message("证照签名打印", "Signed copy of a license made"),
    "log.loss-accepted": Message("接受日志缺失", "Loss of log entries accepted"),
    "log.trusted": Message("见证另一日志", "Another log witnessed"),
    "holder-key.added": Message("登记钱包密钥", "Wallet key added"),
    "holder-key.removed": Message("移除钱包密钥", "Wallet key removed"),
    "log.began": Message("公开日志启用", "Public log begun"),
    "log.signed-anew": Message("日志密钥丢失后重新签署", "Log signed anew after its key was lost"),
    "passkey.added": Message("添加通行密钥", "Passkey added"),
    "passkey.doubt-seen": Message("可疑通行密钥已处理", "Doubt about a passkey looked at"),
    "passkey.doubted": Message("可疑通行密钥被拒绝", "Passkey in doubt refused"),
    "passkey.removed": Message("删除通行密钥", "Passkey removed"),
    "plate.listed": Message("码牌列入状态列表", "Plate entered on a status list"),
    "plate.made": Message("码牌制码", "Plate made"),
    "plates.rolled_out": Message("区域制码", "Plates made for an area"),
    "premises.marked": Message("主要经营场所认定", "Main place of business marked"),
    "proposal.approved": Message("第二人同意", "Approved by a second person"),
    "proposal.lapsed": Message("申请过期", "Request lapsed"),
    "proposal.made": Message("提请第二人决定", "Second person asked"),
    "proposal.refused": Message("第二人驳回", "Refused by a second person"),
    "proposal.withdrawn": Message("撤回申请", "Request withdrawn"),
    "copy.confirmed": Message("确认码牌被仿制", "Copy of a plate found"),
    "copy.suspected": Message("疑似仿制码牌", "Copy of a plate suspected"),
    "copy.unfounded": Message("未见仿制码牌", "No copy of a plate found"),
    "report.filed": Message("公众举报", "Report received"),
    "session.ended": Message("登录结束", "Session ended"),
    "session.proved": Message("再次确认本人", "Person confirmed again"),
    "session.started": Message("登录", "Logged in"),
    "waiver.declared": Message("声明不涉及", "Declared as not applying"),
    "waiver.revoked": Message("撤回不涉及声明", "Declaration withdrawn"),
    **{
        act: name
        for kind in (*registry.KINDS, *licenses.KINDS, *credit.KINDS)
        for act, name in kind.stored.act_names.items()
    },
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


def act_name(kind: str) -> Message:
    """Return what a kind of act is called; one that no name was written for goes by its code."""
    return ACT_NAMES.get(kind) or Message(kind, kind)


DOER_NAMES: Mapping[str, Message] = {  # by what stands before the colon in who acted
    "operator": Message("运维人员", "Operator"),
    "public": Message("公众", "Public"),
    "rule": Message("规则", "Rule"),
    "source": Message("数据源", "Source"),
    **{role.value: name for role, name in ROLE_NAMES.items()},
}
