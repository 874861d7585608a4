"""Tables to take away: CSV as it is read, XLSX for those who need it; nothing in them is live."""

from collections.abc import Iterable, Sequence

from flask import Response

from hub.kernel.exports import Cell, write_csv, write_xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def table(form: str, name: str, headers: Sequence[str], rows: Iterable[Sequence[Cell]]) -> Response:
    """A download `name.csv` or `name.xlsx`; `name` is ASCII."""
    match form:
        case "csv":
            response = Response(write_csv(headers, rows), content_type="text/csv; charset=utf-8")
        case _:
            response = Response(write_xlsx(headers, rows), content_type=_XLSX)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.{form}"'
    return response
