"""Who may go where in the demo, and with which account."""

import json
from collections.abc import Mapping
from pathlib import Path

from cosmo.embedded.folders import DataFolder


def announcement(folder: DataFolder, url: str, *, factor: str) -> str:
    """The addresses with their accounts, as a table for the terminal."""
    accounts = read_accounts(folder.path / "accounts.json")
    lines = ["", f"Cosmo is running: {url}   (plant time runs {factor} times as fast)", ""]
    for role, path in PLACES.items():
        account = accounts.get(role, {})
        who = "  ".join(str(account[key]) for key in CREDENTIALS if account.get(key))
        lines.append(f"  {role:<9} {url + path:<42} {who}")
    if client_id := accounts.get("partner", {}).get("client_id"):
        lines.append(f"  {'':<9} its program: client_id {client_id}, client_secret in the accounts")
    lines += ["", f"  Accounts: {folder.path / 'accounts.json'}   Logs: {folder.logs}", ""]
    return "\n".join(lines)


PLACES: Mapping[str, str] = {
    "consumer": "/",
    "planner": "/planner/",
    "operator": "/operator/",
    "designer": "/ideas/",
    "author": "/author/",
    "partner": "/api/v1/docs/",
    "admin": "/admin/",
}
CREDENTIALS = ("email", "password")


def read_accounts(path: Path) -> dict[str, dict[str, str]]:
    """The accounts ``manage.py seed_demo`` made; empty when it made none."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    return dict(found)
