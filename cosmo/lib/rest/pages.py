"""Pages by cursor: nothing is skipped or shown twice while rows are being added."""

from typing import Any

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Newest first, 50 a page, at most 200 (``?page_size=``)."""

    ordering: Any = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200
