import json

import click

from hub.cli.context import HubContext


@click.group()
def keys() -> None:
    """The hub's signing keys. 签名密钥。"""


@keys.command("list", epilog="Example: hub keys list --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON document (public parts only).")
@click.pass_obj
def list_keys(hub: HubContext, *, as_json: bool) -> None:
    """Every key: what it is for, its state, its dates. 列出全部密钥。"""
    ring = hub.key_ring()
    if as_json:
        click.echo(json.dumps([info.jwk() for info in ring.infos], ensure_ascii=False, indent=1))
        return
    for info in ring.infos:
        click.echo(
            f"{info.kid:28} {info.purpose:14} {info.algorithm:8} {info.state:12} {info.created_at:%Y-%m-%d}"
        )
