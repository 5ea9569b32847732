"""The figures above the table. They add up, and each empty one says why it is empty."""

from handlers.sentences import label, sentence
from handlers.views.blocks import Block, context, mrkdwn, plain, section
from handlers.views.wording import clean, number
from reporting_core.words.query import Key
from reporting_core.words.report import UsageReport
from reporting_core.words.terms import Access

# Known per team and product only (features.md §2).
_NARROWER_THAN_SEATS = (Key.GROUP, Key.USER, Key.VERSION)


def tiles(report: UsageReport) -> list[Block]:
    """Return both groups of tiles with the sentence that adds them up; a group that `access=` leaves out has none."""
    return [
        *_group("subscriptions", subscription_figures(report), seat_sentences(report)),
        *_group("flex", flex_figures(report), flex_sentences(report)),
    ]


def counts(report: UsageReport, access: Access) -> bool:
    """Tell whether the question lets an access option be counted at all."""
    return all((access.value in each.values) != each.negated for each in report.query.of(Key.ACCESS))


def subscription_figures(report: UsageReport) -> list[tuple[str, str]]:
    """Label and figure of each Subscriptions tile, in the order in which they add up."""
    seats = report.tiles.subscriptions
    if not counts(report, Access.SUBSCRIPTION):
        return []
    figures = [
        ("seats", seats.seats),
        ("assigned", seats.assigned),
        ("available", seats.available),
        ("active", seats.active),
        ("inactive", seats.inactive),
        ("not_yet_active", seats.not_yet_active),
        ("unknown", seats.unknown),
    ]
    return [(label(f"tiles.{name}"), number(figure)) for name, figure in figures]


def flex_figures(report: UsageReport) -> list[tuple[str, str]]:
    """Label and figure of each Flex tile."""
    flex = report.tiles.flex
    if not counts(report, Access.FLEX):
        return []
    return [
        (label("tiles.tokens_used"), number(flex.tokens_used)),
        (label("tiles.tokens_remaining"), number(flex.tokens_remaining)),
        (label("tiles.users"), number(flex.users)),
        (label("tiles.monthly_average"), number(flex.monthly_average, 1)),
    ]


def seat_sentences(report: UsageReport) -> list[str]:
    """How the seats add up, or why a figure is missing or below nought."""
    seats = report.tiles.subscriptions
    if not counts(report, Access.SUBSCRIPTION):
        return []
    sentences = [_sum(report)]
    if seats.available is not None and seats.available < 0 and not _told(report, "more people than seats"):
        sentences.append(sentence("tiles_short", missing=-seats.available))
    if seats.seats is None and not _told(report, "seats bought"):
        sentences.append(_why_empty(report, "seats", "tiles_no_seats"))
    return sentences


def flex_sentences(report: UsageReport) -> list[str]:
    """Why the tokens that are left are not known, if they are not."""
    if not counts(report, Access.FLEX) or report.tiles.flex.tokens_remaining is not None:
        return []
    if _told(report, "tokens remaining", "tokens are left out"):
        return []
    return [_why_empty(report, "tokens_remaining", "tiles_no_balance")]


def _told(report: UsageReport, *phrases: str) -> bool:
    """Tell whether a caveat of the report says it already."""
    return any(phrase in caveat.casefold() for caveat in report.caveats for phrase in phrases)


def _sum(report: UsageReport) -> str:
    seats = report.tiles.subscriptions
    if seats.inactive is None:
        reason = report.withheld.get("inactive", "")
        return sentence("tiles_withheld", reason=clean(reason))
    return sentence("tiles_sum", seats=seats)


def _why_empty(report: UsageReport, figure: str, otherwise: str) -> str:
    if figure in report.withheld:
        return clean(report.withheld[figure])
    if any(report.query.of(key) for key in _NARROWER_THAN_SEATS):
        return sentence("tiles_too_narrow")
    return sentence(otherwise)


def _group(name: str, figures: list[tuple[str, str]], sentences: list[str]) -> list[Block]:
    title = mrkdwn(f"*{label(f'tiles.{name}')}*")
    return [section(title, [_tile(*each) for each in figures]), *_explained(sentences)] if figures else []


def _tile(what: str, figure: str) -> Block:
    return mrkdwn(f"{what}\n*{figure}*")


def _explained(sentences: list[str]) -> list[Block]:
    return [context(*(plain(each) for each in sentences))] if sentences else []
