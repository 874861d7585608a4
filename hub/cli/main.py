"""`hub`: operator commands, thin as routes. Every user's mistake is one line on standard error, never a traceback."""

import os
import sys
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType

import click
from sqlalchemy.exc import DatabaseError

from hub.cli.context import HubContext
from hub.kernel.errors import HubError, InvalidInputError
from keys import KeysError
from signing import SigningError

PRIVATE_UMASK = 0o077  # whatever a command, the server or its worker writes is its owner's; they inherit it
EXIT_REFUSED = 2  # the command could not do what it was asked; nothing was changed

COMMANDS: Mapping[str, tuple[str, str]] = (
    MappingProxyType(  # name → module and object, in the order of the help
        {
            "init": ("hub.cli.init", "init"),
            "demo": ("hub.cli.demo", "demo"),
            "serve": ("hub.cli.serve", "serve"),
            "worker": ("hub.cli.serve", "worker"),
            "import": ("hub.cli.imports", "import_command"),
            "plate": ("hub.cli.plate", "plate"),
            "credential": ("hub.cli.credential", "credential"),
            "verify": ("hub.cli.verify", "verify"),
            "bundle": ("hub.cli.bundle", "bundle"),
            "keys": ("hub.cli.keys", "keys"),
            "log": ("hub.cli.log", "log"),
            "license": ("hub.cli.license", "license_group"),
            "account": ("hub.cli.account", "account"),
            "backup": ("hub.cli.backup", "backup"),
            "restore": ("hub.cli.restore", "restore"),
            "doctor": ("hub.cli.doctor", "doctor"),
        }
    )
)


class Commands(click.Group):
    """Loads a command's module when it is asked for: all of them together take a second."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # signature is click's
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002  # as above
        found = COMMANDS.get(cmd_name)
        if found is None:
            return None
        command: click.Command = getattr(import_module(found[0]), found[1])
        return command


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Start with: hub init && hub serve. 先运行 hub init，再运行 hub serve。",
)
@click.version_option(package_name="yizhao-hub", prog_name="hub")
@click.pass_context
def cli(context: click.Context) -> None:
    """The license and credential hub. 一照集成。"""
    context.obj = HubContext()
    context.call_on_close(context.obj.close)


def main() -> None:
    """Console entry: turn what the hub refuses into one line on standard error and exit code 2."""
    os.umask(PRIVATE_UMASK)
    try:
        cli(standalone_mode=True)
    except InvalidInputError as error:
        _refuse(f"{error.field}: {error.text.en} {error.text.zh}")
    except HubError as error:
        _refuse(f"{error} {error.message.zh}" if str(error) else f"{error.message.en} {error.message.zh}")
    except KeysError as error:
        _refuse(f"{error}. {error.zh}" if str(error) else f"{error.en} {error.zh}")
    except SigningError as error:
        _refuse(f"{error} {error.sentence.zh}")
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
