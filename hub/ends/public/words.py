"""What a colour's reason means to a passer-by: the fact alone. What to do about it is for the holder, not for him."""

from collections.abc import Mapping

from hub.kernel.messages import Message

PUBLIC_REASONS: Mapping[str, Message] = {
    "BL_OK": Message("营业执照有效。", "The business license is valid."),
    "BL_ENDED": Message("营业执照已注销或迁出。", "The business license is deregistered or moved elsewhere."),
    "BL_REVOKED": Message(
        "已被吊销、撤销登记或责令关闭，不得经营。",
        "Revoked, annulled or ordered to close: it may not do business.",
    ),
    "BL_TERM_OVER": Message("营业期限已届满。", "The term of business is over."),
    "BL_SERIOUS": Message("已列入严重违法失信名单。", "On the list of serious illegality and dishonesty."),
    "BL_UNCONFIRMED": Message("登记状态正在核实。", "The registration state is being confirmed."),
    "BL_ABNORMAL": Message(
        "执照有效，已列入经营异常名录。",
        "The license is valid; the enterprise is listed for abnormal operations.",
    ),
    "BL_LIQUIDATION": Message("正在清算。", "In liquidation."),
    "BL_DEREGISTERING": Message("正在公告简易注销。", "Its deregistration is being announced."),
    "BL_TERM_DUE": Message("执照有效，营业期限将届满。", "The license is valid; its term ends soon."),
    "BL_REPORT_DUE": Message("执照有效，年报未报。", "The license is valid; an annual report is missing."),
    "BL_DORMANT": Message("已备案歇业，暂不经营。", "Dormant by filing: not in business for the time being."),
    "PM_OK": Message("有效。", "Valid."),
    "PM_ENDED": Message("已注销、撤回、转出或被替换。", "Deregistered, withdrawn, transferred or replaced."),
    "PM_REVOKED": Message("已被吊销。", "Revoked as a penalty."),
    "PM_ANNULLED": Message("已被撤销。", "Annulled: it was granted unlawfully."),
    "PM_SUSPENDED": Message("被暂扣。", "Suspended."),
    "PM_ENTITY": Message("持证企业已不得经营。", "Its holder may not do business."),
    "PM_EXPIRED": Message("已过有效期。", "Expired."),
    "PM_RENEWING": Message("正在延续，审查期间仍有效。", "Being renewed, and in force meanwhile."),
    "PM_NOT_YET": Message("尚未生效。", "Not yet in force."),
    "PM_INSPECTION": Message("有效，年检或校验逾期。", "Valid; its periodic check is overdue."),
    "PM_DUE": Message("有效，临近到期。", "Valid; it ends soon."),
    "PM_UNCONFIRMED": Message(
        "有效，持证企业状态正在核实。", "Valid; its holder's state is being confirmed."
    ),
    "PM_DORMANT": Message("持证企业歇业中。", "Its holder is dormant."),
}
