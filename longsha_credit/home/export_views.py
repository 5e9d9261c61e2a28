"""The lists of the desk as files: the rows of a list at the same address, as CSV or XLSX."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect
from django.views.decorators.http import require_safe

from longsha_credit.exchange import sheets
from longsha_credit.exchange.imports.services import note_export
from longsha_credit.home.exports import LISTS

TOO_MANY = f"一次最多导出{sheets.MOST}条，格式是 csv 或 xlsx。请先缩小范围再导出。"


@require_safe
def list_file(request, key):
    """The filtered list; too long a one is sent back to be narrowed. Whoever takes it leaves an entry."""
    table, user, form = LISTS.get(key), request.user, request.GET.get("format", "csv")
    if table is None:
        raise Http404
    rows = table.rows(user, request.GET)
    number = rows.order_by()[: sheets.MOST + 1].count()
    if number > sheets.MOST or form not in sheets.KINDS:
        messages.error(request, TOO_MANY)
        return redirect(table.page)
    note_export(user, table, number=number, query=request.GET.urlencode())
    return sheets.download(form, table.label, table.heads, table.lines(rows, user), user=user, number=number)
