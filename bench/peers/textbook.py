"""The collector that a careful developer writes from the libraries' own documents: Flask, flask-cors, marshmallow and the
ORM, a session a request, rows looked up each time, one durable commit each. It does what ours does on this path: origin,
validation, duplicate, segment, a question from the site's rules, a durable row before the answer."""

import os
from datetime import UTC, datetime
from typing import Any

from flask import Flask, jsonify, request
from flask_cors import CORS
from marshmallow import Schema, ValidationError, fields, validate
from sqlalchemy import JSON, ForeignKey, UniqueConstraint, create_engine, event, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column

app = Flask(__name__)
CORS(app, origins=[os.environ["PEER_ORIGIN"]])
engine = create_engine(os.environ["PEER_DATABASE"], pool_size=10)

if engine.dialect.name == "sqlite":

    @event.listens_for(engine, "connect")
    def durable(connection: Any, _: object) -> None:
        """As the documents of SQLite advise for a server that must not lose a commit."""
        connection.execute("pragma journal_mode = wal")
        connection.execute("pragma synchronous = full")
        connection.execute("pragma busy_timeout = 5000")


class Base(DeclarativeBase):
    """The parent of all tables."""


class Site(Base):
    """A site with its origins."""

    __tablename__ = "site"
    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    origins: Mapped[list[str]] = mapped_column(JSON)


class Rule(Base):
    """A question for a segment and a category."""

    __tablename__ = "rule"
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"), index=True)
    segment: Mapped[str]
    category: Mapped[str | None]
    question: Mapped[str]


class Feedback(Base):
    """A response."""

    __tablename__ = "feedback"
    __table_args__ = (UniqueConstraint("site_id", "submission_id"),)
    id: Mapped[int] = mapped_column(primary_key=True)
    site_id: Mapped[int] = mapped_column(ForeignKey("site.id"))
    submission_id: Mapped[str]
    score: Mapped[int]
    segment: Mapped[str]
    category: Mapped[str | None]
    comment: Mapped[str]
    page: Mapped[str]
    language: Mapped[str]
    rule_id: Mapped[int | None] = mapped_column(ForeignKey("rule.id"))
    created_at: Mapped[datetime]


class FeedbackSchema(Schema):
    """What a visitor sends."""

    id = fields.UUID(required=True)
    score = fields.Integer(required=True, strict=True, validate=validate.Range(0, 10))
    category = fields.String(load_default=None, validate=validate.Length(max=40))
    comment = fields.String(load_default="", validate=validate.Length(max=4000))
    page = fields.URL(required=True, require_tld=False)
    language = fields.String(load_default="en", validate=validate.Length(max=35))


@app.post("/sites/<key>/responses")
def respond(key: str) -> Any:
    """Stores a response and answers with the question."""
    with Session(engine) as session:
        site = session.scalars(select(Site).where(Site.key == key)).one_or_none()
        if site is None:
            return jsonify(error="unknown site"), 404
        if request.headers.get("Origin") not in site.origins:
            return jsonify(error="origin not allowed"), 403
        try:
            data = FeedbackSchema().load(request.get_json(force=True))
        except ValidationError as error:
            return jsonify(errors=error.messages), 422
        submission = str(data.pop("id"))
        known = select(Feedback).where(Feedback.site_id == site.id, Feedback.submission_id == submission)
        feedback = session.scalars(known).one_or_none()
        if feedback is None:
            score = data["score"]
            segment = "promoter" if score > 8 else "passive" if score > 6 else "detractor"
            rules = session.scalars(select(Rule).where(Rule.site_id == site.id, Rule.segment == segment)).all()
            rule = next((rule for rule in rules if rule.category == data["category"]), rules[0] if rules else None)
            feedback = Feedback(
                site_id=site.id,
                submission_id=submission,
                segment=segment,
                rule_id=rule.id if rule else None,
                created_at=datetime.now(UTC),
                **data,
            )
            session.add(feedback)
            try:
                session.commit()
            except IntegrityError:
                session.rollback()
                feedback = session.scalars(known).one()
        rule = session.get(Rule, feedback.rule_id) if feedback.rule_id else None
        return jsonify(id=submission, question=rule.question if rule else None), 201


Base.metadata.create_all(engine)
with Session(engine) as session:
    site = Site(key="peer", origins=[os.environ["PEER_ORIGIN"]])
    session.add(site)
    session.flush()
    for segment in ("detractor", "passive", "promoter"):
        for category in (None, "usability", "price"):
            session.add(Rule(site_id=site.id, segment=segment, category=category, question=f"{segment}, {category}?"))
    session.commit()
