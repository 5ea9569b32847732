"""Every listener in one table: what it hears, what it needs of the asker, who answers. One outside fails a test."""

import re
from collections.abc import Sequence

from slack_bolt.async_app import AsyncApp

from handlers import (
    agent,
    alerts,
    audit,
    buttons,
    conversation,
    digests,
    doctor,
    dropped,
    exempting,
    filters,
    form,
    heard,
    home,
    notices,
    questions,
    schedule_form,
    schedules,
    seat_cards,
    seat_second,
    seat_tasks,
    seats,
    share,
    spreadsheets,
    talk,
    usage,
    why,
)
from handlers.desk import Desk
from handlers.door import Route, listener
from reporting_core.words.people import Need

ROUTES: Sequence[Route] = (
    Route("command", "/usage", Need.NOTHING, usage.answer),  # each verb declares its own need: handlers.usage.VERBS
    Route("action", re.compile(r"^page_(first|previous|next|last)$"), Need.REPORTS, buttons.turn_page),
    Route("action", re.compile(r"^run_\d$"), Need.REPORTS, talk.run),
    Route("action", re.compile(r"^command_\d$"), Need.REPORTS, usage.run),  # the verb's own need is looked at as well
    Route("action", "rows_direct", Need.REPORTS, buttons.run_directly),
    Route("action", "change", Need.REPORTS, form.change),
    Route("action", "form", Need.REPORTS, form.open_last),
    Route("action", "why", Need.REPORTS, why.choose),
    Route("action", re.compile(r"^why_\d$"), Need.REPORTS, why.run),
    Route("action", "why_row", Need.REPORTS, why.show),
    Route("action", "share", Need.REPORTS, share.open_form),
    Route("action", share.WHERE, Need.REPORTS, share.choose),
    Route("action", "share_undo", Need.REPORTS, share.take_back),
    Route("view", share.CALLBACK, Need.REPORTS, share.post, answers="view"),
    Route("options", "why_row", Need.REPORTS, why.suggest, answers="options"),
    Route("action", re.compile(r"^filter_(team|product|status|access|range)$"), Need.REPORTS, filters.choose),
    Route(
        "options",
        re.compile(r"^filter_(team|product|status|access|range)$"),
        Need.REPORTS,
        filters.suggest,
        answers="options",
    ),
    Route("action", "spreadsheet", Need.REPORTS, spreadsheets.press),
    Route("action", re.compile(r"^fetch_\d$"), Need.REPORTS, spreadsheets.fetch),
    Route("action", re.compile(r"^export_delete_\d$"), Need.REPORTS, spreadsheets.delete),
    Route("action", re.compile(r"^exports_(newer|older)$"), Need.REPORTS, spreadsheets.turn),
    Route("action", re.compile(r"^help_\d$"), Need.NOTHING, buttons.show_help),
    Route("action", re.compile(r"^drop_(dmy|mdy|replace)$"), Need.ADMIN, dropped.load_again),
    Route("action", re.compile(r"^faq_show_\d$"), Need.NOTHING, talk.show_entry),
    Route("action", re.compile(r"^faq_feedback(_[01])?$"), Need.NOTHING, talk.judge),
    Route("action", "agent", Need.NOTHING, agent.press),
    Route("action", "agent_link", Need.NOTHING, agent.followed),
    Route("action", re.compile(r"^question_settled_\d$"), Need.OWNER, questions.settle),
    Route("action", re.compile(r"^questions_(previous|next)$"), Need.OWNER, questions.turn_page),
    Route("action", re.compile(r"^seat_task_(done|declined)$"), Need.ADMIN, seat_tasks.close),
    Route("action", re.compile(r"^review(_\d)?$"), Need.ADMIN, seats.review),
    Route("action", "unassign_row", Need.ADMIN, seats.row),
    Route("action", re.compile(r"^seats_(previous|next)$"), Need.ADMIN, seats.turn_page),
    Route("view", seats.CALLBACK, Need.ADMIN, seats.confirm, answers="view"),
    Route("action", "seats_undo", Need.ADMIN, seat_cards.undo),
    Route("action", "seats_choice", Need.ADMIN, seat_cards.choose),
    Route("action", re.compile(r"^seats_(not_)?settled$"), Need.ADMIN, seat_cards.settle),
    Route("action", "seats_second", Need.ADMIN, seat_second.confirm),
    Route("action", "seats_decline", Need.ADMIN, seat_second.decline),
    Route("action", "seats_stop", Need.ADMIN, home.stop_seats),
    Route("action", "seats_go", Need.OWNER, home.allow_seats),
    Route("action", "exempt_undo", Need.ADMIN, exempting.undo),
    Route("action", re.compile(r"^exempt_end_\d$"), Need.ADMIN, exempting.end),
    Route("action", re.compile(r"^exempt_(earlier|later)$"), Need.ADMIN, exempting.turn),
    Route("action", re.compile(r"^audit_(newer|older)$"), Need.ADMIN, audit.turn),
    Route("action", "audit_sheet", Need.ADMIN, audit.spreadsheet),
    Route("action", "doctor_again", Need.OWNER, doctor.again),
    Route("action", "digest_report", Need.REPORTS, digests.report),
    Route("action", "digest_keep", Need.ADMIN, digests.keep),
    Route("action", re.compile(r"^schedule_(pause|resume|preview|send|edit|end)$"), Need.REPORTS, schedules.press),
    Route("action", "schedule_manage", Need.REPORTS, schedules.manage),
    Route("action", "schedule_take", Need.OWNER, notices.take_over),
    Route("action", re.compile(r"^schedules_(earlier|later)$"), Need.REPORTS, schedules.turn),
    Route("action", "schedule", Need.REPORTS, schedule_form.open_new),
    Route("view", schedule_form.CALLBACK, Need.REPORTS, schedule_form.submit, answers="view"),
    Route("action", re.compile(r"^post_(arrived|again)$"), Need.REPORTS, notices.settle),
    Route("action", re.compile(r"^alert_report_\d$"), Need.REPORTS, digests.report),
    Route("action", re.compile(r"^alert_(on|off)_[a-z_]+$"), Need.OWNER, alerts.press),
    Route("options", re.compile(r"^(team|product)$"), Need.REPORTS, form.suggest, answers="options"),
    Route("view", form.CALLBACK, Need.REPORTS, form.submit, answers="view"),
    Route("view", agent.CALLBACK, Need.NOTHING, agent.submit, answers="view"),
    Route("event", "app_mention", Need.NOTHING, conversation.greet, answers="thread"),
    Route("event", "message", Need.NOTHING, heard.message, answers="thread"),
    Route("event", "app_home_opened", Need.NOTHING, conversation.open_home, answers="home"),
    Route("event", "assistant_thread_started", Need.NOTHING, conversation.open_thread, answers="home"),
    Route("event", "assistant_thread_context_changed", Need.NOTHING, conversation.open_thread, answers="home"),
    Route("event", "user_change", Need.NOTHING, conversation.forget, answers="nobody"),
)


def register(app: AsyncApp, desk: Desk) -> None:
    """Put every listener of the table on the app."""
    for route in ROUTES:
        getattr(app, route.kind)(route.match)(listener(route, desk))
