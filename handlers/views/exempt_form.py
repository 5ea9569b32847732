"""The form in which somebody is exempted: whose seat, until when, why."""

from collections.abc import Mapping
from typing import Any

from handlers.sentences import label, sentence
from handlers.views.blocks import Block, field, mrkdwn, plain, section
from reporting_core.words.cards import Kept

CALLBACK = "exempt_form"
WHO, UNTIL, REASON = "exempt_who", "exempt_until", "exempt_reason"
"""Names of the fields; the first one takes what is wrong with all of them together."""

_QUOTES = str.maketrans(dict.fromkeys('"“”„‟«»″＂\\', "’"))  # noqa: RUF001 - these look-alikes end a quotation


def form() -> Block:
    """Return the form."""
    who: Block = {
        "type": "plain_text_input",
        "action_id": WHO,
        "max_length": 300,
        "placeholder": plain("ann product=Revit"),
    }
    reason: Block = {"type": "plain_text_input", "action_id": REASON, "max_length": 300}
    return _view(
        [
            _required(field(WHO, label("exempt.who"), who, label("exempt.who_hint"))),
            _required(field(UNTIL, label("exempt.last_day"), {"type": "datepicker", "action_id": UNTIL})),
            _required(field(REASON, label("exempt.reason"), reason, label("exempt.reason_hint"))),
        ],
        submit=True,
    )


def made(kept: Kept) -> Block:
    """Return the frame with what was exempted."""
    return _view([section(mrkdwn(sentence("exempt_made", kept=kept)))])


def given(opened: Mapping[str, Any]) -> dict[str, str]:
    """Read a form that was sent, each field on one line; what is not there is empty."""
    values = (opened.get("state") or {}).get("values") or {}
    fields = {name: (values.get(name) or {}).get(name) or {} for name in (WHO, UNTIL, REASON)}
    return {
        name: " ".join(str(one.get("value") or one.get("selected_date") or "").split()) for name, one in fields.items()
    }


def typed(fields: Mapping[str, str]) -> str:
    """Return what somebody would have typed behind `/usage exempt`."""
    return f'{fields[WHO]} until={fields[UNTIL]} reason="{fields[REASON].translate(_QUOTES)}"'


def _required(block: Block) -> Block:
    return block | {"optional": False}


def _view(blocks: list[Block], *, submit: bool = False) -> Block:
    made_: Block = {
        "type": "modal",
        "callback_id": CALLBACK,
        "title": plain(label("exempt.form_title")),
        "close": plain(label("seats.close")),
        "blocks": blocks,
    }
    return made_ | ({"submit": plain(label("exempt.submit"))} if submit else {})
