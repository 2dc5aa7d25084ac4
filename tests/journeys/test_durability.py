"""What was acknowledged survives: a short run of every part of `bench/durability`, each control included."""

import sys
from pathlib import Path

import pytest

from bench.durability.check import Found
from bench.durability.full import fill_disk, small_disk
from bench.durability.kill import kill
from bench.durability.powercut import UNSYNCED, cut_power
from bench.durability.restarts import restart
from bench.durability.server import Server
from tests.servers.postgres import Postgres

linux = pytest.mark.skipif(sys.platform != "linux", reason="what reaches the disk is watched by LD_PRELOAD")


def kept(found: Found) -> bool:
    """Whether something was promised and every promise was kept."""
    assert (found.lost, found.doubled, found.wrong) == (set(), set(), [])
    return found.acknowledged > 0


def test_what_was_acknowledged_survives_kills(tmp_path: Path, database_url: str):
    assert kept(kill(tmp_path, {"LUKEWARM_DATABASE_URL": database_url}, 2, what="kill"))


def test_a_collector_that_answers_before_it_stores_is_noticed(tmp_path: Path):
    assert kill(tmp_path, {}, 5, what="early", until_lost=True).lost


@linux
def test_what_was_acknowledged_survives_power_cuts(tmp_path: Path):
    assert kept(cut_power(tmp_path, 2, what="cut"))


@linux
def test_a_database_that_never_syncs_is_noticed(tmp_path: Path):
    assert not cut_power(tmp_path, 5, what="unsynced", program=UNSYNCED, until_lost=True).clean


def test_a_full_disk_refuses_and_recovers(tmp_path: Path):
    try:
        with small_disk(tmp_path, 16) as disk:
            found = fill_disk(disk, Server(disk / "data", tmp_path / "log"), 2, what="full")
    except PermissionError as error:
        pytest.skip(str(error))
    assert kept(found)


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
def test_what_was_acknowledged_survives_restarts_of_the_database(tmp_path: Path, postgres: Postgres, database_url: str):
    assert kept(restart(tmp_path, postgres, {"LUKEWARM_DATABASE_URL": database_url}, 3, what="restart"))
