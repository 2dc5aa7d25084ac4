"""A rule as somebody filled it in: read into what is wanted, or a sentence for each field that is not right."""

from collections.abc import Mapping
from dataclasses import dataclass

from collector.ids import number_in
from collector.notices.rule import GATHERS, MOST_RULES, NAME_LONGEST, PAGE_LONGEST, WAYS, Wanted
from collector.outbound.address import Network, read_address
from collector.scales import SEGMENTS

#: What may be said about words, as the form says it.
COMMENTED: dict[str, bool | None] = {"": None, "yes": True, "no": False}


@dataclass(frozen=True, slots=True)
class Known:
    """What a form may name: sites by key with number and name, labels of categories by key, names of members by number;
    whether mails can be sent, which private networks may be reached, and whether the team may have one more rule."""

    sites: Mapping[str, tuple[int, str]]
    categories: Mapping[str, str]
    members: Mapping[int, str]
    mail: bool
    networks: tuple[Network, ...]
    has_room: bool = True


def read_form(
    given: Mapping[str, str], known: Known, before: Wanted | None = None
) -> tuple[Wanted | None, dict[str, str]]:
    """What the fields in `given` mean, and a sentence for each that is not right, by its name. `before` is the rule that is
    changed: its address is never told to a browser, so that an empty field keeps it."""
    reading = _Reading(given, known)
    way = reading.one_of("way", WAYS) or ""
    wanted = Wanted(
        name=reading.name(before is not None or known.has_room),
        way=way,
        site=known.sites.get(reading.one_of("site", known.sites) or "", (None, ""))[0],
        segment=reading.one_of("segment", SEGMENTS),
        category=reading.one_of("category", known.categories),
        page=reading.page(),
        commented=COMMENTED[reading.one_of("commented", COMMENTED) or ""],
        member=reading.member() if way == "email" else None,
        address=reading.address(before.address if before and before.way == way else None)
        if way not in ("email", "")
        else None,
        gather=int(reading.one_of("gather", [str(minutes) for minutes in GATHERS]) or 15),
        words="words" in given,
    )
    return (None if reading.faults else wanted), reading.faults


def filled(wanted: Wanted, known: Known) -> dict[str, str]:
    """The fields as they stand for a rule; its address is not among them."""
    given = {
        "name": wanted.name,
        "way": wanted.way,
        "site": next((key for key, (number, _) in known.sites.items() if number == wanted.site), ""),
        "segment": wanted.segment or "",
        "category": wanted.category or "",
        "page": wanted.page or "",
        "commented": next(text for text, meant in COMMENTED.items() if meant == wanted.commented),
        "member": str(wanted.member or ""),
        "gather": str(wanted.gather),
    }
    return given | ({"words": "on"} if wanted.words else {})


class _Reading:
    """The fields, and what was found wrong so far."""

    def __init__(self, given: Mapping[str, str], known: Known) -> None:
        self._given = given
        self._known = known
        self.faults: dict[str, str] = {}

    def one_of(self, field: str, choices: Mapping[str, object] | list[str] | tuple[str, ...]) -> str | None:
        text = self._given.get(field, "")
        if text in choices or (text == "" and field not in ("way", "gather")):
            return text or None
        self.faults[field] = "Choose one of these."
        return None

    def name(self, has_room: bool) -> str:
        name = " ".join(self._given.get("name", "").split())
        if not 1 <= len(name) <= NAME_LONGEST or not name.isprintable():
            self.faults["name"] = f"Give the rule a name of at most {NAME_LONGEST} letters."
        if not has_room:
            self.faults["name"] = f"A team has at most {MOST_RULES} rules. Change or remove one."
        return name

    def page(self) -> str | None:
        page = self._given.get("page", "").strip()
        if page and (
            page[0] not in "/*" or set(page) & set("?#[]") or len(page) > PAGE_LONGEST or not page.isprintable()
        ):
            self.faults["page"] = "Write the path alone, such as /checkout*: without https://, the host, ? and #."
        return page or None

    def member(self) -> int | None:
        if not self._known.mail:
            self.faults["way"] = "No mail server is set up here. Ask whoever runs this installation."
        number = number_in(self._given.get("member", ""))
        if number not in self._known.members:
            self.faults["member"] = "Choose who is told."
        return number

    def address(self, before: str | None) -> str | None:
        text = self._given.get("address", "").strip()
        if before and not text:
            return before
        try:
            read_address(text, self._known.networks)
        except ValueError as fault:
            self.faults["address"] = str(fault)
        return text
