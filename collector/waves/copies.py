"""Which responses say word for word what another said: a key of what is compared, and which words are enough to compare."""

from datetime import timedelta

from collector.responses.search import words_of
from collector.signing import secret

#: Different words that a comment has at least. Many people write "ok" or "great product, thank you"; hardly two write
#: the same eight words with the same score about the same page within a day.
LEAST_WORDS = 8
#: How long a response is remembered for this.
REMEMBERED = timedelta(days=1)


def print_of(key: str, survey: int, score: int, category: str | None, page: str | None, comment: str) -> bytes | None:
    """Sixteen bytes that responses share only if they say the same, and that whoever has no `key` cannot guess words by; `None`
    where the comment is too short. Case, marks and the order of words make no difference."""
    words = words_of(comment)
    if words.count(" ") + 1 < LEAST_WORDS:
        return None
    said = (str(survey), str(score), category or "", page or "", words)
    return secret(key.encode(), "copy", *(part.encode() for part in said))
