"""Every slice's tables, for comparing the schema with the models."""

from collector.accounts import models as accounts
from collector.bounces import models as bounces
from collector.cases import models as cases
from collector.channels import models as channels
from collector.contacts import models as contacts
from collector.db import Base
from collector.followups import models as followups
from collector.inbox import models as inbox
from collector.intake import models as intake
from collector.notices import models as notices
from collector.outbox import models as outbox
from collector.outcomes import models as outcomes
from collector.reaching import models as reaching
from collector.responses import models as responses
from collector.sites import models as sites
from collector.surveys import models as surveys
from collector.waves import models as waves

MODELS = (
    accounts,
    sites,
    surveys,
    responses,
    contacts,
    channels,
    followups,
    cases,
    reaching,
    bounces,
    outcomes,
    notices,
    outbox,
    inbox,
    intake,
    waves,
)

METADATA = Base.metadata
