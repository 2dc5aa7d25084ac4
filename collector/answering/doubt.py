"""Whether an answer that came over a message's link is a person's, or may be that of a program which looks through mail."""

from datetime import datetime, timedelta

from collector.channels.delivery import Handed
from collector.followups.uncounted import Why

#: Programs that look through mail open its links, and some press buttons, within seconds of delivery.
TOO_QUICK = timedelta(seconds=60)
#: For how long after it gave itself away a program is thought to be still at it. Who answers meanwhile presses once more.
AT_IT = timedelta(hours=1)


def doubt(confirms: bool | None, handed: Handed | None, now: datetime) -> Why | None:
    """Why an answer waits to be confirmed; `None` when it counts at once. `confirms` is what `read_nonce` says of its form: a
    form that confirms is believed, one that nobody was shown is not."""
    if confirms:
        return None
    if confirms is None:
        return "unshown"
    if handed is not None and handed.scanned_at is not None and now < handed.scanned_at + AT_IT:
        return "scanned"
    return "quick" if handed is not None and now < handed.at + TOO_QUICK else None
