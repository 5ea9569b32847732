"""What people do in modals and Home: use an element, submit, close, and what the app's answer does to the stack."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeAlias

from bot.playground.blocks import view_problems
from bot.playground.content import Content
from bot.playground.deeds import Deeds, refuse_trouble
from bot.playground.delivery import Link, Retry
from bot.playground.errors import InvalidBlocks, NotPossible, Refused
from bot.playground.filled import action_of, find_element, input_errors, state_values
from bot.playground.payloads import Payloads
from bot.playground.schema import Json
from bot.playground.views import View
from bot.playground.world import World

ViewChange: TypeAlias = Literal["view_opened", "view_updated", "view_closed", "home"]
_TROUBLE = "We had some trouble connecting. Try again?"


@dataclass(frozen=True, slots=True)
class Submitted:
    """What a submission led to: errors by block, another view to look at, this one closed, or all of them."""

    errors: dict[str, str] = field(default_factory=dict)
    view: View | None = None
    is_closed: bool = False
    is_cleared: bool = False


class Modals:
    """All changes of views, whoever makes them; `listeners` hear of each."""

    def __init__(self, world: World, payloads: Payloads, link: Link, deeds: Deeds, content: Content) -> None:
        self._world = world
        self._payloads = payloads
        self._link = link
        self._deeds = deeds
        self._content = content
        self.listeners: list[Callable[[ViewChange, View], None]] = []

    def _tell(self, what: ViewChange, view: View) -> View:
        for listener in self.listeners:
            listener(what, view)
        return view

    def shown(self, view: View) -> Json:
        """A view as the app and the page see it."""
        return self._payloads.view(view)

    def checked(self, content: Any, kind: str) -> Json:
        """A view that Slack would take, of this kind."""
        if not isinstance(content, dict) or content.get("type") != kind:
            raise Refused(
                "invalid_arguments",
                response_metadata={"messages": [f"[ERROR] must be a {kind} view [json-pointer:/view]"]},
            )
        problems = view_problems(content, refuse_new=self._content.refuse_new_blocks)
        if problems:
            raise InvalidBlocks(problems, "invalid_arguments")
        return content

    def open(self, user: str, content: Any) -> View:
        """Open a modal."""
        return self._tell("view_opened", self._world.views.open(user, self.checked(content, "modal")))

    def push(self, user: str, content: Any, below: str | None) -> View:
        """Open a modal on top of another."""
        return self._tell("view_opened", self._world.views.push(user, self.checked(content, "modal"), below))

    def update(self, view: View, content: Any, expected_hash: str | None = None) -> View:
        """Change a modal or Home in place."""
        kind = "home" if view.is_home else "modal"
        changed = self._world.views.update(view, self.checked(content, kind), expected_hash)
        return self._tell("home" if view.is_home else "view_updated", changed)

    def publish(self, user: str, content: Any, expected_hash: str | None) -> View:
        """Show somebody their Home."""
        return self._tell("home", self._world.views.publish(user, self.checked(content, "home"), expected_hash))

    def own(self, user: str, view_id: str) -> View:
        """A view that somebody has open."""
        try:
            view = self._world.views.find(view_id)
        except Refused:
            view = None
        if view is None or view.user != user:
            raise NotPossible("view_not_found", "This window is no longer open.")
        return view

    async def press(self, user: str, view_id: str, sent: Json) -> None:
        """Somebody used an element of a view."""
        view = self.own(user, view_id)
        block_id, action_id = str(sent.get("block_id")), str(sent.get("action_id"))
        element = find_element(view.content["blocks"], block_id, action_id)
        action = action_of(element, block_id, sent, self._world.stamps.next())
        self._remember(view, sent)
        view.values.setdefault(block_id, {})[action_id] = action
        refuse_trouble(await self._link.send(self._payloads.view_action(view, action), Retry()))

    async def suggest(self, user: str, view_id: str, sent: Json) -> Json:
        """Options for a menu in a view."""
        view = self.own(user, view_id)
        element = find_element(view.content["blocks"], str(sent.get("block_id")), str(sent.get("action_id")))
        place = {"container": {"type": "view", "view_id": view.id}, "view": self._payloads.view(view)}
        return await self._deeds.suggest(element, user, sent, place)

    def _remember(self, view: View, sent: Json) -> None:
        state = sent.get("state")
        values = state.get("values") if isinstance(state, dict) else None
        if isinstance(values, dict):
            view.values = {key: dict(actions) for key, actions in values.items() if isinstance(actions, dict)}

    async def submit(self, user: str, view_id: str, sent: Json) -> Submitted:
        """Somebody pressed submit."""
        view = self.own(user, view_id)
        self._remember(view, sent)
        blocks = view.content["blocks"]
        errors = input_errors(blocks, state_values(blocks, view.values))
        if errors:
            return Submitted(errors, view)
        answer = await self._link.send(self._payloads.submission(view), Retry())
        refuse_trouble(answer, _TROUBLE)
        try:
            return self._respond(view, answer.payload)
        except Refused as refused:
            raise NotPossible(refused.code, _TROUBLE) from refused

    def _respond(self, view: View, payload: Any) -> Submitted:
        response = payload if isinstance(payload, dict) else {}
        match response.get("response_action"):
            case None:
                return self._close(view)
            case "errors":
                return Submitted(self._errors(view, response.get("errors")), view)
            case "update":
                return Submitted(view=self.update(view, response.get("view")))
            case "push":
                return Submitted(view=self.push(view.user, response.get("view"), view.id))
            case "clear":
                return self._clear(view)
            case _:
                raise Refused("invalid_response_action")

    def _errors(self, view: View, errors: Any) -> dict[str, str]:
        inputs = {block["block_id"] for block in view.content["blocks"] if block["type"] == "input"}
        if not isinstance(errors, dict) or not errors or not inputs.issuperset(errors):
            raise Refused("invalid_errors")
        return {block_id: str(text) for block_id, text in errors.items()}

    def _close(self, view: View) -> Submitted:
        self._world.views.close(view)
        self._tell("view_closed", view)
        return Submitted(is_closed=True)

    def _clear(self, view: View) -> Submitted:
        for gone in self._world.views.clear(view.user):
            self._tell("view_closed", gone)
        return Submitted(is_closed=True, is_cleared=True)

    async def close(self, user: str, view_id: str) -> Submitted:
        """Somebody pressed cancel or the cross; the app hears of it only if it asked to."""
        view = self.own(user, view_id)
        cleared = bool(view.content.get("clear_on_close"))
        result = self._clear(view) if cleared else self._close(view)
        if view.content.get("notify_on_close"):
            await self._link.send(self._payloads.closed(view, is_cleared=cleared), Retry())
        return result
