"""The table of challenges that were answered."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from collector.db import Base, Digest


class SpentProofRow(Base):
    """A challenge whose answer let a submission in. It lets in no second one, on whichever node; after its end it would be
    refused anyway, and the row is deleted."""

    __tablename__ = "spent_proof"

    fingerprint: Mapped[bytes] = mapped_column(Digest, primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
