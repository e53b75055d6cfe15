"""The demo's accounts: one for each kind of person, passwords made once and kept in a file."""

import json
import os
import secrets
from collections.abc import Mapping
from pathlib import Path

from django.db import transaction
from oauth2_provider.generators import generate_client_id, generate_client_secret

from cosmo.accounts.models import ApiClient, Membership, Organisation, User
from cosmo.accounts.roles import Role

Account = dict[str, str]
PEOPLE: Mapping[str, Role | None] = {
    "consumer": None,
    "planner": Role.PLANNER,
    "operator": Role.OPERATOR,
    "designer": Role.DESIGNER,
    "author": Role.AUTHOR,
    "admin": Role.ADMINISTRATOR,
}
PARTNER_SLUG = "sandbox-partner"


def make_accounts(*, file: Path, factory: Organisation) -> dict[str, Account]:
    """Make the accounts that are not there yet; known ones keep their passwords.

    Args:
        file: Readable by its owner alone; the only place the passwords stand in clear.
    """
    known: dict[str, Account] = json.loads(file.read_text("utf-8")) if file.exists() else {}
    with transaction.atomic():
        accounts = {
            name: _person(name, role, factory, known.get(name)) for name, role in PEOPLE.items()
        }
        accounts["partner"] = _partner(known.get("partner"))
        if accounts != known:
            _write(file, accounts)
    return accounts


def _person(name: str, role: Role | None, factory: Organisation, known: Account | None) -> Account:
    email = f"{name}@cosmo.example"
    user = User.objects.filter(email=email).first()
    if user is not None and known is not None:
        return known
    password = secrets.token_urlsafe(12)
    if user is None:
        user = User.objects.create_user(email=email)
    user.set_password(password)
    if role == Role.ADMINISTRATOR:
        user.is_staff = user.is_superuser = True
    user.save()
    if role is not None:
        Membership.objects.get_or_create(user=user, organisation=factory, role=role)
    return {"email": email, "password": password}


def _partner(known: Account | None) -> Account:
    """A sandbox organisation with a program (client credentials) and a person."""
    organisation, _ = Organisation.objects.get_or_create(
        slug=PARTNER_SLUG, defaults={"name": "Sandbox partner", "is_sandbox": True}
    )
    client = ApiClient.objects.filter(organisation=organisation).first()
    if client is not None and known is not None:
        return known
    client_id, client_secret = generate_client_id(), generate_client_secret()
    client = client or ApiClient(organisation=organisation)
    client.name = "Sandbox program"
    client.client_id, client.client_secret = client_id, client_secret  # hashed when saved
    client.client_type = ApiClient.CLIENT_CONFIDENTIAL
    client.authorization_grant_type = ApiClient.GRANT_CLIENT_CREDENTIALS
    client.save()
    email = "partner@cosmo.example"
    user = User.objects.filter(email=email).first() or User.objects.create_user(email=email)
    password = secrets.token_urlsafe(12)
    user.set_password(password)
    user.save()
    Membership.objects.get_or_create(user=user, organisation=organisation, role=Role.PARTNER)
    return {
        "email": email,
        "password": password,
        "client_id": client_id,
        "client_secret": client_secret,
    }


def _write(file: Path, accounts: Mapping[str, Account]) -> None:
    draft = file.with_name(f"{file.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text(json.dumps(accounts, indent=2) + "\n", encoding="utf-8")
    draft.replace(file)
