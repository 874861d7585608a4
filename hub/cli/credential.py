"""`hub credential`: issue one to a wallet; and the wallet's own side: prove a key, show what one holds, present it."""

import json
from pathlib import Path
from uuid import UUID

import click
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hub.cli.context import HubContext
from hub.cli.private_files import write_private
from hub.cli.proposals import official, reasoned, speaking, tell_waiting
from hub.credentials.maker import CredentialOffice
from hub.credentials.proposals import take_or_ask
from hub.credentials.queries import CredentialView
from hub.credentials.service import CredentialRequest
from hub.kernel.instants import instant
from keys import Algorithm
from signing.sdjwt import (
    MAX_CREDENTIAL_CHARS,
    SoftwareWallet,
    disclosable_names,
    import_holder_key,
    present,
    sign_proof,
    unverified_claims,
)

KEY_BYTES = 16 * 1024  # a PEM or a JWK is below 2 KB

_FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
_OUT = click.Path(dir_okay=False, path_type=Path)


@click.group()
def credential() -> None:
    """License credentials (SD-JWT VC). 电子凭证。"""


@credential.command(
    epilog="Example: hub credential issue --license 0193… --holder wallet.jwk.json --out food.txt"
)
@click.option(
    "--license", "subject", required=True, help="The license's id, or the USCC for the business license."
)
@click.option(
    "--holder", type=_FILE, help="The wallet's public key (JWK); registered on your word. 钱包公钥。"
)
@click.option("--algorithm", type=click.Choice([Algorithm.ES256.value, Algorithm.SM2.value]))
@click.option("--out", type=_OUT, help="Write the credential to this file.")
@speaking
@reasoned
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def issue(  # noqa: PLR0913  # one argument per option of the command
    hub: HubContext,
    *,
    subject: str,
    holder: Path | None,
    algorithm: str | None,
    out: Path | None,
    speaks_for: UUID | None,
    reason: str,
    as_json: bool,
) -> None:
    """Hand out the standing credential of a license, or ask for one; then the same command gives it once it is approved.

    Exit code 4: it waits for the second person. 领取已有电子凭证，或申请签发，经第二人同意后再次运行即得；退出码 4 为待决定。
    """
    made = take_or_ask(
        CredentialRequest(subject, algorithm=algorithm),
        holder=None if holder is None else import_holder_key(_json(holder)),
        reason=reason,
        office=CredentialOffice.of(hub.issuer(), hub.settings, hub.tables),
        by=hub.by,
        named=None if speaks_for is None else official(hub, speaks_for),
        now=hub.now(),
        db=hub.db,
    )
    if isinstance(made, UUID):
        tell_waiting(hub, made, as_json=as_json)
    if out is not None:
        write_private(out, f"{made.text}\n".encode("ascii"))
    click.echo(_told(made, is_written=out is not None) if as_json else (str(out) if out else made.text))


@credential.command("show", epilog="Example: hub credential show food.txt")
@click.argument("file", type=_FILE)
def show(file: Path) -> None:
    """What a wallet holds, unverified: what is always visible, what may be shown. 查看凭证内容(未核验)。"""
    text = _text(file)
    told = {"visible": dict(unverified_claims(text)), "disclosable": list(disclosable_names(text))}
    click.echo(json.dumps(told, ensure_ascii=False, indent=1))


@credential.command(
    "present",
    epilog="Example: hub credential present food.txt --disclose number,valid_to --holder-key wallet.pem "
    "--audience https://bank.example --nonce 7f3a…",
)
@click.argument("file", type=_FILE)
@click.option("--disclose", default="", help="Names of claims to show, with commas. 要出示的项目。")
@click.option("--holder-key", type=_FILE, help="The wallet's private key (PEM). 钱包私钥。")
@click.option("--audience", help="Who asked: the verifier's name. 验证方。")
@click.option("--nonce", help="The nonce that the verifier gave. 随机数。")
@click.pass_obj
def present_(  # one per option, as click hands them over
    hub: HubContext,
    *,
    file: Path,
    disclose: str,
    holder_key: Path | None,
    audience: str | None,
    nonce: str | None,
) -> None:
    """Show chosen claims of a credential to a verifier; needs no hub. 选择项目出示凭证。"""
    if len({holder_key is None, audience is None, nonce is None}) > 1:
        raise click.UsageError("--holder-key, --audience and --nonce go together.")
    names = [name.strip() for name in disclose.split(",") if name.strip()]
    if holder_key is None:
        click.echo(present(_text(file), names))
        return
    wallet = _wallet(holder_key)
    click.echo(present(_text(file), names, audience=audience, nonce=nonce, signer=wallet, now=hub.now()))


@credential.command(
    "prove",
    epilog="Example: hub credential prove --holder-key wallet.pem --audience https://hub.example --nonce 7f3a…",
)
@click.option("--holder-key", type=_FILE, required=True, help="The wallet's private key (PEM). 钱包私钥。")
@click.option("--audience", required=True, help="The hub's address. 平台地址。")
@click.option("--nonce", required=True, help="The nonce that the hub gave. 随机数。")
@click.pass_obj
def prove(hub: HubContext, *, holder_key: Path, audience: str, nonce: str) -> None:
    """Prove to the hub that a wallet holds its key; needs no hub. 证明持有钱包密钥。"""
    click.echo(sign_proof(audience=audience, nonce=nonce, signer=_wallet(holder_key), now=hub.now()))


def _told(made: CredentialView, *, is_written: bool) -> str:
    told = {
        "id": str(made.id),
        "license": made.subject,
        "holder": made.holder or None,
        "algorithm": made.algorithm,
        "issued_at": instant(made.issued_at),
        "expires_at": instant(made.expires_at),
    }
    return json.dumps(told if is_written else {**told, "credential": made.text}, ensure_ascii=False)


def _text(file: Path) -> str:
    with file.open("rb") as opened:
        return opened.read(MAX_CREDENTIAL_CHARS + 2).decode("ascii", "replace").strip()


def _json(file: Path) -> object:
    with file.open("rb") as opened:
        raw = opened.read(KEY_BYTES)
    try:
        found: object = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise click.ClickException(f"{file} is not JSON. 不是 JSON 文件。") from error
    return found


def _wallet(file: Path) -> SoftwareWallet:
    with file.open("rb") as opened:
        raw = opened.read(KEY_BYTES)
    try:
        return SoftwareWallet.of(load_pem_private_key(raw, password=None))
    except (ValueError, TypeError, UnsupportedAlgorithm) as error:
        raise click.ClickException(
            f"{file} is not an open PEM private key. 不是未加密的 PEM 私钥。"
        ) from error
