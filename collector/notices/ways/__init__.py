"""What is posted to each kind of incoming webhook. `BODIES` is the whole list; e-mail is a letter and not among them."""

from collections.abc import Callable

from collector.notices.notice import Notice
from collector.notices.ways.mattermost import mattermost
from collector.notices.ways.slack import slack
from collector.notices.ways.teams import teams
from collector.notices.ways.webhook import webhook

BODIES: dict[str, Callable[[Notice], dict[str, object]]] = {
    "slack": slack,
    "teams": teams,
    "mattermost": mattermost,
    "webhook": webhook,
}
