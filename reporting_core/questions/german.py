"""German questions, word by word in English: enough for the usual ones, in whatever order German puts the words."""

from collections.abc import Callable, Mapping, Sequence

from reporting_core.questions.slips import Slips
from reporting_core.questions.tokens import Word

_ENGLISH: Mapping[str, str] = {
    "wer": "who", "wen": "who", "wem": "who", "welche": "which", "welcher": "which", "welches": "which",
    "welchen": "which", "was": "what", "personen": "people", "person": "person", "leute": "people", "benutzer": "users",
    "nutzer": "users", "anwender": "users", "mitarbeiter": "employees", "jemand": "anyone", "alle": "all",
    "aller": "all", "alles": "everything", "hat": "has", "haben": "have", "habe": "have", "hatte": "had", "ist": "is",
    "sind": "are", "war": "was", "waren": "were", "wurde": "was", "wurden": "were", "bin": "am", "der": "", "die": "",
    "das": "", "den": "", "dem": "", "des": "", "ein": "a", "eine": "a", "einer": "a", "einem": "a", "einen": "a",
    "es": "it", "sie": "it", "gibt": "is", "uns": "us", "unser": "our", "unsere": "our", "unseren": "our", "ich": "i",
    "mein": "my", "meine": "my", "meiner": "my", "im": "in", "in": "in", "am": "on", "an": "on", "auf": "on",
    "bei": "in", "beim": "in", "von": "of", "vom": "of", "fur": "for", "mit": "with", "zu": "for", "seit": "since",
    "wahrend": "during", "uber": "over", "ab": "since", "zwischen": "between", "und": "and", "oder": "or", "bis": "to",
    "nicht": "not", "nie": "never", "niemals": "never", "noch": "still", "kein": "no", "keine": "no", "keinen": "no",
    "ohne": "without", "ausser": "except", "auser": "except", "letzten": "last", "letzte": "last", "letzter": "last",
    "letztes": "last", "letztem": "last", "vergangenen": "last", "vergangene": "last", "vergangenes": "last",
    "vorigen": "last", "voriges": "last", "diesen": "this", "diesem": "this", "dieser": "this", "dieses": "this",
    "diese": "this", "gestern": "yesterday", "heute": "today", "vorgestern": "unread", "tage": "days",
    "tagen": "days", "tag": "day", "woche": "week", "wochen": "weeks", "monat": "month", "monate": "months",
    "monaten": "months", "monats": "month", "jahr": "year", "jahre": "years", "jahren": "years", "jahres": "year",
    "quartal": "quarter", "quartals": "quarter", "januar": "january", "februar": "february", "marz": "march",
    "maerz": "march", "mai": "may", "juni": "june", "juli": "july", "oktober": "october", "dezember": "december",
    "ende": "unread", "anfang": "beginning", "zwei": "two", "drei": "three", "vier": "four", "funf": "five",
    "sechs": "six", "sieben": "seven", "acht": "eight", "neun": "nine", "zehn": "ten", "zwolf": "twelve",
    "dreissig": "thirty", "sechzig": "sixty", "neunzig": "ninety", "warum": "why", "weshalb": "why", "wieso": "why",
    "wie": "how", "viele": "many", "viel": "much", "oft": "often", "wann": "when", "zeig": "show",
    "zeige": "show", "liste": "list", "nenne": "list", "bericht": "report", "nutzung": "usage", "verbrauch": "usage",
    "weder": "neither", "anzahl": "number", "verbinden": "contact", "exporte": "exports", "importiere": "import",
    "exportiere": "export", "exportieren": "export", "exportier": "export", "tabelle": "spreadsheet",
    "aktiv": "active", "aktive": "active", "aktiven": "active", "aktiver": "active", "inaktiv": "inactive",
    "inaktive": "inactive", "inaktiven": "inactive", "inaktiver": "inactive", "ungenutzt": "unused",
    "ungenutzte": "unused", "ungenutzten": "unused", "unbenutzt": "unused", "unbenutzte": "unused",
    "genutzt": "used", "benutzt": "used", "verwendet": "used", "geoffnet": "opened", "gestartet": "started",
    "gebraucht": "used", "nutzt": "uses", "nutzen": "uses", "verwenden": "uses", "benutzen": "uses",
    "verbraucht": "used", "zuletzt": "last used", "platz": "seat", "platze": "seats", "platzen": "seats",
    "sitz": "seat",
    "lizenz": "licence", "lizenzen": "licences", "zugewiesen": "assigned", "zugewiesene": "assigned",
    "zugewiesenen": "assigned", "ubrig": "left", "verfugbar": "available", "frei": "free", "freie": "free",
    "gruppe": "group", "gruppen": "groups", "produkt": "product", "produkte": "products", "team": "team",
    "teams": "teams",
    "bitte": "please", "kannst": "please", "konntest": "please", "du": "", "als": "as", "zeigen": "show",
    "hallo": "hello", "danke": "thanks", "guten": "hello", "morgen": "unread",
    "meisten": "most", "wenigsten": "least", "durch": "through", "token": "tokens", "tokens": "tokens", "flex": "flex",
    "sag": "tell", "sage": "tell", "schick": "send", "nenn": "list",
    "niemand": "nobody", "niemanden": "nobody", "keiner": "nobody", "keines": "no", "keinem": "no", "nichts": "nothing",
    # What must never be read as a report.
    "bedeutet": "mean", "heisst": "mean", "heist": "mean", "zahlt": "counts", "gezahlt": "counted",
    "berechnet": "calculated", "kann": "can", "konnen": "can", "darf": "may", "soll": "should", "sollen": "should",
    "muss": "must", "mussen": "must", "wird": "will", "werden": "will", "entziehe": "unassign",
    "entziehen": "unassign", "entferne": "remove", "entfernen": "remove", "losche": "delete", "loschen": "delete",
    "nimm": "take", "weise": "assign", "sperre": "block", "gib": "give", "schicke": "send", "sende": "send",
    "erinnere": "remind", "andere": "change", "andern": "change", "kundige": "cancel", "storniere": "cancel",
    "bestelle": "order", "kaufe": "buy", "wetter": "weather", "funktioniert": "mean", "kostet": "cost",
    "kosten": "cost", "unterschied": "difference",
    "streich": "cut", "streiche": "cut", "wirf": "kick", "schmeiss": "kick", "hol": "take",
    "zieh": "take", "raume": "clean up", "verschiebe": "move", "ersetze": "replace", "tausche": "swap",
    "informiere": "inform", "frag": "ask", "frage": "ask", "mach": "make", "verlangere": "extend",
    "entzogen": "removed", "entfernt": "removed",
}  # fmt: skip
_PAIRS: Mapping[tuple[str, str], tuple[str, ...]] = {
    ("still", "not"): ("not", "yet"),
    ("still", "never"): ("never",),
    ("which", "for"): ("which",),
    **{(verb, "mir"): (verb, "me") for verb in ("show", "give", "tell", "send")},
}
_BESIDE = frozenset({"in", "of", "for", "with"})
"""Behind these “mir” says whose; anywhere else it only says to whom something is shown."""
_GERMAN_ONLY = frozenset(
    {
        "wer", "wen", "welche", "welcher", "welches", "welchen", "hat", "haben", "ist", "sind", "nicht", "nie", "noch",
        "der", "die", "das", "den", "dem", "und", "oder", "von", "fur", "seit", "im", "zeig", "zeige", "liste", "warum",
        "weshalb", "wieso", "wie", "viele", "viel", "letzten", "letzte", "letztes", "personen", "leute", "inaktiv",
        "inaktive", "inaktiven", "aktive", "aktiven", "exportiere", "exportier", "exportieren", "entziehe", "entferne",
        "losche", "nimm", "gestern", "heute", "zwischen", "bedeutet", "bitte", "wurde", "wurden", "nutzung", "gib",
        "schicke", "guten", "hallo", "danke", "ausser"
    }
)  # fmt: skip
_ENGLISH_ONLY = frozenset(
    {
        "who", "the", "is", "are", "how", "which", "what", "why", "show", "not", "has", "have", "hasnt", "last", "of",
        "and", "for", "with", "use", "used"
    }
)  # fmt: skip

_slips = Slips(_ENGLISH)


def in_english(words: Sequence[Word], known: Callable[[str], bool]) -> list[Word]:
    """Return a German question with its words in English, and any other text as it is."""
    said = {word.key for word in words}
    if len(_GERMAN_ONLY & said) <= len(_ENGLISH_ONLY & said):
        return list(words)
    return _joined([each for word in words for each in _translated(word, known)])


def _translated(word: Word, known: Callable[[str], bool]) -> list[Word]:
    key = word.key
    if key not in _ENGLISH and not known(key):
        near = {_ENGLISH[each] for each in _slips.near(key)}
        return [Word(each) for each in near.pop().split()] if len(near) == 1 else [word]
    return [Word(each) for each in _ENGLISH[key].split()] if key in _ENGLISH else [word]


def _joined(words: list[Word]) -> list[Word]:
    """Put right what German says the other way round: “noch nicht” is “not yet”."""
    found: list[Word] = []
    for word in words:
        pair = (found[-1].key, word.key) if found else ("", "")
        if pair in _PAIRS:
            found[-1:] = [Word(each) for each in _PAIRS[pair]]
        elif word.key != "mir" or pair[0] in _BESIDE:
            found.append(word)
    return found
