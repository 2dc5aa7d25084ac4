"""The files that operators of many nodes begin with: they can be read, and name only settings and addresses that exist.

Helm is not asked: its templates here hold nothing but values, which are put in as Helm would. HAProxy's settings are run by
tests/journeys/test_nodes.py, the partitions by test_partitions.py."""

import configparser
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from flask import Flask

from collector.config import documented

SCALE = Path(__file__).parents[2] / "docs" / "scale"
TEMPLATES = sorted((SCALE / "chart" / "templates").glob("*.yaml"))


def known_variables() -> set[str]:
    """Every variable that the program reads."""
    return {name + end for name, _, _, secret in documented() for end in ("", "_FILE") if secret or not end}


def rendered(template: str, values: dict[str, Any]) -> str:
    """The template with its values. Raises `KeyError` for one that is not there."""

    def value(found: re.Match[str]) -> str:
        asked: Any = {"Values": values, "Release": {"Name": "one"}}
        for part in found[2].strip(".").split("."):
            asked = asked[part]
        return json.dumps(asked) if found[1] else str(asked)

    whole = re.sub(r"\{\{ (toJson )?(\.[\w.]+) \}\}", value, template)
    assert "{{" not in whole
    return whole


@pytest.fixture(scope="module")
def chart() -> list[dict[str, Any]]:
    values = yaml.safe_load((SCALE / "chart" / "values.yaml").read_text())
    return [part for file in TEMPLATES for part in yaml.safe_load_all(rendered(file.read_text(), values))]


def containers(chart: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """The containers of every deployment."""
    for part in chart:
        if part["kind"] == "Deployment":
            yield from part["spec"]["template"]["spec"]["containers"]


def test_the_chart_deploys_collectors_and_workers_and_leads_to_the_collectors(chart):
    by_kind = sorted(part["kind"] for part in chart)
    assert by_kind == ["Deployment", "Deployment", "Service"]
    deployments = {part["metadata"]["name"]: part["spec"] for part in chart if part["kind"] == "Deployment"}
    for deployment in deployments.values():
        assert deployment["selector"]["matchLabels"] == deployment["template"]["metadata"]["labels"]
    (service,) = [part["spec"] for part in chart if part["kind"] == "Service"]
    assert service["selector"] == deployments["one-collector"]["selector"]["matchLabels"]
    (container,) = deployments["one-collector"]["template"]["spec"]["containers"]
    assert service["ports"][0]["targetPort"] in {port["name"] for port in container["ports"]}


def test_containers_have_known_settings_secrets_from_the_cluster_and_bounds(chart):
    found = list(containers(chart))
    assert [container["args"] for container in found] == [["lukewarm", "serve"], ["lukewarm", "work"]]
    secrets = {name for name, _, _, secret in documented() if secret}
    for container in found:
        for entry in container["env"]:
            assert entry["name"] in known_variables()
            assert ("valueFrom" in entry) == (entry["name"] in secrets)
            assert isinstance(entry.get("value", ""), str)
        assert container["resources"]["limits"]["memory"]
        assert container["securityContext"]["readOnlyRootFilesystem"] is True


def test_probes_ask_what_the_collector_answers(chart, app: Flask):
    (collector,) = [container for container in containers(chart) if "ports" in container]
    client = app.test_client()
    for probe in ("livenessProbe", "readinessProbe"):
        assert client.get(collector[probe]["httpGet"]["path"]).status_code == 200


def test_the_compose_file_names_what_is_there():
    compose = yaml.safe_load((SCALE / "compose.yaml").read_text())
    services = compose["services"]
    assert {"collector-0", "collector-1", "worker", "postgres", "pgbouncer", "redis", "haproxy"} == set(services)
    for service in services.values():
        for name in service.get("environment", {}):
            assert not name.startswith("LUKEWARM_") or name in known_variables()
        assert set(service.get("secrets", [])) <= set(compose["secrets"])
        assert set(service.get("depends_on", [])) <= set(services)
        build = service.get("build", {})
        if "context" in build:
            assert ((SCALE / build["context"]).resolve() / build["dockerfile"]).exists()
    proxy = (SCALE / "haproxy.cfg").read_text()
    assert re.findall(r"^  server \S+ (\S+):8000", proxy, re.MULTILINE) == ["collector-0", "collector-1"]


def test_the_image_is_made_of_what_is_in_the_checkout_and_runs_as_nobody_special():
    root = SCALE.parents[1]
    lines = (SCALE / "Dockerfile").read_text().splitlines()
    for line in lines:
        if line.startswith("COPY ") and "--from" not in line:
            for source in line.split()[1:-1]:
                assert (root / source).exists(), source
        if line.startswith("ENV ") or line.startswith("    LUKEWARM_"):
            for name in re.findall(r"LUKEWARM_\w+", line):
                assert name in known_variables()
    assert lines.index("USER 10001") < lines.index('CMD ["lukewarm", "serve"]')


def test_pgbouncer_pools_transactions():
    settings = configparser.ConfigParser(inline_comment_prefixes=())
    settings.read_string((SCALE / "pgbouncer.ini").read_text())
    assert settings["pgbouncer"]["pool_mode"] == "transaction"
    assert "lukewarm" in settings["databases"]
