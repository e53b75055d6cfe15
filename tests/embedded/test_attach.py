"""Attach, else start; the last to leave stops; whatever is killed, nothing is left behind."""

import os
import signal
import stat
from pathlib import Path

import psycopg2
import pytest

from cosmo.embedded.addresses import Addresses, read_addresses
from cosmo.embedded.attach import attach
from cosmo.embedded.errors import EmbeddedError
from cosmo.embedded.folders import DataFolder
from cosmo.embedded.locks import exclusive, is_held_by_another
from tests.embedded.conftest import Guest, has_ended, wait_until


def addresses_of(folder: DataFolder) -> Addresses:
    found = read_addresses(folder.addresses)
    assert found is not None
    return found


def ask(url: str, question: str) -> object:
    connection = psycopg2.connect(url)
    connection.autocommit = True
    try:
        with connection.cursor() as cursor:
            cursor.execute(question)
            return cursor.fetchone()[0] if cursor.description else None
    finally:
        connection.close()


def all_ended(addresses: Addresses) -> bool:
    return all(has_ended(pid) for pid in (addresses.keeper, addresses.postgres, addresses.valkey))


def test_second_program_finds_the_servers_and_the_last_to_leave_stops_them(folder, guests):
    first = attach(folder)
    guests.append(Guest(folder))
    assert guests[0].database_url() == first.addresses.database_url

    assert first.leave() is False
    assert ask(first.addresses.database_url, "SELECT 1") == 1
    assert guests[0].leave() == 0
    assert all_ended(first.addresses)
    assert not is_held_by_another(folder.keeper_lock)


def test_data_and_ports_are_kept_from_one_time_to_the_next(folder):
    first = attach(folder)
    ask(first.addresses.database_url, "CREATE TABLE kept (is_here boolean)")
    assert first.leave() is True

    second = attach(folder)
    assert ask(second.addresses.database_url, "SELECT count(*) FROM kept") == 0
    assert second.addresses.database_url == first.addresses.database_url
    assert second.addresses.valkey_url == first.addresses.valkey_url
    second.leave()


def test_two_programs_that_start_at_once_share_one_pair_of_servers(folder, guests):
    guests += [Guest(folder), Guest(folder), Guest(folder)]
    assert len({guest.database_url() for guest in guests}) == 1


def test_a_data_folder_with_a_path_too_long_for_a_socket_works(folder):
    deep = DataFolder(folder.path / ("d" * 60) / ("e" * 60) / "data with spaces")
    attachment = attach(deep)
    assert ask(attachment.addresses.database_url, "SELECT 1") == 1
    attachment.leave()


def test_permissions_of_folders_that_were_there_stay_as_they_were(folder):
    folder.path.mkdir()
    folder.path.chmod(0o751)
    before = {p: stat.S_IMODE(p.stat().st_mode) for p in (folder.path, *folder.path.parents)}
    attach(folder).leave()
    after = {p: stat.S_IMODE(p.stat().st_mode) for p in before}
    assert after == before


def test_secrets_are_readable_by_the_owner_alone(folder):
    attachment = attach(folder)
    attachment.leave()
    for path in (folder.addresses, folder.servers_inside / "passwords.json"):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")
def test_as_root_a_folder_that_was_closed_above_the_data_is_said(folder):
    attach(folder).leave()
    folder.path.parent.chmod(0o700)
    with pytest.raises(EmbeddedError, match="servers_closed_off"):
        attach(folder)


def test_a_lost_password_file_is_said_with_what_to_do(folder):
    attach(folder).leave()
    (folder.servers_inside / "passwords.json").unlink()
    with pytest.raises(EmbeddedError, match="password_lost"):
        attach(folder)
    assert not is_held_by_another(folder.keeper_lock)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")
def test_as_root_the_servers_run_as_an_own_user_in_a_folder_made_for_them(folder):
    attachment = attach(folder)
    users = {
        Path(f"/proc/{pid}").stat().st_uid
        for pid in (attachment.addresses.postgres, attachment.addresses.valkey)
    }
    assert users == {60_706}
    assert (folder.servers_inside / "postgres").stat().st_uid == 60_706
    assert folder.path.stat().st_uid == 0
    attachment.leave()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root changes to another user")
def test_as_root_a_closed_data_folder_stays_closed_and_the_servers_lie_elsewhere(folder):
    closed = folder.path.parent / "closed"
    closed.mkdir()
    closed.chmod(0o700)
    inside = DataFolder(closed / "data")
    attachment = attach(inside, is_throwaway=True)
    try:
        assert ask(attachment.addresses.database_url, "SELECT 1") == 1
        outside = inside.servers_outside
        assert (outside / "postgres").is_dir()
        assert stat.S_IMODE(closed.stat().st_mode) == 0o700
    finally:
        attachment.leave()
    assert not outside.exists()


def test_a_postmaster_pid_that_now_belongs_to_another_program_does_not_block_the_start(folder):
    first = attach(folder)
    first.leave()
    stale = folder.servers_inside / "postgres" / "postmaster.pid"
    stale.write_text(f"{os.getpid()}\n")
    os.chown(stale, *(lambda s: (s.st_uid, s.st_gid))(stale.parent.stat()))

    second = attach(folder)
    assert ask(second.addresses.database_url, "SELECT 1") == 1
    second.leave()


def test_an_exclusive_lock_that_stays_taken_is_reported_with_its_path(tmp_path):
    path = tmp_path / "taken.lock"
    with (
        exclusive(path, timeout_s=1),
        pytest.raises(EmbeddedError, match=r"taken\.lock") as caught,
        exclusive(path, timeout_s=0.05),
    ):
        pytest.fail("the lock was given twice")
    assert caught.value.code == "embedded_locked"


@pytest.mark.fault
def test_a_user_killed_with_9_leaves_nothing_running(folder, guests):
    guests.append(Guest(folder))
    assert guests[0].database_url()
    addresses = addresses_of(folder)
    guests[0].kill()
    assert all_ended(addresses)


@pytest.mark.fault
def test_servers_end_with_a_killed_keeper_and_the_next_program_starts_them_again(folder):
    first = attach(folder)
    before = first.addresses
    ask(before.database_url, "CREATE TABLE kept (is_here boolean)")
    os.kill(before.keeper, signal.SIGKILL)
    assert all_ended(before)
    assert not first.is_served()

    first.renew()
    assert first.is_served()
    assert first.addresses.database_url == before.database_url
    assert ask(first.addresses.database_url, "SELECT count(*) FROM kept") == 0
    first.leave()


@pytest.mark.fault
@pytest.mark.parametrize("server", ["postgres", "valkey"])
def test_a_killed_server_is_started_again_on_its_port(folder, server):
    attachment = attach(folder)
    before = attachment.addresses
    os.kill(getattr(before, server), signal.SIGKILL)
    assert has_ended(getattr(before, server))

    wait_until(lambda: addresses_of(folder) != before)
    now = addresses_of(folder)
    assert getattr(now, server) != getattr(before, server)
    assert now.database_url == before.database_url
    assert now.valkey_url == before.valkey_url
    assert ask(now.database_url, "SELECT 1") == 1
    attachment.leave()
