"""Whether a reply tells us to stop, in whatever reasonable words (47 CFR 64.1200(a)(10)).

The rule: small talk at both ends is passed over ("please", "bitte", "now"). What remains says stop when it is one of the
carriers' words and nothing else, or when it begins with an order to stop writing ("stop texting", "ne m'envoyez plus",
"älkää lähettäkö"). Such words inside a sentence of another kind ("non-stop flights were great") are an answer. In doubt an
order is believed: who is taken to have said stop misses a question, who is not believed is molested."""

import re
import unicodedata

_SPLIT = re.compile(r"[\W_]+")

#: Passed over before and after what is meant.
_SMALL_TALK = frozenset(
    """
    please pls plz kindly now just ok okay hi hello hey thanks thank you sir madam can could would will i me want wish would
    like to must it this that already immediately asap
    bitte danke jetzt sofort mal ich mochte will hallo sie das damit
    s il vous te plait svp stp merci maintenant je veux voudrais bonjour cela ca tout de suite
    por favor gracias ahora quiero hola esto ya inmediatamente
    kiitos kiitti nyt heti hei haluan tama voisitko voitteko ole hyva olkaa
    """.split()
)

#: Said alone, these mean stop. Twilio and the carriers stop at the English ones by themselves.
_ALONE = frozenset(
    """
    stop stopp stopall unsubscribe cancel end quit revoke optout remove
    abmelden abbestellen aufhoren austragen abmeldung
    arret arreter arretez stopper stoppez desabonner desabonnement desinscrire desinscription
    baja alto parar pare paren basta cancelar
    lopeta lopettakaa lopetus peruuta perukaa poista
    """.split()
)

_WRITING = (
    "text(?:s|ing)?|sms|message?s?|messaging|contact(?:ing)?|writ(?:e|ing)|send(?:ing)?|spam(?:ming)?|mail(?:s|ing)?|"
    "email(?:s|ing)?|bother(?:ing)?|harass(?:ing)?|"
    "nachricht(?:en)?|schreib(?:en|t|e)?|schick(?:en|t|e)?|send(?:en|et|e)|text(?:en|e|et)|"
    "ecri(?:re|vez|s)|envo(?:yer|yez|ie|ies|i|is)|textos?|contacte[rz]|"
    "mensajes?|escrib(?:ir|as|an|a)|envi(?:ar|es|en|e)|mand(?:ar|es|en|e)|contact(?:ar|en|es|e)|"
    "viest(?:i|ia|it|eja|ien)|tekstiviest(?:i|ia|it|eja|ien)|lahet(?:a|tako|telya|taa)|kirjoit(?:a|tako|taminen)|"
    "lahettaminen|lahettely"
)
#: Up to three small words may stand between the order and what it is about.
_BETWEEN = r"(?: \w{1,9}){0,3}"
_ORDERS = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:stop|quit|cease)(?: all| any| these| those| with| me| your| the| sending| to)* (?:{_WRITING})\b",
        r"stop all$",
        r"stop asking(?: me| us| questions)*$",
        rf"(?:do not|don t|dont|never)(?: ever)? (?:{_WRITING})(?:$| .*\b(?:me|us|again|anymore|more|this number)\b)",
        rf"no(?: more| further) (?:{_WRITING})\b",
        r"(?:unsubscribe|remove|delete|opt) (?:me|us|out|my number|this number|number)\b",
        r"(?:take|get) (?:me|us|my number|this number) off\b",
        r"opt(?: me)? out\b",
        r"leave (?:me|us) (?:alone|in peace)\b",
        rf"(?:hor|horen|hort)(?: sie)?(?: bitte)? auf(?:$|{_BETWEEN} (?:{_WRITING}|nerven|storen)$)",
        rf"(?:keine?|nie|nicht)(?: weiteren?| mehr| wieder)+ (?:{_WRITING})\b",
        rf"keine? (?:{_WRITING})(?: mehr\b|$)",
        rf"(?:{_WRITING})(?: sie)?(?: bitte)? (?:mir|uns) (?:bitte )?(?:nicht|nichts|nie|keine?)\b",
        r"(?:lass|lasst|lassen)(?: sie)? (?:mich|uns)(?: bitte)? in (?:ruhe|frieden)\b",
        r"(?:melden?|tragen?|nehm(?:t|en))(?: sie)? (?:mich|uns|meine nummer)(?: bitte)? (?:ab|aus|von|raus|runter)\b",
        rf"(?:arrete[rz]?|cesse[rz]?|stoppe[rz]?)(?: de| d)?(?: m| me| nous| ces| les| vos| ecrire| envoyer)* (?:{_WRITING})\b",
        rf"ne (?:m|me|nous) (?:{_WRITING}) (?:plus|pas|rien|jamais)\b",
        rf"plus (?:de|aucun|d) (?:{_WRITING})$",
        r"(?:laisse[rz]?)(?: moi| nous) (?:tranquilles?|en paix)\b",
        r"(?:desabonne[rz]?|desinscri(?:vez|re|s)|retire[rz]?)(?: moi| nous)\b",
        rf"(?:dej(?:e|en|a|ad)|par(?:e|en|a|ad)) de (?:{_WRITING})(?:me|nos)?\b",
        rf"no (?:me|nos) (?:{_WRITING})\b",
        rf"(?:no mas|ningun|basta de) (?:{_WRITING})\b",
        r"(?:dar|denme|deme|dame|darme|dadme)(?: me)?(?: de)? baja\b",
        rf"(?:lopeta|lopettakaa|lopettaisitko)(?: naiden| nama| minulle)* (?:{_WRITING})\b",
        rf"(?:ala|alkaa)(?: enaa| minulle| koskaan)* (?:{_WRITING})\b",
        rf"ei enaa(?: minulle| yhtaan)* (?:{_WRITING})\b",
        r"(?:poista|poistakaa)(?: minut| numeroni| numero)\b",
    )
)


def says_stop(reply: str) -> bool:
    """Whether this reply, as a person wrote it, tells us to write no more."""
    words = _words(reply)
    while words and words[0] in _SMALL_TALK:
        words.pop(0)
    while words and words[-1] in _SMALL_TALK:
        words.pop()
    if words and set(words) <= _ALONE:
        return True
    said = " ".join(words)
    return any(order.match(said) for order in _ORDERS)


def _words(text: str) -> list[str]:
    """The words in small letters without accents: "Arrêt !" and "ARRET" are one."""
    parted = unicodedata.normalize("NFKD", text.casefold())
    plain = "".join(sign for sign in parted if not unicodedata.combining(sign))
    return _SPLIT.sub(" ", plain).split()
