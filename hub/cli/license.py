"""`hub license`: a signed copy of a license, and the metadata of licenses."""

import json
from pathlib import Path
from uuid import UUID

import click

from hub.access.matrix import MATRIX, Audience
from hub.cli.context import HubContext
from hub.cli.license_export import export
from hub.cli.private_files import write_private
from hub.documents.service import holder_of, print_license, print_shop


@click.group("license")
def license_group() -> None:
    """Licenses of enterprises. 证照。"""


@license_group.command(
    "pdf", epilog="Example: hub license pdf 01a1fd1e-8c00-749b-b1c8-2b70e5c5b01e --out l.pdf"
)
@click.argument("license_id", type=click.UUID)
@click.option(
    "--out",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="The PDF to write. 输出的 PDF 文件。",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def pdf(hub: HubContext, *, license_id: UUID, out: Path, as_json: bool) -> None:
    """Write a copy of a license with the platform's signature. 输出带平台签名的证照 PDF。"""
    printed = print_license(
        license_id,
        uscc=holder_of(license_id, db=hub.db),
        shop=print_shop(hub.settings, hub.tables),
        clearance=MATRIX.clearance(Audience.ENTERPRISE),
        by=hub.by,
        now=hub.now(),
        db=hub.db,
    )
    write_private(out, printed.body)
    if as_json:
        click.echo(json.dumps({"document": str(printed.document), "out": str(out)}, ensure_ascii=False))
    else:
        click.echo(f"Wrote {out}, document {printed.document}. 已写入 {out}，文件编号 {printed.document}。")


license_group.add_command(export)
