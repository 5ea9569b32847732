"""Digests in Slack: computed in one go, shown where names may stand, drawn anew when somebody acts on a row."""

import asyncio
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

import aiohttp
from slack_sdk.errors import SlackApiError

from handlers import buttons, guard, language, notices, refusals, reports, slack_faults
from handlers.audience import Why
from handlers.delivery import Private, content
from handlers.desk import Desk, Visit
from handlers.digest_content import Content, memo, packed, unpacked, with_names
from handlers.door import DIRECT
from handlers.identity import full_member
from handlers.outgoing import End, Letter, Outgoing, Unsent
from handlers.owners import Owner
from handlers.sentences import label, sentence
from handlers.views import digest as view
from handlers.views import seat_cards as card_view
from handlers.views import seat_words, wording
from handlers.views.blocks import Message
from handlers.views.digest import Around
from reporting_core.words.digests import Digest, DigestWish
from reporting_core.words.errors import AskAgain, NotAllowed, StoreBusy, UsagebotError
from reporting_core.words.people import Asker
from reporting_core.words.schedules import Kind, Post, Schedule
from reporting_core.words.seats import Reason, Verdict

QUIET = timedelta(days=30)
"""After so long without news, one line says that all is well."""

_TRIES = 5
"""How often a change is made to what somebody else has changed meanwhile."""

Answered = Digest | AskAgain | NotAllowed


@dataclass(frozen=True, slots=True)
class Due:
    """One digest that is to be sent."""

    post: Post
    schedule: Schedule
    owner: Owner
    answered: Answered | None


async def computed(desk: Desk, posts: Sequence[tuple[Post, Schedule, Owner]]) -> Mapping[str, Answered]:
    """Compute all digests together, by the keys of their posts. Raises `StoreBusy`."""
    if not posts:
        return {}
    earlier = await desk.core.schedules.before({plan.token for _, plan, _ in posts})
    wishes = [_wish(desk, post.key, plan, who.asker, earlier) for post, plan, who in posts]
    try:
        return await desk.core.digests.of(wishes)
    except StoreBusy:
        raise
    except Exception as error:  # noqa: BLE001 - one that nobody foresaw is none of the others'
        desk.log.error("digests_not_computed", error=type(error).__name__, count=len(wishes))  # noqa: TRY400 - its words may hold names
    return await _one_by_one(desk, wishes)


async def _one_by_one(desk: Desk, wishes: Sequence[DigestWish]) -> dict[str, Answered]:
    found: dict[str, Answered] = {}
    for wish in wishes:
        try:
            found |= await desk.core.digests.of([wish])
        except Exception as error:  # noqa: BLE001 - as above
            desk.log.error("digest_not_computed", error=type(error).__name__)  # noqa: TRY400 - as above
    return found


def _wish(desk: Desk, token: str, plan: Schedule, asker: Asker, earlier: Mapping[str, Post]) -> DigestWish:
    told = earlier.get(plan.token)
    today = desk.core.exports.clock().date()
    return DigestWish(token, asker, plan.question, plan.since, today, memo(told.content) if told else {})


async def ready(desk: Desk, due: Due) -> Outgoing | Unsent:
    """Return a digest as it can be sent to where it goes: with names only where everybody there may read them."""
    made = due.answered
    if isinstance(made, NotAllowed):
        return Unsent(End.RESTS, "rights", orphan=True)
    if isinstance(made, AskAgain):
        return Unsent(End.RESTS, f"question: {made.message}")
    if made is None:
        return Unsent(End.AGAIN, "error")
    place = await placed(desk, due.schedule, due.owner, made.team_ids)
    if isinstance(place, Unsent):
        return place
    channel, reason = place
    asked_for = not due.post.slot
    if made.nothing_new and not asked_for and not _is_long_ago(desk, due.schedule):
        return Unsent(End.SKIPPED, "nothing new")
    around = Around(
        due.schedule.token, due.post.key, not reason, reason, late=due.post.late and not asked_for, due=due.post.due
    )
    with language.speaking(spoken(desk, due.schedule, due.owner)):
        # Hundreds are drawn in a row, which is no work for the event loop.
        # Who asks for one wants to see how it stands, also where nothing changed since.
        quiet = made.nothing_new and not asked_for
        message = await asyncio.to_thread(view.all_well if quiet else view.message, made, around)
    return Letter(channel, message, packed(Content(made, not reason, reason)), made.as_of, made.since)


def _is_long_ago(desk: Desk, plan: Schedule) -> bool:
    return desk.core.exports.clock() - (plan.quiet_since or plan.made_at) >= QUIET


def spoken(desk: Desk, plan: Schedule, owner: Owner) -> str:
    """A channel is spoken to in the language of the account, somebody alone in their own."""
    return desk.speaks_to(None if plan.channel else owner.person)


_NOWHERE = {Why.ARCHIVED: "archived", Why.NOT_THERE: "not_in_channel", Why.OUTSIDER: "outsider"}


async def placed(desk: Desk, plan: Schedule, owner: Owner, teams: frozenset[int]) -> tuple[str, str] | Unsent:
    """Return the conversation, and why no names may stand there ('' where they may); or why nothing can be sent."""
    if not plan.channel:
        return await notices.direct(desk, plan.owner), ""
    seen = await guard.audience(desk, plan.channel, teams, owner.person.user_id)
    if seen.why in _NOWHERE:
        return Unsent(End.RESTS, _NOWHERE[seen.why])
    if not seen.can_be_told:
        stays = slack_faults.STAYS.get(seen.place.refused)
        return Unsent(End.RESTS, stays) if stays else Unsent(End.AGAIN, "place_unknown")
    # Without teams nobody can be judged by them.
    named = seen.may_see_rows and bool(teams)
    return plan.channel, "" if named else str(seen.why)


# -- before it is sent


async def preview(desk: Desk, owner: Owner, plan: Schedule, channel: str) -> tuple[Message, str]:
    """Return the digest as it would come now, and why it would not. Raises what is wrong with its question.

    `channel`: where it is looked at; where another organisation reads along, no names are shown to anybody.
    """
    earlier = await desk.core.schedules.before([plan.token])
    answered = await desk.core.digests.of([_wish(desk, plan.token, plan, owner.asker, earlier)])
    made = answered[plan.token]
    if not isinstance(made, Digest):
        raise made
    place = await placed(desk, plan, owner, made.team_ids)
    reason, cause = ("", place.cause) if isinstance(place, Unsent) else (place[1], "")
    reason = str(Why.SHARED) if await guard.is_shared(desk, channel) else reason
    return view.message(made, Around(plan.token, "", not reason, reason)), cause


# -- acting on a row


async def keep(visit: Visit) -> None:
    """Take a seat off the decisions of this message: who pressed keeps it until the next digest."""
    core, id_ = visit.desk.core, _seat(visit)
    seen = await core.seats.preview(visit.asker, [id_])
    if not any(each.seat.team_id in visit.asker.administers or visit.asker.owner for each in seen):
        raise NotAllowed(sentence("need_admin"))
    who = visit.person.user_id
    await _change(visit.desk, _pressed(visit), lambda now: _kept(now, id_, who))


def _kept(now: Content, id_: int, who: str) -> Content:
    if all(row.assignment_id != id_ for row in now.digest.waiting.rows):
        raise AskAgain(sentence("stale_button"))
    return replace(now, kept={**now.kept, id_: who})


async def _change(desk: Desk, key: str, made: Callable[[Content], Content]) -> None:
    """Change what a digest shows, and draw it anew; a change that somebody else makes at the same time stays."""
    for _try in range(_TRIES):
        post = await desk.core.schedules.of_key(key)
        if post is None or post.kind is not Kind.DIGEST or post.content == "{}":  # nothing was sent
            raise AskAgain(sentence("stale_button"))
        changed = packed(made(unpacked(post.content)))
        if await desk.core.schedules.keep_content(post, changed):
            await redraw(desk, replace(post, content=changed))
            return
    raise AskAgain(sentence("stale_button"))


async def report(visit: Visit) -> None:
    """Show the report behind a digest to whoever pressed, beside it."""
    question = await buttons.question(visit)
    if isinstance(visit.reply, Private):
        visit.reply = replace(visit.reply, replaces=False, message_ts="")
    await reports.show(visit, question)


async def after_seats(desk: Desk, batch: str, ids: Iterable[int]) -> None:
    """Draw the digest anew in which a press on seats began, if it began in one; what fails there hurts nobody."""
    key, begun = post_of(batch), dict.fromkeys(ids, batch)
    if key:
        with suppress(UsagebotError, SlackApiError, aiohttp.ClientError, TimeoutError):
            await _change(desk, key, lambda now: replace(now, batches={**now.batches, **begun}))


def batch_of(view_id: str, key: str) -> str:
    """Return the name of a press that began in a digest: that of its form, and the key of the digest's post."""
    return f"{view_id}{_MARK}{key}" if key else view_id


def post_of(batch: str) -> str:
    """Return the key of the post in which a press began, empty where it began elsewhere."""
    return batch.partition(_MARK)[2]


_MARK = "~"


async def redraw(desk: Desk, post: Post) -> None:
    """Draw a digest anew: the same figures, and what became of the seats that waited."""
    plan = (await desk.core.schedules.by_token([post.schedule])).get(post.schedule)
    if plan is None or not post.message_ts:
        return
    owner = await _owner(desk, plan)
    kept = await _where_it_stands(desk, unpacked(post.content), owner, post.channel)
    with language.speaking(spoken(desk, plan, owner)):
        message = await _drawn(desk, kept, owner.asker, post)
    try:
        await _changed(desk, post, message)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        # Deleted, archived, or Slack does not answer: what was done is done, and the message says nothing of it.
        raise AskAgain(sentence("digest_undrawn")) from error


async def _owner(desk: Desk, plan: Schedule) -> Owner:
    try:
        person = full_member(await desk.directory.person(plan.owner))
    except NotAllowed as error:
        # Not the presser's fault, as the words about the owner would have it.
        raise AskAgain(sentence("digest_ownerless")) from error
    return Owner(person, await desk.core.identify(person))


async def _where_it_stands(desk: Desk, kept: Content, owner: Owner, channel: str) -> Content:
    """Return it without names where somebody came since who may not read them."""
    if not kept.named or channel.startswith(DIRECT):
        return kept
    seen = await guard.audience(desk, channel, kept.digest.team_ids, owner.person.user_id)
    return kept if seen.may_see_rows else replace(kept, named=False, reason=str(seen.why))


async def _drawn(desk: Desk, kept: Content, asker: Asker, post: Post) -> Message:
    verdicts = {each.seat.assignment_id: each for each in await desk.core.seats.preview(asker, kept.ids)}
    names = {id_: (each.seat.person, each.seat.team, each.seat.product) for id_, each in verdicts.items()}
    waiting = [row.assignment_id for row in kept.digest.waiting.rows]
    settled = {id_: _settled(verdicts.get(id_), kept.kept.get(id_, "")) for id_ in waiting}
    acted = await _acted(desk, kept, asker)
    around = Around(post.schedule, post.key, kept.named, kept.reason, post.late, post.due, settled, acted)
    return view.message(with_names(kept.digest, names), around)


async def _acted(desk: Desk, kept: Content, asker: Asker) -> dict[int, str]:
    """Return what became of the seats that were to be taken from here."""
    found: dict[int, str] = {}
    for batch in dict.fromkeys(kept.batches.values()):
        card = await desk.core.cards.card(asker, batch)
        found |= {line.action.assignment_id: card_view.outcome(line, card) for line in card.lines}
    return found


def _settled(verdict: Verdict | None, kept_by: str) -> str:
    """Return what became of a seat otherwise, '' where it still waits."""
    if verdict is None:
        return label("digest.gone")
    if not verdict.allowed and verdict.reason is not Reason.HOURS:
        return seat_words.refusal(verdict)
    return label("digest.kept").format(who=wording.who(kept_by)) if kept_by else ""


async def _changed(desk: Desk, post: Post, message: Message) -> None:
    async def update(shown: Message) -> None:
        await desk.client.chat_update(channel=post.channel, ts=post.message_ts, **content(shown))

    try:
        await update(message)
    except SlackApiError as error:
        if refusals.word(error) not in {"invalid_blocks", "msg_blocks_too_long"} or message.fallback is None:
            raise
        await update(message.fallback)


def _pressed(visit: Visit) -> str:
    key = buttons.carried(visit).get("d")
    if not isinstance(key, str) or not key:
        raise AskAgain(sentence("stale_button"))
    return key


def _seat(visit: Visit) -> int:
    id_ = buttons.carried(visit).get("a")
    if not isinstance(id_, int) or isinstance(id_, bool):
        raise AskAgain(sentence("stale_button"))
    return id_
