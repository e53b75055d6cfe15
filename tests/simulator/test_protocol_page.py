"""The page for engineers says what is true: examples follow the schemas, shell lines work."""

import json
import re
import shutil
import subprocess
from pathlib import Path

import jsonschema
import pytest

from tests.simulator.calling import Caller
from tests.simulator.fake_platform import KEY, SCHEMAS, FakePlatform
from tests.simulator.orders import job_id, job_order

PAGE = (Path(__file__).parents[2] / "docs" / "line-protocol.md").read_text("utf-8")
EXAMPLES = [json.loads(text) for text in re.findall(r"```json\n(.*?)```", PAGE, re.DOTALL)]
LINE_SCHEMAS = [
    "hello",
    "joback",
    "jobcommand",
    "joborder",
    "jobrecord",
    "jobresponse",
    "status",
    "welcome",
]


def check(name: str, document: object) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(schema).validate(document)


def test_the_examples_follow_the_schemas() -> None:
    welcome, status, order, event = EXAMPLES
    hello = json.loads(re.findall(r"line/v1/hello '(\{.*?\})'", PAGE)[0])

    check("welcome", welcome)
    check("status", status)
    check("joborder", order)
    check("jobresponse", event["data"])
    check("hello", hello)
    assert set(EXAMPLES[3]) - {"chainid"} == {
        *("specversion", "type", "id", "source", "subject", "time", "datacontenttype", "data")
    }


@pytest.mark.parametrize("name", LINE_SCHEMAS)
def test_a_schema_is_one_and_is_named_on_the_page(name: str) -> None:
    schema = json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))

    jsonschema.Draft202012Validator.check_schema(schema)
    assert schema["$id"] == f"urn:cosmo:schema:line:v1:{name}"
    assert schema["additionalProperties"] is False
    assert f"{name}.schema.json" in PAGE


@pytest.mark.parametrize(
    "change",
    [
        {"state": "Running", "sub_state": "Held"},
        {"state": "Interrupted", "sub_state": "Held", "reason": None},
        {"state": "Aborted", "reason": None},
        {"state": "Ended", "sub_state": "Waiting"},
        {"queue_position": 1},
        {"operation": None},
        {"seq": 0},
        {"state": "Paused"},
        {"inspection": {"result": "maybe", "findings": []}},
        {"plant_time": "2026-03-03 06:20"},
    ],
)
def test_a_report_that_contradicts_itself_does_not_follow_its_schema(
    change: dict[str, object],
) -> None:
    check("jobresponse", EXAMPLES[3]["data"])

    with pytest.raises(jsonschema.ValidationError):
        check("jobresponse", {**EXAMPLES[3]["data"], **change})


@pytest.mark.skipif(
    not all(map(shutil.which, ("bash", "curl", "openssl", "od", "base64", "sha256sum"))),
    reason="needs bash, curl, openssl and coreutils",
)
def test_the_shell_lines_of_the_page_work(platform: FakePlatform, caller: Caller) -> None:
    sign = re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)[0]
    lines = re.sub(r"^KEY=.*$", f"KEY={KEY} URL={platform.url}", sign, flags=re.MULTILINE)
    caller.order(job_order(start=10_000_000))
    command = re.findall(r"^signed POST \$ADDRESS/joborders/.*$", PAGE, re.MULTILINE)[0]
    script = (
        f"set -eu\n{lines}\nADDRESS={str(caller.client.base_url).rstrip('/')} JOB={job_id(1)}\n"
        f"{command}\necho\nsigned GET $ADDRESS/made\necho\n"
    )
    ran = subprocess.run(
        ["bash", "-c", script], capture_output=True, text=True, check=True, timeout=30
    )
    hold, made = map(json.loads, ran.stdout.splitlines())

    assert (hold["verb"], hold["result"]) == ("hold", "done")
    assert made["made_twice"] == []
