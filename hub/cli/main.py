"""`hub`: operator commands, thin as routes. Every user's mistake is one line on standard error, never a traceback."""

import sys

import click
from sqlalchemy.exc import DatabaseError

from hub.cli.account import account
from hub.cli.bundle import bundle
from hub.cli.context import HubContext
from hub.cli.credential import credential
from hub.cli.demo import demo
from hub.cli.doctor import doctor
from hub.cli.imports import import_command
from hub.cli.init import init
from hub.cli.keys import keys
from hub.cli.license import license_group
from hub.cli.log import log
from hub.cli.plate import plate
from hub.cli.serve import serve, worker
from hub.cli.verify import verify
from hub.kernel.errors import HubError, InvalidInputError
from keys import KeysError
from signing import SigningError

EXIT_REFUSED = 2  # the command could not do what it was asked; nothing was changed


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: hub init && hub serve. 先运行 hub init，再运行 hub serve。",
)
@click.version_option(package_name="yizhao-hub", prog_name="hub")
@click.pass_context
def cli(context: click.Context) -> None:
    """The license and credential hub. 一照集成。"""
    context.obj = HubContext()
    context.call_on_close(context.obj.close)


for _command in (
    init,
    demo,
    serve,
    worker,
    import_command,
    plate,
    credential,
    verify,
    bundle,
    keys,
    log,
    license_group,
    account,
    doctor,
):
    cli.add_command(_command)


def main() -> None:
    """Console entry: turn what the hub refuses into one line on standard error and exit code 2."""
    try:
        cli(standalone_mode=True)
    except InvalidInputError as error:
        _refuse(f"{error.field}: {error.text.en} {error.text.zh}")
    except HubError as error:
        _refuse(f"{error} {error.message.zh}" if str(error) else f"{error.message.en} {error.message.zh}")
    except KeysError as error:
        _refuse(f"{error}. {error.zh}" if str(error) else f"{error.en} {error.zh}")
    except SigningError as error:
        _refuse(str(error))
    except DatabaseError as error:
        _refuse(
            f"the database does not answer: {str(error.orig).splitlines()[0]}; check HUB_DATABASE_URL. "
            "数据库无法访问，请检查 HUB_DATABASE_URL。"
        )
    except OSError as error:
        _refuse(f"{error.strerror}: {error.filename}. 无法读写文件，请检查路径和权限。")


def _refuse(line: str) -> None:
    click.echo(f"hub: {line}", err=True)
    sys.exit(EXIT_REFUSED)
