"""What is shown when a question cannot be answered: what is wrong, where, and what to type or press next."""

from collections.abc import Sequence

from handlers.sentences import label, sentence
from handlers.views import buttons
from handlers.views.blocks import Block, Message, actions, bullets, plain, preformatted, rich, said, section, words
from handlers.views.wording import harmless, shown
from reporting_core import grammar
from reporting_core.words.errors import AskAgain, BadQuery, NotAllowed, StoreBusy


def bad_query(error: BadQuery) -> Message:
    """Point at the place, name the nearest, and offer the corrected command as a button."""
    near = _untold(error)
    text = sentence("bad_query", error=error, near=near)
    pointed = [rich(preformatted(grammar.render_error(error)))] if error.text else []
    corrected = error.corrected if error.corrected and buttons.fits(error.corrected) else None
    offers = [_offer(corrected)] if corrected else []
    blocks = [_sentence(error.message), *pointed, *_nearest(near), _way_on(offers)]
    return _message(text, blocks)


def _offer(corrected: str) -> Block:
    """A correction may begin with a verb, such as subscribe: then it is no question."""
    is_report = grammar.command(corrected).verb == grammar.REPORT
    return buttons.run_named(0, corrected) if is_report else buttons.command(0, corrected)


def ask_again(error: AskAgain) -> Message:
    """Say what the asker can mend, with what runs as buttons and what is only a name as words."""
    runs = [each for each in error.suggestions[:3] if "=" in each and buttons.fits(each)]
    near = [] if runs else _nearest(error.suggestions)
    offers = [buttons.run_named(index, each) for index, each in enumerate(runs)]
    told = error.message.replace("`", "")  # shown as it is, so what sets commands apart elsewhere would be read
    return _message(harmless(told, 1_000), [_sentence(told), *near, _way_on(offers)])


def store_busy(error: StoreBusy) -> Message:
    """Say that nothing was changed and that the same question can be asked again."""
    return _message(sentence("store_busy", error=error), [section(plain(sentence("store_busy", error=error)))])


def not_allowed(error: NotAllowed, contact: str) -> Message:
    """Say why, and whom to ask."""
    # The core's own reasons name whom to ask already.
    contact = "" if any(each in error.message.casefold() for each in _ASKS) else contact
    text = sentence("not_allowed", error=error, contact=contact)
    said_why = [words(said(f"⛔ {shown(error.message, 1_000)}"))]
    whom = [words(said(sentence("whom_to_ask", contact=shown(contact, 200))))] if contact else []
    return _message(text, [rich(*said_why, *whom)])


_ASKS = ("ask ", "fragen sie", "bitten sie")


def apology(incident: str, contact: str) -> Message:
    """Apologise with the number under which the incident stands in the log."""
    text = sentence("apology", incident=incident, contact=contact)
    return _message(text, [section(plain(text))])


def not_yet(verb: str) -> Message:
    """Say that a verb of a later version is not there yet, and what is."""
    text = sentence("not_yet", verb=verb)
    return _message(text, [section(plain(sentence("not_yet_plain", verb=shown(verb)))), _way_on([])])


def _untold(error: BadQuery) -> Sequence[str]:
    """Return the nearest three, unless the sentence or the corrected command names them already."""
    near = error.suggestions[:3]
    told = f"{error.message} {error.corrected or ''}"
    return () if all(each in told for each in near) else near


def _nearest(suggestions: Sequence[str]) -> list[Block]:
    near = [shown(each, 200) for each in suggestions]
    if not near:
        return []
    heading = words(said(label("faults.near_one" if len(near) == 1 else "faults.near_some")))
    return [rich(heading, bullets([words(said(each, code=True)) for each in near]))]


def _way_on(offers: Sequence[Block]) -> Block:
    return actions("way_on", [*offers, buttons.form(), buttons.help_about(0)])


def _sentence(message: str) -> Block:
    return section(plain(shown(message, 1_000)))


def _message(text: str, blocks: Sequence[Block]) -> Message:
    return Message(text, tuple(blocks), Message(text))
