"""`hub account`: inviting people, listing accounts, ending them."""

import json
from datetime import timedelta
from uuid import UUID

import click

from hub.access import queries, service
from hub.access.look_numbers import MOST, SHIPPED, set_number
from hub.access.queries import Account
from hub.access.remits import CITY, RemitInput, change
from hub.access.rules import ENROLMENT_LIFE, INVITATION_LIFE_MAX, PURPOSES, ROLE_NAMES
from hub.access.service import NewInvitation, Post
from hub.cli.context import HubContext
from hub.kernel.actor import Role
from hub.registry.exceptions.queries import known_code

MAX_HOURS = int(INVITATION_LIFE_MAX.total_seconds() // 3600)
_ROLES = click.Choice([role.value for role in Role])


@click.group()
def account() -> None:
    """Accounts of people: invite, list, end. 账号管理。"""


@account.command(
    epilog="Example: hub account invite --role officer --name 李明 --department 示范市市场监督管理局"
)
@click.option("--role", required=True, type=_ROLES, help="What the person may do. 角色。")
@click.option("--name", required=True, help="The name shown to others. 姓名。")
@click.option("--uscc", help="For owner, manager, agent: of which enterprise. 统一社会信用代码。")
@click.option("--department", help="For officer, official, auditor: of which department. 部门。")
@click.option("--certificate", help="The officer's enforcement certificate number. 执法证号。")
@click.option(
    "--district",
    default=CITY,
    show_default=True,
    help="Officers and officials: where they look, 2, 4 or 6 digits of a division code. 职责辖区。",
)
@click.option(
    "--purpose",
    "purposes",
    multiple=True,
    type=click.Choice(list(PURPOSES)),
    help="Officers and officials: what for; repeat it. All when left out. 职责事由。",
)
@click.option(
    "--expires",
    default=int(ENROLMENT_LIFE.total_seconds() // 3600),
    show_default=True,
    type=click.IntRange(1, MAX_HOURS),
    help="Hours the link is good for. 链接有效小时数。",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def invite(  # noqa: PLR0913  # one argument per option of the command
    hub: HubContext,
    *,
    role: str,
    name: str,
    uscc: str | None,
    department: str | None,
    certificate: str | None,
    district: str,
    purposes: tuple[str, ...],
    expires: int,
    as_json: bool,
) -> None:
    """Appoint a person and print the one-time link to enrol a passkey with. 邀请并生成一次性注册链接。"""
    place = Post(
        Role(role),
        uscc=known_code(uscc, db=hub.db) if uscc else None,
        department=department,
        certificate_no=certificate,
        remit=RemitInput(district, purposes or tuple(PURPOSES)),
    )
    invited = service.invite(
        place,
        name=name,
        by=hub.by,
        base_url=hub.settings.base_url,
        life=timedelta(hours=expires),
        now=hub.now(),
        db=hub.db,
    )
    click.echo(json.dumps(_told(invited)) if as_json else invited.link)
    if not as_json:
        until = invited.expires_at.astimezone(hub.settings.timezone)
        click.echo(f"Works once, until {until:%Y-%m-%d %H:%M}. 仅能使用一次，有效期至上述时间。", err=True)


@account.command(name="list", epilog="Example: hub account list --json")
@click.option("--uscc", help="Only those of one enterprise. 仅列出某企业。")
@click.option("--name", help="Only whoever has exactly this name. 按姓名精确查找。")
@click.option("--certificate", help="Only who has this enforcement certificate. 按执法证号精确查找。")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per line.")
@click.pass_obj
def list_accounts(
    hub: HubContext, *, uscc: str | None, name: str | None, certificate: str | None, as_json: bool
) -> None:
    """Who has which role. 列出账号。"""
    code = known_code(uscc, db=hub.db) if uscc else None
    if name is not None or certificate is not None:
        found = queries.accounts_of(name=name, certificate_no=certificate, db=hub.db)
        found = [row for row in found if code in {None, row.uscc}]
    else:
        found = queries.people_of(code, db=hub.db) if code else queries.accounts(hub.db)
    for row in found:
        click.echo(json.dumps(_facts(row), ensure_ascii=False) if as_json else _line(row))


@account.command(epilog="Example: hub account end 01920000-0000-7000-8000-000000000000")
@click.argument("appointment_id", type=click.UUID)
@click.pass_obj
def end(hub: HubContext, *, appointment_id: UUID) -> None:
    """End a role at once, with all its sessions. 终止任职，立即失效。"""
    service.end_appointment(appointment_id, by=hub.by, now=hub.now(), db=hub.db)
    click.echo("Ended. 已终止。")


@account.command(epilog="Example: hub account remit 01920000-0000-7000-8000-000000000000 --district 330802")
@click.argument("appointment_id", type=click.UUID)
@click.option(
    "--district", "districts", multiple=True, help="2, 4 or 6 digits; repeat it. None: no remit. 辖区。"
)
@click.option(
    "--purpose", "purposes", multiple=True, type=click.Choice(list(PURPOSES)), help="All when left out."
)
@click.pass_obj
def remit(
    hub: HubContext, *, appointment_id: UUID, districts: tuple[str, ...], purposes: tuple[str, ...]
) -> None:
    """Give an officer or official another remit from now on. 变更职责范围。"""
    given = [RemitInput(one, purposes or tuple(PURPOSES)) for one in districts]
    change(appointment_id, given=given, by=hub.by, now=hub.now(), db=hub.db)
    click.echo("On record. 已登记。")


@account.command(epilog="Example: hub account daily --role officer --department 示范市市场监督管理局 80")
@click.argument("number", type=click.IntRange(0, MOST))
@click.option(
    "--role", required=True, type=click.Choice([role.value for role in SHIPPED]), help="Whose. 角色。"
)
@click.option("--department", help="Only in this department. 部门。")
@click.pass_obj
def daily(hub: HubContext, *, number: int, role: str, department: str | None) -> None:
    """Set how many enterprises one person looks at in a day before a second one is asked. 每日查看数。"""
    set_number(number, role=Role(role), department=department, by=hub.by, now=hub.now(), db=hub.db)
    click.echo("On record. 已登记。")


def _told(invited: NewInvitation) -> dict[str, str]:
    return {
        "link": invited.link,
        "person_id": str(invited.person_id),
        "appointment_id": str(invited.appointment_id),
        "expires_at": invited.expires_at.isoformat(),
    }


def _facts(row: Account) -> dict[str, object]:
    return {
        "appointment_id": str(row.appointment_id),
        "name": row.name,
        "role": row.role,
        "uscc": row.uscc,
        "department": row.department,
        "since": row.since.isoformat(),
        "ended_at": row.ended_at.isoformat() if row.ended_at else None,
        "passkeys": row.passkeys,
    }


def _line(row: Account) -> str:
    state = "ended 已终止" if row.ended_at else f"{row.passkeys} passkeys 通行密钥"
    place = row.uscc or row.department or ""
    return f"{row.appointment_id}  {ROLE_NAMES[row.role].zh}  {row.name}  {place}  {state}"
