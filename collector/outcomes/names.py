"""The ways in which showing a form can go on. `OUTCOMES` is the whole list, in the order in which they can follow."""

OUTCOMES: dict[str, str] = {
    "shown": "The form came up by itself, or stood in the page and was seen.",
    "opened": "The visitor opened it.",
    "scored": "A score was sent.",
    "commented": "Words were sent with it.",
    "later": "The visitor asked to be asked later.",
    "never": "The visitor asked not to be asked again.",
    "dismissed": "The form came up by itself and was closed without an answer.",
    "offered": "A follow-up question was shown.",
    "answered": "The follow-up was answered.",
}
