"""A-53: whoever tells us to stop is understood, in their words; whoever answers is not taken to have said so."""

import pytest

from collector.channels.sms.stop_words import says_stop


@pytest.mark.parametrize(
    "reply",
    [
        *("STOP", "stop", " Stop. ", "STOP!!!", "Stop stop stop", "stopall", "STOP ALL", "Please stop", "stop it now please"),
        *("UNSUBSCRIBE", "unsubscribe me", "Cancel", "END", "quit", "Revoke", "OptOut", "opt out", "opt-out please"),
        *("please stop texting", "Stop texting me!", "pls STOP messaging this number", "quit sending me texts"),
        *("Could you stop contacting me", "stop these messages", "No more texts please", "do not text me again"),
        *("Don't contact me", "don’t message me anymore", "never write to me again", "remove me from your list"),
        *("take me off this list", "leave me alone", "I want to unsubscribe", "ＳＴＯＰ"),
        *("stopp", "Bitte abmelden", "keine Nachrichten mehr", "Keine SMS mehr bitte!", "Hören Sie auf"),
        *("hör auf mir zu schreiben", "Schreiben Sie mir nicht mehr", "bitte keine weiteren SMS"),
        *("Lassen Sie mich in Ruhe", "Melden Sie mich ab"),
        *("arrêt", "ARRET", "Arrêtez !", "arrêtez de m'envoyer des SMS", "ne m’envoyez plus de messages", "désabonnez-moi"),
        *("plus de SMS svp", "stop s'il vous plaît", "laissez-moi tranquille"),
        *("baja", "BAJA por favor", "parar", "No me escriban más", "no más mensajes", "dejen de enviarme mensajes"),
        *("quiero darme de baja", "¡Basta!"),
        *("lopeta", "Lopettakaa viestit", "älkää lähettäkö viestejä", "Ei enää viestejä kiitos", "peruuta", "poista minut"),
    ],
)  # fmt: skip
def test_a53_a_stop_is_understood_in_any_reasonable_form(reply: str):
    assert says_stop(reply)


@pytest.mark.parametrize(
    "reply",
    [
        "",
        "non-stop flights were great",
        "The bus stop is too far away",
        "Don't stop making these!",
        "I never want it to end",
        "stop selling out of oat milk",
        "Stop asking for cookies on every page",
        "The end of the line was unfriendly",
        "We had to cancel our trip",
        "nothing could stop me",
        "It took the support a week to text back",
        "Your messages were friendly",
        "No message came when the parcel was late",
        "Hören Sie auf Ihre Kunden",
        "Keine Nachricht über die Lieferung bekommen",
        "Die Haltestelle war weit weg",
        "plus de messages clairs",
        "Plus de choix en magasin",
        "No me enviaron el recibo",
        "La calidad es baja",
        "Precio alto",
        "Viestiä ei tullut",
        "Ei mitään",
        "2",
        "yes",
        "START",
    ],
)
def test_an_answer_is_not_taken_for_a_stop(reply: str):
    assert not says_stop(reply)
