"""Files to take away: tables as CSV and as XLSX, with nothing in them that is live, and whatever else has a name."""

from collections.abc import Iterable, Sequence

from flask import Response

from hub.kernel.exports import Cell, write_csv, write_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(
    form: str, name: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]], *, title: str = "Sheet1"
) -> Response:
    """Return a download `name.csv` or `name.xlsx`; `name` is ASCII. `title`: of the sheet."""
    file_name = f"{name}.{form}"
    match form:
        case "csv":
            return download(write_csv(headers, rows), name=file_name, mimetype="text/csv")
        case _:
            return download(write_xlsx(headers, rows, title=title), name=file_name, mimetype=_XLSX)


def download(body: bytes | str | Iterable[bytes] | Iterable[str], *, name: str, mimetype: str) -> Response:
    """Return a file that the browser keeps under `name`, which is ASCII."""
    response = Response(body, mimetype=mimetype)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
