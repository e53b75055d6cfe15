"""A mapping is checked against the product before any file is read with it."""

from pathlib import Path

import pytest

from cosmo.lib.documents import CatalogueInvalid
from design.import_folder import read_mapping
from tests.design.importing.stools import MAPPING, engine


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("feature: seat}", "feature: seet}", "no feature 'seet'. Did you mean 'seat'?"),
        ("feature: seat}", "feature: leg}", "Feature 'leg' is answered by two columns"),
        ("column: Seat,", "column: Leg,", "Column 'Leg' is mapped twice"),
        ("OAK: oak,", "OAK: pine,", "'wood' has no option 'pine'"),
        (", options: {OAK: oak, ASH: ash}", "", "say with options which text means which"),
        ("feature: seat}", "feature: seat, options: {A: oak}}", "it takes a factor, not options"),
        ("ignored: [No]", "ignored: [Leg]", "Column 'Leg' is mapped and ignored"),
        ("factor: 10", "factor: ten", "A number is a whole number or a text"),
        ("source: handmade", "source: Hand Made", "Use small letters, digits"),
        ("unit: mm}", "unit: mm, feature: seat}", "feature"),
    ],
)
def test_fault_is_told_with_file_and_line(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    text = MAPPING.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file = tmp_path / "handmade.yaml"
    file.write_text(text.replace(old, new), encoding="utf-8")
    with pytest.raises(CatalogueInvalid) as refused:
        read_mapping(file, engine().model)
    said = "\n".join(str(problem) for problem in refused.value.problems)
    assert sentence in said
    assert f"{file}:" in said
