"""A new product to start from: small, but whole, so that its check is clean before a word changes.

It is made where the organisation's other products are made: an author cannot see a plant from here,
but can change what works.
"""

import re
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from cosmo.lib.gtin import check_digit
from design.drafting.files import ENGINEERING, OFFER

DEMONSTRATION = "952"  # GS1's prefix for examples; nobody sells under it

_OFFER = """\
# A new product, small but whole: change it piece by piece. Formats: docs/catalogue.md.
format: cosmo-offer/1
product: {slug}
gtin: "{gtin}"            # from GS1's demonstration range; put your own number before you sell
currency: {currency}
tax_percent: "{tax_percent}"
serial_prefix: {prefix}
groups: [body]

features:
  - id: width
    group: body
    kind: parameter
    unit: mm
    min: 300
    max: 900
    step: 50
    default: 600
  - id: colour
    group: body
    kind: choice
    default: white
    options: [{{id: white}}, {{id: black}}]

rules:
  - {{id: R01, when: "colour == 'black'", then: "width >= 400"}}

price:
  base: "100"
  lines:
    - {{id: wider, feature: width, when: "width > 600", amount: "(width - 600) / 10"}}

shape:
  bounds: {{width: "width", depth: "400", height: "500"}}
  materials:
    white: {{colour: "#f2f1ec", finish: matt}}
    black: {{colour: "#222222", finish: matt}}
  parts:
    - id: body
      kind: box
      size: ["width", "400", "500"]
      at: ["0", "0", "0"]
      material: "colour"

tests:
  - {{choices: {{}}, valid: true, price: "100"}}
  - {{choices: {{colour: black, width: 300}}, valid: false, rules: [R01]}}
"""
_ENGINEERING = """\
# How it is made: components and operations of one unit, at a plant that is loaded.
format: cosmo-engineering/1
product: {slug}
plant: {plant}

bom:
  - {{component: BODY, quantity: "1", unit: piece}}

routing:
  - {{id: make, work_centre: {first}, duration_min: "10 + width // 100", freezes: [width, colour]}}
  - {{id: pack, work_centre: {last}, kind: pack, duration_min: "5"}}
"""
_WORDS = """\
format: cosmo-texts/1
language: en

product:
  name: {name}
  tagline: What it is, in one line
  description: What it is good for, in a few sentences.

groups:
  body: Body

features:
  width:
    name: Width
    help: From side to side.
  colour:
    name: Colour
    options:
      white: {{name: White}}
      black: {{name: Black}}

rules:
  R01: Black ones are at least 40 cm wide.

components:
  BODY: Body

operations:
  make: Making
  pack: Packing
"""


def starting_files(
    slug: str, *, offer: Mapping[str, Any] | None, engineering: Mapping[str, Any] | None
) -> dict[str, str]:
    """The files of a small product called ``slug``.

    Args:
        offer: Of another product of the seller, for its currency and tax.
        engineering: How that one is made, for the plant and its work centres.
    """
    known = offer or {"currency": "EUR", "tax_percent": "19"}
    made = engineering or {"plant": "your-plant", "routing": [{"work_centre": "its-work-centre"}]}
    return {
        OFFER: _OFFER.format(
            slug=slug,
            gtin=_example_gtin(slug),
            currency=known["currency"],
            tax_percent=known["tax_percent"],
            prefix=re.sub("[^A-Z]", "", slug.upper())[:2] or "P",
        ),
        ENGINEERING: _ENGINEERING.format(
            slug=slug,
            plant=made["plant"],
            first=made["routing"][0]["work_centre"],
            last=made["routing"][-1]["work_centre"],
        ),
        "texts/en.yaml": _WORDS.format(name=slug.replace("-", " ").capitalize()),
    }


def _example_gtin(slug: str) -> str:
    """One of the demonstration range, another for every name: a GTIN is one product's."""
    digits = str(int(sha256(slug.encode()).hexdigest(), 16) % 10**9).zfill(9)
    body = DEMONSTRATION + digits
    return body + check_digit(body)
