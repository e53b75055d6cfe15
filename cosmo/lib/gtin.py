"""GS1's check digit: one wrong digit, or most swaps of two neighbours, never go unnoticed."""


def check_digit(body: str) -> str:
    """The digit that ends a GTIN whose other digits are ``body`` (7, 11, 12 or 13 of them)."""
    weighted = (int(digit) * (1 if place % 2 else 3) for place, digit in enumerate(reversed(body)))
    return str(-sum(weighted) % 10)


def is_gtin(code: str) -> bool:
    """Whether ``code`` is a GTIN-8, -12, -13 or -14 with the right check digit."""
    is_formed = code.isascii() and code.isdigit() and len(code) in (8, 12, 13, 14)
    return is_formed and check_digit(code[:-1]) == code[-1]
