"""The roles in words."""

#: What each role is for, from the most to the least.
MEANING = {
    "owner": "Everything: people, keys, deletion, how long data are kept.",
    "editor": "Sites, surveys and questions, and all that an analyst may.",
    "analyst": "Cases, tags, notes, saved views and exports.",
    "viewer": "Reads, and changes nothing.",
}
