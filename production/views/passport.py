"""The public passport behind the code on the product (GS1 Digital Link)."""

import segno
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from production.selectors.passport import passport_of
from production.selectors.units import unit_by_link


@require_safe
def passport(request: HttpRequest, gtin: str, serial: str) -> HttpResponse:
    shown = passport_of(unit_by_link(gtin, serial))
    link = settings.PUBLIC_URL + shown.unit.digital_link
    return render(
        request,
        "production/passport.html",
        {"passport": shown, "unit": shown.unit, "link": link, "code": code_svg(link)},
    )


def code_svg(link: str) -> str:
    """A QR code as inline SVG with its quiet zone; dark on light by night too, for scanners."""
    code = segno.make(link, error="m", micro=False)
    return str(code.svg_inline(border=4, omitsize=True, dark="#000", light="#fff", svgclass="qr"))
