"""One message with each kind of block and element, and strings that try to be more than text."""

from __future__ import annotations

from typing import Any

HOSTILE = "<!channel> <script>alert('x')</script> \"quoted\" & <https://evil.example|click>"
UNIX = 1_764_000_000


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "mrkdwn", "text": text}


def option(text: str, value: str) -> dict[str, Any]:
    return {"text": plain(text), "value": value}


def button(text: str, action: str, **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": plain(text), "action_id": action, **more}


def raw(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


def number(value: float, text: str) -> dict[str, Any]:
    return {"type": "raw_number", "value": value, "text": text}


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [*elements]}]}


def chart(kind: str, title: str) -> dict[str, Any]:
    days = ["Mon", "Tue", "Wed"]
    if kind == "pie":
        segments = [{"label": "Active", "value": 60}, {"label": "Inactive", "value": 20}]
        return {"type": "data_visualization", "title": title, "chart": {"type": "pie", "segments": segments}}
    series = [
        {"name": name, "data": [{"label": day, "value": start + i} for i, day in enumerate(days)]}
        for name, start in (("Revit", 10), ("AutoCAD", 1200))
    ]
    axis = {"categories": days, "x_label": "Day", "y_label": "People"}
    body = {"type": kind, "series": series, "axis_config": axis}
    return {"type": "data_visualization", "title": title, "chart": body}


HEAD = [raw(text) for text in ("Person", "Product", "Days used", "Last accessed")]
PEOPLE = [("Ben", "Revit", 2, "2026-11-20"), ("Chloé", "AutoCAD", 12, "2026-11-24"), (HOSTILE, "Civil 3D", 0, "–")]
ROWS = [[raw(who), raw(what), number(days, str(days)), raw(last)] for who, what, days, last in PEOPLE]

DATA_TABLE = {"type": "data_table", "caption": "Riskiest first", "page_size": 2, "rows": [HEAD, *ROWS]}
TABLE = {
    "type": "table",
    "column_settings": [{"is_wrapped": True}, {"align": "center"}],
    "rows": [
        [raw("Name"), raw("Note")],
        [rich({"type": "text", "text": "Ann", "style": {"bold": True}}), raw(HOSTILE)],
    ],
}

SHOWN: list[dict[str, Any]] = [
    {"type": "header", "text": plain("Design · last 30 days")},
    {"type": "context", "elements": [mrkdwn("Data through *2026-11-24*"), mrkdwn("`team=Design`")]},
    {
        "type": "section",
        "text": mrkdwn(f"Tiles at <!date^{UNIX}^{{date_num}}|then>"),
        "fields": [mrkdwn("Assigned\n*100*"), mrkdwn("Active\n*60*"), plain(HOSTILE)],
    },
    {"type": "divider"},
    {
        "type": "rich_text",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [{"type": "text", "text": HOSTILE}, {"type": "user", "user_id": "U0DESIGN"}],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "first of all"}]}],
            },
        ],
    },
    {"type": "markdown", "text": "## Notes\n- **bold** and `code`\n\n<b>no markup</b>"},
    DATA_TABLE,
]
CHARTS = [chart("line", "Line of use"), chart("bar", "Bars of use")]
MORE_CHARTS = [chart("area", "Area of use"), chart("pie", "Shares of use"), TABLE]

ELEMENTS: list[dict[str, Any]] = [
    {
        "type": "actions",
        "block_id": "row",
        "elements": [
            button("Next page", "next", value="2", style="primary"),
            button(
                "Share",
                "share",
                style="danger",
                confirm={
                    "title": plain("Share it?"),
                    "text": plain("All see it."),
                    "confirm": plain("Share"),
                    "deny": plain("No"),
                },
            ),
            {
                "type": "static_select",
                "action_id": "team",
                "placeholder": plain("Team"),
                "option_groups": [
                    {"label": plain("Mine"), "options": [option("Design", "d"), option("Design West", "dw")]},
                    {"label": plain("Others"), "options": [option("Field", "f")]},
                ],
            },
            {"type": "users_select", "action_id": "who", "placeholder": plain("Person")},
            {"type": "datepicker", "action_id": "from", "initial_date": "2026-11-01"},
            {"type": "overflow", "action_id": "more", "options": [option("Help", "help"), option("Settings", "set")]},
        ],
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "feedback",
                "positive_button": {"text": plain("Helpful"), "value": "1"},
                "negative_button": {"text": plain("Not helpful"), "value": "0"},
            }
        ],
    },
]


def field(block_id: str, label: str, element: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "type": "input",
        "block_id": block_id,
        "label": plain(label),
        "element": {"action_id": "v", **element},
        **more,
    }


MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "ask",
    "title": plain("Usage report"),
    "submit": plain("Show"),
    "close": plain("Cancel"),
    "blocks": [
        field("team", "Team", {"type": "static_select", "options": [option("Design", "d"), option("Field", "f")]}),
        field("person", "Person", {"type": "plain_text_input", "min_length": 2}, hint=plain("Name or e-mail")),
        field("top", "Top", {"type": "number_input", "is_decimal_allowed": False, "max_value": "50"}, optional=True),
        field(
            "range",
            "Range",
            {
                "type": "radio_buttons",
                "options": [option("30 days", "30d"), option("1 year", "1y")],
                "initial_option": option("30 days", "30d"),
            },
        ),
        field(
            "status",
            "Status",
            {"type": "multi_static_select", "options": [option("Active", "a"), option("Inactive", "i")]},
            optional=True,
        ),
    ],
}
