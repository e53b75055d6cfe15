"""Ports on 127.0.0.1: the wanted one when it is free, else one that is."""

import socket
import time

LOOPBACK = "127.0.0.1"


def is_free(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, port))
        except OSError:
            return False
    return True


def free_port(wanted: int = 0, *, patience_s: float = 0.0) -> int:
    """``wanted`` when nobody listens there, else any free port. PostgreSQL refuses port 0.

    ``patience_s``: how long a killed predecessor may take to let go of ``wanted``.
    """
    end = time.monotonic() + patience_s
    while wanted:
        if is_free(wanted):
            return wanted
        if time.monotonic() > end:
            break
        time.sleep(0.05)
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
