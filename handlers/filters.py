"""Choices in the selects under a report. A value is never trusted: only what the asker may name can be chosen."""

from handlers import form, reports
from handlers.desk import Visit
from handlers.sentences import sentence
from handlers.views import filters
from reporting_core.words.errors import AskAgain
from reporting_core.words.query import UsageQuery


async def choose(visit: Visit) -> None:
    """Show the report with one filter chosen anew, and every other one as it is."""
    standing = await reports.shown(visit)
    if standing is None:
        raise AskAgain(sentence("filters_gone"))
    name, value = _chosen(visit)
    if name == filters.RANGE and value == filters.CUSTOM:
        place = visit.reply
        dates = filters.shown_dates(str(visit.body["actions"][0].get("block_id") or ""))
        await form.pick_dates(visit, standing.query, dates)
        # The form may be cancelled: the select must not go on showing what was pressed.
        visit.reply = place
        await reports.again(visit)
        return
    vocabulary = await visit.desk.core.vocabulary(visit.asker)

    def applied(query: UsageQuery) -> UsageQuery:
        found = filters.altered(query, name, value, vocabulary)
        if found is None:
            raise AskAgain(sentence("filters_gone_choice"))
        return found

    taken_back = lambda now, before: filters.as_before(now, before, name)  # noqa: E731 - a value handed on
    await reports.change(visit, standing.query, reports.Change(applied, taken_back))


async def suggest(visit: Visit) -> None:
    """Look up teams or products for a select that is too long to be listed."""
    name = str(visit.body.get("action_id")).removeprefix("filter_")
    vocabulary = await visit.desk.core.vocabulary(visit.asker)
    await visit.ack(options=filters.looked_up(name, vocabulary, str(visit.body.get("value") or "")))


def _chosen(visit: Visit) -> tuple[str, str]:
    action = visit.body["actions"][0]
    option = action.get("selected_option")
    value = option.get("value") if isinstance(option, dict) else None
    return str(action["action_id"]).removeprefix("filter_"), str(value or "")
