"""How things go out to a person. `CHANNELS` is the whole list."""

CHANNELS: dict[str, str] = {
    "widget": "At once, in the form that the visitor still has open.",
    "email": "Later, to an address that the person left or that the site signed.",
    "sms": "Later, to a mobile number that the person left or that the site signed.",
}
