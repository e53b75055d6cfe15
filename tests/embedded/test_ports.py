import socket

from cosmo.embedded.ports import free_port, is_free


def test_a_busy_port_is_replaced_by_a_free_one():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        busy = taken.getsockname()[1]
        found = free_port(busy)
        assert found != busy
        assert is_free(found)


def test_a_free_port_is_kept():
    wanted = free_port()
    assert free_port(wanted) == wanted
