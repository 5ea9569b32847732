"""What a `rich_text` block may hold: sections, lists, quotes, preformatted text and the marks inside them."""

from __future__ import annotations

from bot.playground.schema import Check, anything, boolean, integer, items, mapping, one_of, string, tagged

_STYLE = mapping({"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean})
_MENTION_STYLE = mapping(
    dict.fromkeys(("bold", "italic", "strike", "underline", "highlight", "client_highlight", "unlink"), boolean)
)


def _mark(keys: dict[str, Check], *needed: str, style: Check = _STYLE) -> Check:
    return mapping({"type": anything, "style": style, **keys}, ("type", *needed))


MARKS = tagged(
    {
        "text": _mark({"text": string()}, "text"),
        "link": _mark({"url": string(3000), "text": string(), "unsafe": boolean}, "url"),
        "user": _mark({"user_id": string(255)}, "user_id", style=_MENTION_STYLE),
        "usergroup": _mark({"usergroup_id": string(255)}, "usergroup_id", style=_MENTION_STYLE),
        "channel": _mark({"channel_id": string(255)}, "channel_id", style=_MENTION_STYLE),
        "emoji": _mark({"name": string(), "unicode": string(), "skin_tone": integer(1, 6)}, "name"),
        "broadcast": _mark({"range": one_of("here", "channel", "everyone")}, "range"),
        "color": _mark({"value": string(7, 4, r"#[0-9a-fA-F]+")}, "value"),
        "date": _mark(
            {"timestamp": integer(0), "format": string(), "url": string(3000), "fallback": string()},
            "timestamp",
            "format",
        ),
    }
)
_BORDER = integer(0, 1)
SECTION = mapping({"type": one_of("rich_text_section"), "elements": items(MARKS, 0)}, ("type", "elements"))
_LIST = mapping(
    {
        "type": anything,
        "style": one_of("bullet", "ordered"),
        "elements": items(SECTION),
        "indent": integer(0, 8),
        "offset": integer(0),
        "border": _BORDER,
    },
    ("type", "style", "elements"),
)


def _bordered(**more: Check) -> Check:
    return mapping({"type": anything, "elements": items(MARKS), "border": _BORDER, **more}, ("type", "elements"))


RICH_TEXT = mapping(
    {
        "type": one_of("rich_text"),
        "block_id": string(255),
        "elements": items(
            tagged(
                {
                    "rich_text_section": SECTION,
                    "rich_text_list": _LIST,
                    "rich_text_quote": _bordered(),
                    "rich_text_preformatted": _bordered(language=string(50)),
                }
            )
        ),
    },
    ("type", "elements"),
)
