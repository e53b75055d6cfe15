"""QR codes as SVG paths, for paper and for holding a phone against a screen."""

from django.utils.html import format_html
from django.utils.safestring import SafeString
from reportlab.graphics.barcode import qrencoder

QUIET = 4  # modules kept free around, as the standard asks


def qr_svg(text: str, *, label: str) -> SafeString:
    """``text`` as one SVG path, black on white in every theme: phones read nothing else well.

    Args:
        label: What it leads to, for those who do not see it.
    """
    # Medium correction: a fold or a stain on paper costs nothing, and it stays small.
    code = qrencoder.QRCode(None, qrencoder.QRErrorCorrectLevel.M)
    code.addData(text)
    code.make()
    count: int = code.getModuleCount()  # type: ignore[no-untyped-call]
    runs = []
    for row in range(count):
        column = 0
        while column < count:
            width = 0
            while column + width < count and code.isDark(row, column + width):  # type: ignore[no-untyped-call]
                width += 1
            if width:
                runs.append(f"M{column + QUIET} {row + QUIET}h{width}v1h-{width}z")
            column += width or 1
    side = count + 2 * QUIET
    return format_html(
        '<svg class="qr" viewBox="0 0 {0} {0}" role="img" aria-label="{1}" '
        'shape-rendering="crispEdges"><rect width="{0}" height="{0}" fill="#fff"/>'
        '<path d="{2}" fill="#000"/></svg>',
        side,
        label,
        "".join(runs),
    )
