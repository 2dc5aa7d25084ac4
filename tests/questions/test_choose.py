import tomllib
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collector.questions import INDUSTRIES, LANGUAGES, packs_for
from collector.questions.choose import Choice, Situation, choose
from collector.questions.pack import Pack
from collector.questions.parse import read_pack
from collector.scales import SCALES
from tests.questions.completeness import EXAMPLES

PAGE = "https://example.com/somewhere"


def ask(
    packs: tuple[Pack, ...], score: int = 7, comment: str = "", scale: str = "nps", **more: object
) -> Choice | None:
    known = {"category": None, "category_label": None, "page": PAGE, "site": "Example", "language": "en"} | more
    known.setdefault("submission", UUID(int=1))
    return choose(Situation(scale=SCALES[scale], score=score, comment=comment, **known), packs)


def asked(packs: tuple[Pack, ...], **situation) -> Choice:
    choice = ask(packs, **situation)
    assert choice is not None
    return choice


def trial(name: str, *questions: str, areas: str = "", language: str = "en", first: bool = False) -> Pack:
    blocks = "".join(
        f'[[question]]\nframe = "open"\ntext.en = "Number {number}"\n{body}\n' for number, body in enumerate(questions)
    )
    return read_pack(tomllib.loads(f'name = "{name}"\ntitle = "{name.title()}"\n{areas}\n{blocks}'), language, first)


def text(key: str, condition: str = "") -> str:
    return f'key = "{key}"\nkind = "text"\n{condition}'


AREAS = """
[[area]]
key = "speed"
label = { en = "Speed" }
words = ["slow*"]
[[area]]
key = "price"
label = { en = "Price" }
words = ["expensive"]
[[area]]
key = "look"
label = { en = "Look" }
words = ["ugly"]
"""
THREE = 'key = "q"\nkind = "both"\nareas = ["speed", "price", "look"]'
DETAILED = EXAMPLES["detailed"]
INVOICE = "The invoice printer ladder window"

#: Rising weight: each beats all before it.
LADDER = {
    "anything": "",
    "band": 'band = ["middle"]',
    "score": "score = [7]",
    "page": 'page = ["*/cart*"]',
    "category": 'category = ["bug"]',
    "words": 'words = ["invoice"]',
    "comment": 'comment = ["plain"]',
}


@pytest.mark.parametrize("height", range(1, len(LADDER) + 1))
@pytest.mark.parametrize("turn", [1, -1])
def test_the_more_specific_question_wins_whatever_the_order(height, turn):
    rungs = list(LADDER.items())[:height]
    pack = trial("trial", *(text(key, condition) for key, condition in rungs[::turn]))
    choice = asked((pack,), comment=INVOICE, category="bug", page="https://example.com/cart/2")
    assert choice.question == rungs[-1][0]


def test_a_tie_goes_to_the_pack_of_the_site_and_then_to_the_first_question():
    site, neutral = trial("site", text("a"), text("b")), trial("neutral", text("c"))
    assert asked((site, neutral)).question == "a"
    assert asked((neutral, site)).question == "c"


def test_a_more_specific_neutral_question_goes_before_a_general_one_of_the_site():
    packs = trial("site", text("general")), trial("neutral", text("seven", "score = [7]"))
    assert asked(packs).question == "seven"
    assert asked(packs, score=8).question == "general"


def test_all_conditions_of_a_question_must_hold_together():
    packs = (trial("trial", text("both", 'score = [7]\ncategory = ["bug"]')),)
    assert ask(packs, category="bug") is not None
    assert ask(packs, category="price") is None
    assert ask(packs, category=None) is None
    assert ask(packs, score=8, category="bug") is None


def test_seven_on_another_scale_is_no_passive():
    packs = (trial("trial", text("passive", 'segment = ["passive"]\nscore = [7]')),)
    assert ask(packs) is not None
    assert ask(packs, scale="ces") is None


@pytest.mark.parametrize(
    ("page", "fits"),
    [
        ("https://example.com/shop/cart", True),
        ("https://example.com/cart?step=2#top", True),
        ("/cart", True),
        ("https://example.com/?next=/cart", False),
        ("https://cart.example.com/", False),
        ("https://example.com", False),
        ("", False),
        (None, False),
    ],
)
def test_a_page_pattern_looks_at_the_path_alone(page, fits):
    packs = (trial("trial", text("cart", 'page = ["*/cart*"]')),)
    assert (ask(packs, page=page) is not None) is fits


def test_a_pattern_for_every_page_holds_for_a_bare_address():
    assert ask((trial("trial", text("any", 'page = ["/*"]')),), page="https://example.com") is not None


def test_a_detailed_comment_is_not_asked_what_it_says():
    packs = (trial("trial", text("speed", 'score = [7]\nabout = ["speed"]'), text("rest"), areas=AREAS),)
    assert asked(packs, comment=DETAILED).question == "speed"
    assert asked(packs, comment="It is slow").question == "speed"
    spoken = asked(packs, comment=f"{DETAILED}, and it is slow")
    assert spoken.question == "rest"
    assert "1 question was left out because the comment answers it" in spoken.why


def test_a_question_that_would_have_lost_anyway_is_not_counted_as_left_out():
    packs = (trial("trial", text("speed", 'about = ["speed"]'), text("rest", "score = [7]"), areas=AREAS),)
    assert "left out" not in asked(packs, comment=f"{DETAILED}, and it is slow").why


def test_areas_that_a_detailed_comment_names_are_dropped():
    choice = asked((trial("trial", THREE, areas=AREAS),), comment=f"{DETAILED}, and it is slow")
    assert choice.areas == (("price", "Price"), ("look", "Look"))
    assert "1 area was left out because the comment names it" in choice.why


def test_all_areas_are_shown_again_when_hardly_one_would_be_left():
    choice = asked((trial("trial", THREE, areas=AREAS),), comment=f"{DETAILED}, and it is slow, expensive")
    assert len(choice.areas) == 3
    assert "left out" not in choice.why


def test_a_language_falls_back_to_its_base_and_then_to_english():
    both = 'key = "q"\nkind = "text"\ntext.de = "Deutsch"\ntext.de-AT = "Österreichisch"'
    tongues = ("de-AT", "de-CH", "de", "en-GB", "fr")
    found = {tongue: asked((trial("trial", both, language=tongue),)).language for tongue in tongues}
    assert found == {"de-AT": "de-AT", "de-CH": "de", "de": "de", "en-GB": "en", "fr": "en"}


def test_a_label_without_the_language_is_shown_in_english():
    choice = asked((trial("trial", f'{THREE}\ntext.de = "Was?"', areas=AREAS, language="de"),))
    assert choice.text == "Was?"
    assert choice.areas[0] == ("speed", "Speed")


def test_the_wording_is_filled_with_site_score_and_category_and_read_once():
    question = {"key": "q", "frame": "open", "kind": "text", "text": {"en": "{site}, {score}, {category}"}}
    packs = (read_pack({"name": "trial", "title": "Trial", "question": [question]}, "en"),)
    assert asked(packs, site="{score}", category="price", category_label="Price").text == "{score}, 7, Price"


def test_a_question_is_not_asked_with_a_hole_in_it():
    packs = (trial("trial", text("area", 'score = [7]\ntext.de = "{area}?"'), text("rest"), language="de"),)
    assert asked(packs).question == "rest"
    assert asked(packs, area_label="Preis").text == "Preis?"


def test_why_names_segment_category_depth_page_and_word():
    conditions = (LADDER["category"], LADDER["page"], LADDER["comment"], 'words = ["invoice*"]')
    packs = (trial("trial", text("q", "\n".join(conditions))),)
    why = asked(packs, comment=INVOICE, category="bug", page="https://example.com/cart").why
    assert why.startswith("Score 7 is passive on NPS; the category is bug; the comment names something (4 content ")
    assert "; the page fits */cart*; the comment speaks of “invoice”; " in why
    assert why.endswith("; asked openly, from the pack “Trial”.")


def test_nothing_is_asked_when_no_question_fits():
    assert ask((trial("trial", text("q", "score = [8]")),)) is None
    assert ask(()) is None


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_a_silent_passive_gets_areas_to_tap(industry):
    for score, frame in ((7, "obstacle"), (8, "positive")):
        choice = asked(packs_for(industry, "en"), score=score)
        assert choice.pack == industry
        assert choice.frame == frame
        assert 4 <= len(choice.areas) <= 7


@pytest.mark.parametrize("industry", INDUSTRIES)
def test_a_vague_comment_is_probed_and_a_detailed_one_deepened(industry):
    for score in (7, 8):
        assert asked(packs_for(industry, "en"), score=score, comment="It is ok").frame == "probe"
        assert asked(packs_for(industry, "en"), score=score, comment=DETAILED).frame == "deepen"


@pytest.mark.parametrize("industry", INDUSTRIES)
@pytest.mark.parametrize("depth", EXAMPLES)
def test_seven_and_eight_are_asked_differently(industry, depth):
    texts = {asked(packs_for(industry, "en"), score=score, comment=EXAMPLES[depth]).text for score in (7, 8)}
    assert len(texts) == 2


@pytest.mark.parametrize(
    ("industry", "page", "question"),
    [
        ("saas", "/pricing", "plans-silent-7"),
        ("saas", "/app/settings/team", "settings-silent-7"),
        ("ecommerce", "/checkout/address", "checkout-silent-7"),
        ("ecommerce", "/de/warenkorb", "cart-silent-7"),
        ("ecommerce", "/cartoons", "silent-7"),
        ("documentation", "/en/reference/auth", "reference-silent-7"),
        ("documentation", "/docs/getting-started", "start-silent-7"),
        ("media", "/abo", "subscribe-silent-7"),
        ("media", "/about", "silent-7"),
        ("media", "/podcasts/12", "player-silent-7"),
        ("finance", "/login", "sign-in-silent-7"),
        ("finance", "/schaden/melden", "apply-silent-7"),
        ("healthcare", "/termine/neu", "booking-silent-7"),
        ("healthcare", "/terminal", "silent-7"),
        ("travel", "/zimmer/12", "rooms-silent-7"),
        ("travel", "/booking/pay", "booking-silent-7"),
        ("public-sector", "/forms/12", "form-silent-7"),
        ("public-sector", "/formation", "silent-7"),
        ("public-sector", "/suche", "search-silent-7"),
    ],
)
def test_a_page_that_the_trade_knows_gets_its_own_question(industry, page, question):
    choice = asked(packs_for(industry, "en"), page=f"https://example.com{page}")
    assert (choice.pack, choice.question) == (industry, question)


@pytest.mark.parametrize(
    ("industry", "language", "comment", "question"),
    [
        ("saas", "en", "Connecting our calendar needs an API wrapper", "integration-plain-8"),
        ("saas", "de", "Synchronisation hakt", "integration-vague-8"),
        ("ecommerce", "en", "The parcel took nine days to Leeds", "delivery-plain-8"),
        ("ecommerce", "de", "Lieferung", "delivery-vague-8"),
        ("ecommerce", "en", "Waiting for my refund since March", "refund-plain-8"),
        ("documentation", "en", "Needs a complete example with two tenants", "example-plain-8"),
        ("media", "de", "Zwei Banner verdecken den ganzen Text", "ads-plain-8"),
        ("finance", "en", "Nobody explained the yearly fee beforehand", "fees-plain-8"),
        ("healthcare", "en", "We waited three hours in a corridor", "waiting-plain-8"),
        ("healthcare", "en", "More staff", "staff-vague-8"),
        ("travel", "en", "Street noise until two every night", "noise-plain-8"),
        ("public-sector", "de", "Einen Termin gab es erst im Mai, in Köln", "appointment-plain-8"),
        ("neutral", "en", "The export stopped working on my tablet", "fault-plain-8"),
    ],
)
def test_a_word_that_the_trade_knows_goes_before_the_category(industry, language, comment, question):
    assert asked(packs_for(industry, language), score=8, comment=comment, category="usability").question == question


def test_a_detailed_seven_is_asked_only_what_is_still_open():
    packs = packs_for("neutral", "en")
    plain_fact = DETAILED.replace("Every Monday", "On Mondays")
    assert asked(packs, comment=plain_fact).question == "detailed-often-7"
    assert asked(packs, comment=f"{plain_fact}, always").question == "detailed-since-7"
    assert asked(packs, comment=f"{plain_fact}, always, since the update").question == "detailed-first-7"
    assert asked(packs, comment=f"{plain_fact}, always, since the update; please mend it, it should work").question == (
        "detailed-cost-7"
    )


CATEGORIES = "bug suggestion content usability performance price support question compliment other".split()
VOCABULARY = "the it good slow late refund noise waiting form every since should crash report 日本 für Zoë ’ …".split()


# The first example reads the packs from disk, so no example has a deadline.
@settings(deadline=None)
@given(
    industry=st.sampled_from(sorted(INDUSTRIES)),
    scored=st.sampled_from([(s.name, n) for s in SCALES.values() for n in range(s.lowest, s.highest + 1)]),
    category=st.sampled_from((None, *CATEGORIES, "a category of the team")),
    comment=st.one_of(st.text(), st.lists(st.sampled_from(VOCABULARY), max_size=40).map(" ".join)),
    page=st.one_of(st.none(), st.sampled_from(["/", "/checkout", "/api/x", "/settings"])),
    language=st.sampled_from([*LANGUAGES, "de-AT", "sv"]),
    submission=st.uuids(),
)
def test_whatever_comes_in_there_is_one_question_always_the_same_and_with_a_reason(
    industry, scored, category, comment, page, language, submission
):
    scale, score = scored
    packs = packs_for(industry, language)
    situation = {"scale": scale, "score": score, "category": category, "comment": comment, "page": page}
    situation |= {"language": language, "submission": submission}
    choice = asked(packs, **situation)
    assert 0 < len(choice.text) <= 140
    assert choice.language == {"de-AT": "de", "sv": "en"}.get(language, language)
    assert 0 < choice.probability <= 1 <= choice.variant
    assert len(choice.areas) <= 7
    assert choice.why.endswith(".")
    assert len(choice.why) > 20
    assert (choice.kind == "text") == (choice.areas == ())
    assert choice == asked(packs, **situation)
