"""Buttons and forms that the matrix does not try, with the reason: what changes something has tests of its own."""

REASONS = {
    "shows a report, or another part of one, to whoever asks: what somebody may see is decided by the question": (
        "page_first page_previous page_next page_last run_0 rows_direct change usage_form why why_0 why_row form "
        "filter_team filter_product filter_status filter_access filter_range digest_report alert_report_0"
    ),
    "does what typing the command would do, whose rights are looked at; the commands are tried": "command_0",
    "turns a list or a form whose first part is tried": (
        "seats_previous seats_next seats_choice seats_choice_previous seats_choice_next exempt_earlier exempt_later "
        "audit_older schedules_later"
    ),
    "opens a form that is tried where it is drawn for one seat, and where it is sent": "review review_0",
    "opens a form that is tried where it is sent": "schedule",
    "makes a file of what the asker may see; who else may have it: tests/test_handlers_spreadsheets.py": (
        "spreadsheet fetch_0 export_delete_0 exports_newer exports_older"
    ),
    "gives what the audit shows, which is tried, as a file: tests/test_handlers_audit.py": "audit_sheet",
    "posts what the asker may see; who may take it back, who reads along: tests/test_handlers_share.py": (
        "share share_where share_undo"
    ),
    "loads files that were dropped by the same admin: tests/test_handlers_dropped.py": "drop_dmy drop_mdy drop_replace",
    "holds nothing of the account, and is for everybody in the workspace": (
        "help_0 faq_show_0 faq_feedback faq_feedback_0 faq_feedback_1 agent agent_link agent_form"
    ),
    "is for owners by its route alone, whatever it carries: tests/test_handlers_talk.py": (
        "question_settled_0 questions_previous questions_next"
    ),
    "looks for what is wrong with the installation, for owners by its route alone: tests/test_handlers_doctor.py": (
        "doctor_again"
    ),
}
IDS = {id_ for ids in REASONS.values() for id_ in ids.split()}
