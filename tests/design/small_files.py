"""Small models as files: an offer with every kind of feature, and the formats of other tools."""

from pathlib import Path

OFFER = """
format: cosmo-offer/1
product: stool
gtin: "9521234500032"
currency: EUR
tax_percent: "19"
serial_prefix: ST
groups: [all]
features:
  - {id: wood, group: all, kind: choice, optional: true, default: oak,
     options: [{id: oak, values: {mm: 20}}, {id: ash, values: {mm: 10}}]}
  - {id: legs, group: all, kind: multi, min: 2, max: 3, default: [front, back],
     options: [{id: front}, {id: back}, {id: left}, {id: right}]}
  - {id: angle, group: all, kind: parameter, unit: "°", min: "70.5", max: "75", step: "0.5",
     default: "73.5"}
  - {id: height, group: all, kind: parameter, unit: mm, min: 300, max: 800, step: 1, default: 450}
  - {id: width, group: all, kind: parameter, unit: mm, min: "20.25", max: "60.25", step: "0.25",
     default: "40.25"}
  - {id: name, group: all, kind: text, max_length: 5, default: ""}
  - id: drawer
    group: all
    kind: component
    optional: true
    default: none
    features:
      - {id: front, kind: choice, default: plain, options: [{id: plain}, {id: glass}]}
    rules:
      - {id: D1, when: "front == 'glass'", then: "wood != 'none'"}
rules:
  - {id: R1, never: "wood == 'ash' and height > 600"}
  - {id: R2, when: "angle < 72", then: "'left' in legs"}
  - {id: R3, always: "height <= 12 * width"}
  - {id: R4, when: "wood == 'none'", then: "name == ''"}
price: {base: "100", lines: []}
shape:
  bounds: {width: "400", depth: "400", height: "height"}
  materials: {oak: {colour: "#c8a06a", finish: matt}}
  parts:
    - {id: seat, kind: box, size: ["400", "400", "height"], at: ["0", "0", "0"], material: "'oak'"}
"""
SWITCHES = """c 1 power
c 2 light
c 3 dimmer
c 4 loose
p cnf 4 2
-3 2 0
-2 1 0
"""
LIGHTS = """features
    lamp
        mandatory
            power
        alternative
            warm
            cold
        optional
            dimmer
constraints
    dimmer => warm
"""


def write_offer(folder: Path, text: str = OFFER) -> Path:
    (folder / "offer.yaml").write_text(text, encoding="utf-8")
    return folder
