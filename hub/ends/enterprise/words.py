"""Words that the templates of this end look up: tables of the rules, names of stored fields, its navigation."""

from collections.abc import Mapping

from flask_babel import gettext as _

from hub.access.rules import ROLE_NAMES
from hub.codes.rules import PLATE_ENDS, PLATE_STATE_NAMES
from hub.ends.enterprise.blueprint import blueprint
from hub.feeds.reasons import quality_name
from hub.feeds.sources import shipped_sources
from hub.kernel.identifiers import region_name
from hub.kernel.messages import Message
from hub.licenses.colours.rules import FACES
from hub.licenses.todos import DUE_NAMES
from hub.web.navigation import NavBar, nav_item

DEMONSTRATION = "demo"  # the source of everything in the demonstration city
FIELD_NAMES: Mapping[str, Message] = {
    "name": Message("名称", "Name"),
    "entity_type": Message("主体类型", "Kind of enterprise"),
    "type_text": Message("类型", "Type"),
    "person": Message("法定代表人(负责人)", "Legal representative"),
    "capital": Message("注册资本(万元)", "Capital (10,000 yuan)"),
    "established_on": Message("成立日期", "Established on"),
    "term_to": Message("营业期限至", "Term of business until"),
    "authority": Message("登记机关", "Registration authority"),
    "approved_on": Message("核准日期", "Approved on"),
    "state": Message("状态", "State"),
    "state_text": Message("登记状态(原文)", "State as delivered"),
    "overlays": Message("名录信息", "Lists"),
    "address": Message("地址", "Address"),
    "region": Message("行政区划", "Region"),
    "industry": Message("行业", "Industry"),
    "scope_text": Message("经营范围", "Business scope"),
    "number": Message("编号", "Number"),
    "holder_name": Message("持证人", "Holder"),
    "issuer": Message("发证机关", "Issued by"),
    "valid_from": Message("有效期自", "Valid from"),
    "valid_to": Message("有效期至", "Valid to"),
    "issued_on": Message("发证日期", "Issued on"),
    "source_version": Message("部门版本", "Department's version"),
    "extra": Message("其他信息", "Other details"),
}


def source_name(source: str) -> Message:
    """Return the department and the name of its file; the bare id of a source that is no longer shipped."""
    if source == DEMONSTRATION:
        return Message("示范数据", "Demonstration data")
    known = shipped_sources().get(source)
    if known is None:
        return Message(source, source)
    department, title = known.department, known.title
    return Message(f"{department.zh} · {title.zh}", f"{department.en} · {title.en}")


def field_name(field: str) -> Message:
    """Return what a stored field is called; one that no name was written for goes by its own."""
    return FIELD_NAMES.get(field) or Message(field, field)


def navigation() -> NavBar:
    """Return the pages of this end that its bar leads to."""
    return NavBar(
        (
            nav_item("enterprise.home", "house", _("Space")),
            nav_item(
                "enterprise.licenses_page",
                "wallet-cards",
                _("Licenses"),
                besides=("enterprise.license_page",),
            ),
            nav_item("enterprise.code_page", "qr-code", _("My code")),
            nav_item(
                "enterprise.permits_page", "list-checks", _("Permits"), besides=("enterprise.waive_page",)
            ),
            nav_item("enterprise.premises_page", "store", _("Premises")),
        )
    )


@blueprint.context_processor
def words() -> dict[str, object]:
    return {
        "faces": FACES,
        "due_names": DUE_NAMES,
        "plate_names": PLATE_STATE_NAMES,
        "plate_ends": PLATE_ENDS,
        "role_names": ROLE_NAMES,
        "field_name": field_name,
        "navigation": navigation,
        "quality_name": quality_name,
        "region_name": region_name,
        "source_name": source_name,
    }
