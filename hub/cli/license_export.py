"""`hub license export`: the metadata of licenses by GB/T 36903, of one, of an enterprise, or of all."""

import json
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from pathlib import Path
from uuid import UUID

import click
from tqdm import tqdm

from hub.cli.context import HubContext
from hub.cli.private_files import private_file
from hub.documents.service import holder_of
from hub.licenses.metadata.queries import HeldMetadata, all_metadata, enterprise_metadata, license_metadata
from hub.licenses.metadata.rules import STANDARD, to_36903

LINES = ".jsonl"


@click.command(
    epilog="Example: hub license export --all --out licenses.jsonl; hub license export --enterprise USCC --out one.json"
)
@click.argument("license_id", type=click.UUID, required=False)
@click.option("--enterprise", metavar="USCC", help="All licenses of one enterprise. 一家企业的全部证照。")
@click.option("--all", "is_all", is_flag=True, help="Every license of every enterprise. 全部企业的全部证照。")
@click.option(
    "--out",
    required=True,
    type=click.Path(path_type=Path),
    help="A file (.jsonl: one license a line), or a folder: a file an enterprise. 输出文件或文件夹。",
)
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
@click.pass_obj
def export(
    hub: HubContext,
    *,
    license_id: UUID | None,
    enterprise: str | None,
    is_all: bool,
    out: Path,
    as_json: bool,
) -> None:
    """Write the metadata of licenses under the element codes of GB/T 36903. 导出证照元数据(GB/T 36903)。

    What names holders is for its owner alone: files are made readable by you only. 文件仅本人可读。
    """
    if [license_id is not None, enterprise is not None, is_all].count(True) != 1:
        raise click.UsageError(
            "Name a license, or give --enterprise or --all. 请指定证照、--enterprise 或 --all。"
        )
    count = _export(hub, out, license_id=license_id, enterprise=enterprise)
    told = {"out": str(out), "standard": STANDARD, "licenses": count}
    said = f"Wrote {count} licenses to {out}. 已将 {count} 张证照写入 {out}。"
    click.echo(json.dumps(told, ensure_ascii=False) if as_json else said)


def _export(hub: HubContext, out: Path, *, license_id: UUID | None, enterprise: str | None) -> int:
    """Write what was asked for; how many licenses that were. Raises: NotFoundError, OSError."""
    if license_id is not None:
        uscc = holder_of(license_id, db=hub.db)
        with hub.db.read() as session:
            found = to_36903(license_metadata(session, uscc, license_id, reference=hub.reference()))
        return _write_file(out / f"{license_id}.json" if out.is_dir() else out, [found])
    held = (
        all_metadata(hub.db, reference=hub.reference())
        if enterprise is None
        else iter([_held_by(hub, enterprise)])
    )
    with tqdm(held, unit=" enterprises", disable=None, leave=False) as bar:
        if out.is_dir():
            return sum(_write_file(out / f"{one.uscc}.json", _licenses(one)) for one in bar)
        return _write_file(out, chain.from_iterable(map(_licenses, bar)))


def _held_by(hub: HubContext, uscc: str) -> HeldMetadata:
    with hub.db.read() as session:
        return enterprise_metadata(session, uscc, reference=hub.reference())


def _licenses(held: HeldMetadata) -> Iterator[dict[str, str]]:
    return map(to_36903, (held.business, *held.licenses))


def _write_file(path: Path, licenses: Iterable[Mapping[str, str]]) -> int:
    """Write one file, whole or not at all: a JSON document with `items`, or one object a line. Raises: OSError."""
    is_lines, count = path.suffix == LINES, 0
    with private_file(path) as file:
        file.write("" if is_lines else f'{{"standard": "{STANDARD}", "items": [')
        for count, elements in enumerate(licenses, 1):
            file.write("" if is_lines else ",\n" if count > 1 else "\n")
            json.dump(elements, file, ensure_ascii=False)
            file.write("\n" if is_lines else "")
        file.write("" if is_lines else "\n]}\n")
    return count
