"""Asking the running programs, over HTTP as anybody would."""

import json
import urllib.error
import urllib.request

PATIENCE_S = 5.0


def is_alive(url: str) -> bool:
    return _status(f"{url}/healthz")[0] == 200


def what_is_missing(url: str) -> list[str]:
    """The parts that ``/readyz`` has not seen yet; empty when all is ready."""
    code, body = _status(f"{url}/readyz")
    if code == 200:
        return []
    try:
        checks = json.loads(body)["checks"]
    except (ValueError, KeyError, TypeError):
        return ["web"]
    return [name for name, is_there in checks.items() if not is_there]


def _status(url: str) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:  # noqa: S310 - our own
            return answer.status, answer.read()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, error.read()
    except OSError:
        return 0, b""
