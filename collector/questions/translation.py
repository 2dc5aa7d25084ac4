"""A pack in another language: its labels, words and texts, laid over the English ones by key."""

from collections.abc import Mapping
from typing import Any


def translated(data: Mapping[str, Any], language: str, words: Mapping[str, Any]) -> dict[str, Any]:
    """The pack `data`, which has English, with `words` as its `language`: the tables `label` and `words` by area or list of
    words, `text` by question. What is not there stays English."""
    labels, lists, texts = words.get("label", {}), words.get("words", {}), words.get("text", {})

    def with_words(raw: Mapping[str, Any], key: str) -> Mapping[str, Any]:
        return {**raw, language: lists[key]} if key in lists else raw

    return {
        **data,
        "words": {key: with_words(raw, key) for key, raw in data.get("words", {}).items()},
        "area": [
            {
                **area,
                "label": {**area["label"], **({language: labels[area["key"]]} if area["key"] in labels else {})},
                "words": with_words(area.get("words", {}), area["key"]),
            }
            for area in data["area"]
        ],
        "question": [
            {
                **question,
                "text": {
                    **question["text"],
                    **({language: texts[question["key"]]} if question["key"] in texts else {}),
                },
            }
            for question in data["question"]
        ],
    }
