import json

from cosmo.embedded.announce import announcement
from cosmo.embedded.folders import DataFolder


def test_every_role_is_told_its_address_and_account(tmp_path):
    accounts = {
        "planner": {"email": "planner@cosmo.example", "password": "p-1"},
        "partner": {"email": "p@x.example", "password": "p-2", "client_id": "id-1"},
    }
    (tmp_path / "accounts.json").write_text(json.dumps(accounts))
    said = announcement(DataFolder(tmp_path), "http://127.0.0.1:8000", factor="60")
    lines = {line.split()[0]: line.split()[1:] for line in said.splitlines() if line.strip()}
    assert lines["planner"][1:] == ["planner@cosmo.example", "p-1"]
    assert lines["partner"][1:] == ["p@x.example", "p-2"]
    assert "client_id id-1" in said
    assert lines["consumer"] == ["http://127.0.0.1:8000/"]
    assert "60 times as fast" in said
