"""Pages by cursor: nothing is skipped or shown twice while rows are being added."""

from typing import Any

from rest_framework.exceptions import NotFound
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

from cosmo.lib.errors import Invalid


class CursorPages(CursorPagination):
    """Newest first, 50 a page, at most 200 (``?page_size=``)."""

    ordering: Any = "-id"
    page_size = 50
    page_size_query_param = "page_size"
    max_page_size = 200

    def get_page_size(self, request: Request) -> int:
        given = str(request.query_params.get("page_size", ""))
        if not given:
            return self.page_size
        if not (
            given.isascii()
            and given.isdecimal()
            and len(given) <= 3
            and 1 <= int(given) <= self.max_page_size
        ):
            raise Invalid(
                "bad_page_size",
                f"page_size={given[:20]!r} is no page size; use 1 to {self.max_page_size}.",
            )
        return int(given)

    def decode_cursor(self, request: Request) -> Cursor | None:
        """The place named by ``?cursor=``; what this class did not encode is refused."""
        try:
            cursor = super().decode_cursor(request)
        except NotFound as error:
            raise _bad_cursor() from error
        if cursor is None:
            return None
        position: Any = cursor.position
        if position is None:  # DRF encodes nothing as no cursor at all
            if cursor.offset or cursor.reverse:
                return cursor
        elif position.isascii() and position.isdecimal():
            return cursor
        raise _bad_cursor()

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == "page_size":
                parameter["schema"].update(minimum=1, maximum=self.max_page_size)
        return parameters


def _bad_cursor() -> Invalid:
    return Invalid("bad_cursor", "This cursor names no place; follow `next` and `previous`.")
