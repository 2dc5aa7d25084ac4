"""Files that never change while the process runs: compressed once, told apart by a hash of their bytes."""

import gzip
import hashlib
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from flask import Response as Reply
from flask import make_response, request


@dataclass(frozen=True, slots=True)
class Asset:
    """A file's bytes, plain and compressed, with a tag for each form."""

    media_type: str
    plain: bytes
    packed: bytes
    digest: str


def prepare(file: Traversable, media_type: str) -> Asset:
    """Reads and compresses a file once."""
    plain = file.read_bytes()
    packed = gzip.compress(plain, 9, mtime=0)
    return Asset(media_type, plain, packed, hashlib.sha256(plain).hexdigest()[:32])


def serve(asset: Asset, cache: str) -> Reply:
    """Answers with an asset, 304 where the caller has it, compressed where it may be. `cache` is its Cache-Control."""
    packed = request.accept_encodings.quality("gzip") > 0
    reply = make_response(asset.packed if packed else asset.plain)
    reply.headers["Content-Type"] = asset.media_type
    reply.headers["Cache-Control"] = cache
    reply.vary.add("Accept-Encoding")
    if packed:
        reply.headers["Content-Encoding"] = "gzip"
    # Two forms of one file are two representations, so their strong tags differ (RFC 9110, section 8.8.3.3).
    reply.set_etag(f"{asset.digest}{'-gzip' if packed else ''}")
    reply.make_conditional(request)
    return reply
