"""Files that anybody may have: compressed once, told apart by a hash of their bytes."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from mimetypes import guess_type

import brotli
from flask import Response as Reply
from flask import make_response, request
from werkzeug.datastructures import Accept

from collector.problems import NotFound

#: Files whose compressed forms a process keeps; with 30 kB for each, some 15 MB.
MOST_KEPT = 512


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's bytes by coding, and a hash of them as they are. The coding of plain bytes is the empty text."""

    forms: dict[str, bytes]
    digest: str


@lru_cache(MOST_KEPT)
def prepare(plain: bytes) -> Asset:
    """Compresses a file as far as it goes, which takes some 20 ms; the same bytes again are not compressed again."""
    packed = {
        "br": brotli.compress(plain, mode=brotli.MODE_TEXT, quality=11),
        "gzip": gzip.compress(plain, 9, mtime=0),
    }
    return Asset({**packed, "": plain}, hashlib.sha256(plain).hexdigest()[:32])


def serve(plain: bytes, media_type: str, cache: str) -> Reply:
    """Answers with a file, 304 where the caller has it, compressed where it may be. `cache` is its Cache-Control."""
    asset = prepare(plain)
    coding = _best(request.accept_encodings)
    reply = make_response(asset.forms[coding])
    reply.headers["Content-Type"] = media_type
    reply.headers["Cache-Control"] = cache
    reply.vary.add("Accept-Encoding")
    if coding:
        reply.headers["Content-Encoding"] = coding
    # Forms of one file are several representations, so their strong tags differ (RFC 9110, section 8.8.3.3).
    reply.set_etag(f"{asset.digest}-{coding}" if coding else asset.digest)
    reply.make_conditional(request)
    return reply


def compress(reply: Reply) -> Reply:
    """Compresses a page that is made for one reader, as they like it: in 1 ms to an eighth. There is no secret in a page that
    its length could tell letter by letter (BREACH): forms are guarded by what the browser says, not by a token."""
    coding = _best(request.accept_encodings)
    if coding:
        plain = reply.get_data()
        reply.set_data(brotli.compress(plain, quality=4) if coding == "br" else gzip.compress(plain, 5, mtime=0))
        reply.headers["Content-Encoding"] = coding
    reply.vary.add("Accept-Encoding")
    return reply


def address(name: str) -> str:
    """The address of a file of our own pages. It changes with the file, so that browsers may keep it."""
    return f"/static/{name}?v={prepare(_own_files()[name]).digest[:12]}"


def own(name: str) -> Reply:
    """Answers with a file of our own pages: for good where the address says which one is meant. Raises `NotFound`."""
    plain = _own_files().get(name)
    if plain is None:
        raise NotFound()
    asked = request.args.get("v")
    kept = asked is not None and asked == prepare(plain).digest[:12]
    media_type = f"{guess_type(name)[0]}; charset=utf-8"
    return serve(plain, media_type, "public, max-age=31536000, immutable" if kept else "no-cache")


@lru_cache(1)
def _own_files() -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in files("collector").joinpath("static", "pages").iterdir()}


def _best(accepted: Accept) -> str:
    """The coding that the caller likes best (RFC 9110, section 12.5.3), and the smallest of those that it likes alike."""
    quality, coding = max(((accepted.quality(coding), coding) for coding in ("br", "gzip")), key=lambda one: one[0])
    return coding if quality > 0 and quality >= accepted.quality("identity") else ""
