"""Whether a form was sent from a page of ours. A foreign page may make its visitors' browsers send what it likes; what every
browser says of where it comes from tells such a form apart."""

from urllib.parse import urlsplit


def is_own_form(site: str | None, origin: str | None, host: str, public_url: str | None) -> bool:
    """Judges by the headers Sec-Fetch-Site and Origin as they were sent, `host` as it was asked for, and the address that the
    settings name. Browsers leave the first out where there is no TLS. Programs and text browsers send neither; a foreign page
    has nothing to gain from them."""
    if site is not None:
        return site == "same-origin"
    if origin is None:
        return True
    own = {host} | ({urlsplit(public_url).netloc} if public_url else set())
    return urlsplit(origin).netloc in own
