"""Everything about a person as one file: tables as JSON, invoices as PDF."""

import json
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

from django.core.serializers.json import DjangoJSONEncoder

from cosmo.accounts.models import User
from orders.models import Order
from orders.paper import render_pdf
from orders.selectors.documents import credit_sheet, credits_of
from orders.selectors.lines import view_line
from orders.selectors.my_data import MINE, NOT_MINE, my_data
from orders.selectors.orders import with_lines
from orders.selectors.papers import invoice_sheet

READ_ME = """Everything Cosmo keeps about you.

my-data.json   one list for each table, a row for each entry; ids connect them
papers/        your invoices and credit notes

Not in here, because it tells nothing about you or belongs to others:
"""


def export_zip(user: User) -> bytes:
    written = BytesIO()
    with ZipFile(written, "w", ZIP_DEFLATED) as archive:
        reasons = "\n".join(f"- {reason}" for reason in dict.fromkeys(NOT_MINE.values()))
        _put(archive, "README.txt", f"{READ_ME}{reasons}\n".encode())
        rows = {label: found for label, found in my_data(user).items() if label in MINE}
        text = json.dumps(rows, cls=DjangoJSONEncoder, ensure_ascii=False, indent=1)
        _put(archive, "my-data.json", text.encode())
        orders = Order.objects.filter(user=user, confirmed_at__isnull=False).order_by("id")
        for order in with_lines(orders).select_related("seller"):
            lines = [view_line(line) for line in order.lines.all()]
            invoice = render_pdf(invoice_sheet(order, lines))
            _put(archive, f"papers/invoice-{order.number}.pdf", invoice)
            for credit in credits_of(order):
                paper = render_pdf(credit_sheet(order, credit))
                _put(archive, f"papers/credit-{credit.number}.pdf", paper)
    return written.getvalue()


def _put(archive: ZipFile, name: str, content: bytes) -> None:
    """Without the moment it was written: the same rows give the same file."""
    entry = ZipInfo(name)
    entry.compress_type = ZIP_DEFLATED
    archive.writestr(entry, content)
