"""Documents on paper: a sheet of words and amounts in, a PDF out. Knows no order."""

from orders.paper.sheet import Party, Row, Sheet, Sum, render_pdf

__all__ = ["Party", "Row", "Sheet", "Sum", "render_pdf"]
