"""`hub verify`: what a code is worth now, from its text or from a picture of it."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
from sqlalchemy.exc import DatabaseError

from hub.cli import offline, online
from hub.cli.context import HubContext
from hub.cli.exit_codes import CANNOT_TELL
from hub.cli.verdict_codes import exit_code_of
from hub.cli.verify_input import shown, tell_passed_over
from hub.kernel.errors import HubError
from keys import Algorithm, KeysError
from signing import SigningError

_FORESEEN = (HubError, KeysError, SigningError, DatabaseError, OSError, click.ClickException)


class MisusedError(click.UsageError):
    """Called wrongly: nothing can be told."""

    exit_code = CANNOT_TELL


class VerdictCommand(click.Command):
    """A command whose exit codes are verdicts: called wrongly, it cannot tell, and does not say "not genuine"."""

    def make_context(
        self, info_name: str | None, args: list[str], parent: click.Context | None = None, **extra: Any
    ) -> click.Context:
        with _cannot_tell():
            return super().make_context(info_name, args, parent, **extra)

    def invoke(self, ctx: click.Context) -> Any:
        with _cannot_tell():
            return super().invoke(ctx)


@contextmanager
def _cannot_tell() -> Iterator[None]:
    try:
        yield
    except click.UsageError as error:
        raise MisusedError(error.format_message(), error.ctx) from error


@click.command(
    cls=VerdictCommand,
    epilog="Example: hub verify plate.png   hub verify https://hub.example/c/P1.…   "
    "hub verify plate.png --offline --bundle bundle.json",
)
@click.argument("code_or_file")
@click.option(
    "--algorithm",
    "required",
    type=click.Choice([Algorithm.ES256.value, Algorithm.SM2.value]),
    multiple=True,
    help="Refuse what is signed with another. May be given again. 只接受该签名算法。",
)
@click.option(
    "--offline", "is_offline", is_flag=True, help="By a bundle alone: no hub, no network. 离线核验。"
)
@click.option(
    "--bundle",
    "bundle_path",
    type=click.Path(path_type=Path),
    help="A file or a folder. 离线包文件或文件夹。",
)
@click.option(
    "--root", help="Thumbprint of the bundle's root key; without it the first is trusted. 根公钥指纹。"
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object for each code.")
@click.option("--audience", help="With a presentation: for whom the holder must have signed. 验证方。")
@click.option("--nonce", help="With a presentation: the nonce that the holder must have signed. 随机数。")
@click.pass_obj
def verify(  # noqa: PLR0913  # one per option, as click hands them over
    hub: HubContext,
    *,
    code_or_file: str,
    required: tuple[str, ...],
    is_offline: bool,
    bundle_path: Path | None,
    root: str | None,
    as_json: bool,
    audience: str | None,
    nonce: str | None,
) -> None:
    """Say what a code, a credential or a receipt is worth now. 核验码、电子凭证或回执。

    Exit code: 0 genuine and in order, 1 genuine but needs attention, 2 not genuine, 3 cannot tell. Of several codes
    in a picture, the worst counts. A credential or a receipt is given as text, or in a text file.
    """
    if is_offline is not (bundle_path is not None) or (root is not None and not is_offline):
        raise click.UsageError(
            "--offline goes with --bundle FILE or FOLDER (and, if you like, --root THUMBPRINT)."
        )
    if (audience is None) is not (nonce is None):
        raise click.UsageError("--audience goes with --nonce.")
    algorithms = frozenset(Algorithm(name) for name in required) or None
    if bundle_path is not None:
        demands = offline.VerificationDemands(algorithms, audience, nonce)
        _verify_offline(hub, code_or_file, bundle_path, root=root, demands=demands, as_json=as_json)
    service = online.LiveVerifier(hub, algorithms, audience, nonce)
    try:
        codes = shown(code_or_file, origin=hub.settings.base_url, sandbox=hub.sandbox)
        verdicts = [service.judge(text) for text in codes.judged]
    except _FORESEEN as error:
        _leave(error)
    tell_passed_over(codes)
    for verdict in verdicts:
        click.echo(
            json.dumps(verdict.as_json(), ensure_ascii=False) if as_json else online.terminal_text(verdict)
        )
    sys.exit(exit_code_of(each.outcome for each in verdicts))


def _leave(error: Exception) -> NoReturn:
    said = error.message if isinstance(error, click.ClickException) else str(error)
    if not said and isinstance(error, HubError):
        said = error.message.en
    click.echo(f"hub: cannot tell: {' '.join(said.splitlines()[:1])} 无法核验。", err=True)
    sys.exit(CANNOT_TELL)


def _verify_offline(
    hub: HubContext,
    code_or_file: str,
    path: Path,
    *,
    root: str | None,
    demands: offline.VerificationDemands,
    as_json: bool,
) -> NoReturn:
    """No database is opened and no setting read."""
    now, memory = hub.now(), offline.BelievedFile(hub.state_folder / "bundles.json")
    try:
        bundle = offline.open_bundle(path, root=root, memory=memory, now=now)
        codes = shown(code_or_file, origin=bundle.issuer, sandbox=hub.sandbox)
        verdicts = offline.judge(codes.judged, bundle, demands, now=now)
    except _FORESEEN as error:
        _leave(error)
    tell_passed_over(codes)
    for verdict in verdicts:
        click.echo(
            json.dumps(verdict.as_json(), ensure_ascii=False) if as_json else offline.terminal_text(verdict)
        )
    sys.exit(offline.exit_code(verdicts))
