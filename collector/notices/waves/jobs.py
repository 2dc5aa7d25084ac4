"""What the worker does about letters that tell of a wave. One whose sender stops in between is sent again, under
the same name, as notices are: of an alarm, twice is better than never."""

from collections.abc import Mapping
from datetime import datetime

from collector.accounts.queries import colleagues
from collector.db import Database
from collector.notices.access.jobs import hand_over
from collector.notices.access.letters import wave_found
from collector.notices.jobs import NotTold
from collector.reaching.outward import Outward
from collector.waves.queries import wave_numbered
from collector.web.guards import Role


def send_wave(database: Database, outward: Outward, payload: Mapping[str, object], now: datetime) -> datetime | None:
    """Tells one owner or editor of a wave that nobody has judged meanwhile. Raises `NotTold` when the mail server did not take
    it yet."""
    team, number, member = (int(str(payload[name])) for name in ("team", "wave", "member"))
    with database.reading() as tx:
        wave = wave_numbered(tx, team, number)
        found = [one.email for one in colleagues(tx, team) if one.id == member and one.role >= Role.editor]
    if wave is not None and wave.verdict is None and found:
        letter = wave_found(wave, f"{outward.root}/waves/{number}")
        about = b"wave" + number.to_bytes(8) + member.to_bytes(8)
        if hand_over(outward, letter, found[0], about).state == "deferred":
            raise NotTold
    return None
