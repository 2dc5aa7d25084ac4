"""FastAPI with asyncpg: pydantic validates, a pool in each process, one durable commit each. Served by uvicorn with two
processes; PostgreSQL is found through its own variables (PGHOST, PGUSER, PGDATABASE).

The site and its rules are kept in memory, as ours are: a peer that looks them up for each request would be slower."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

import asyncpg
from fastapi import FastAPI, Header, HTTPException, Response
from pydantic import AnyHttpUrl, BaseModel, ConfigDict, Field

ORIGIN = f"http://127.0.0.1:{os.environ['PEER_PORT']}"
RULES = {
    segment: {category: f"{segment}, {category}?" for category in (None, "usability", "price")}
    for segment in ("detractor", "passive", "promoter")
}
SITES = {"peer": (1, {ORIGIN}, RULES)}
TABLE = """
    create table if not exists feedback (
      id bigint generated always as identity primary key, site_id integer not null, submission_id uuid not null,
      score integer not null, segment text not null, category text, comment text not null, page text not null,
      language text not null, question text, created_at timestamptz not null, unique (site_id, submission_id))"""
INSERT = """
    insert into feedback (site_id, submission_id, score, segment, category, comment, page, language, question, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing returning id"""
EARLIER = "select question from feedback where site_id = $1 and submission_id = $2"


class Feedback(BaseModel):
    """What a visitor sends."""

    model_config = ConfigDict(extra="forbid")
    id: UUID
    score: Annotated[int, Field(ge=0, le=10, strict=True)]
    category: Annotated[str, Field(max_length=40)] | None = None
    comment: Annotated[str, Field(max_length=4000)] = ""
    page: AnyHttpUrl
    language: Annotated[str, Field(max_length=35)] = "en"


class Receipt(BaseModel):
    """What is answered."""

    id: UUID
    question: str | None


@asynccontextmanager
async def lifespan(app: FastAPI) -> AsyncIterator[None]:
    """The pool, and the table."""
    async with asyncpg.create_pool(min_size=8, max_size=8) as pool:
        async with pool.acquire() as connection, connection.transaction():
            # Two processes start at once, and "if not exists" alone does not keep them apart.
            await connection.execute("select pg_advisory_xact_lock(1)")
            await connection.execute(TABLE)
        app.state.pool = pool
        yield


app = FastAPI(lifespan=lifespan)


@app.post("/sites/{key}/responses", status_code=201)
async def respond(key: str, feedback: Feedback, reply: Response, origin: Annotated[str, Header()] = "") -> Receipt:
    """Stores a response and answers with the question."""
    if key not in SITES:
        raise HTTPException(404, "unknown site")
    site, origins, rules = SITES[key]
    if origin not in origins:
        raise HTTPException(403, "origin not allowed")
    segment = "promoter" if feedback.score > 8 else "passive" if feedback.score > 6 else "detractor"
    question = rules[segment].get(feedback.category, rules[segment][None])
    row = (
        *(site, feedback.id, feedback.score, segment, feedback.category, feedback.comment, str(feedback.page)),
        *(feedback.language, question, datetime.now(UTC)),
    )
    async with app.state.pool.acquire() as connection:
        if await connection.fetchval(INSERT, *row) is None:
            question = await connection.fetchval(EARLIER, site, feedback.id)
    reply.headers["Access-Control-Allow-Origin"] = origin
    reply.headers["Vary"] = "Origin"
    return Receipt(id=feedback.id, question=question)
