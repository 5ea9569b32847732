"""Modals in their stack and the Home of each person."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.playground.errors import Refused
from bot.playground.identity import Ids
from bot.playground.normal import normal_blocks, normal_text
from bot.playground.schema import Json

MOST_VIEWS = 3


@dataclass(slots=True)
class View:
    """One view as its owner sees it; `values` is what has been filled in, as Slack's `state.values`."""

    id: str
    user: str
    content: Json
    hash: str
    root: str
    previous: str | None = None
    values: Json = field(default_factory=dict)

    @property
    def is_home(self) -> bool:
        """Whether this is a Home rather than a modal."""
        return bool(self.content["type"] == "home")


class Views:
    """Every open modal and every published Home."""

    def __init__(self, ids: Ids) -> None:
        self._ids = ids
        self.stacks: dict[str, list[View]] = {}
        self.homes: dict[str, View] = {}

    def _new(self, user: str, content: Json, below: View | None = None) -> View:
        view_id = self._ids.of("V")
        return View(
            view_id,
            user,
            self._normal(content),
            self._hash(),
            below.root if below else view_id,
            below.id if below else None,
        )

    def _hash(self) -> str:
        return f"{self._ids.random.randrange(10**10)}.{self._ids.secret(8)}"

    def _normal(self, content: Json) -> Json:
        texts = {key: normal_text(content[key]) for key in ("title", "close", "submit") if content.get(key)}
        return {**content, **texts, "blocks": normal_blocks(content["blocks"], self._ids)}

    def open(self, user: str, content: Json) -> View:
        """Open a modal over everything else."""
        self._check_external_id(content, None)
        view = self._new(user, content)
        self.stacks[user] = [view]
        return view

    def push(self, user: str, content: Json, below_id: str | None) -> View:
        """Put a modal on top of another; three is the most."""
        stack = self.stacks.get(user, [])
        if not stack or below_id not in {view.id for view in stack}:
            raise Refused("invalid_trigger_id")
        if len(stack) >= MOST_VIEWS:
            raise Refused("push_limit_reached")
        self._check_external_id(content, None)
        view = self._new(user, content, stack[-1])
        stack.append(view)
        return view

    def update(self, view: View, content: Json, expected_hash: str | None = None) -> View:
        """Change a view in place; with a hash only if nobody changed it meanwhile."""
        if expected_hash and expected_hash != view.hash:
            raise Refused("hash_conflict")
        if (content["type"] == "home") != view.is_home:
            raise Refused("invalid_arguments")
        self._check_external_id(content, view)
        view.content = self._normal(content)
        view.hash = self._hash()
        view.values = self._kept(view)
        return view

    def _kept(self, view: View) -> Json:
        # Slack keeps what was typed where both ids stay the same.
        present = {
            (block["block_id"], block.get("element", block.get("accessory", {})).get("action_id"))
            for block in view.content["blocks"]
        }
        kept: Json = {}
        for block_id, actions in view.values.items():
            for action_id, value in actions.items():
                if (block_id, action_id) in present:
                    kept.setdefault(block_id, {})[action_id] = value
        return kept

    def publish(self, user: str, content: Json, expected_hash: str | None) -> View:
        """Show a Home to one person."""
        if user in self.homes:
            return self.update(self.homes[user], content, expected_hash)
        self.homes[user] = self._new(user, content)
        return self.homes[user]

    def _check_external_id(self, content: Json, own: View | None) -> None:
        wanted = content.get("external_id")
        if wanted and any(view is not own and view.content.get("external_id") == wanted for view in self.all()):
            raise Refused("duplicate_external_id")

    def all(self) -> list[View]:
        """Every view that exists now."""
        return [*(view for stack in self.stacks.values() for view in stack), *self.homes.values()]

    def find(self, view_id: str | None, external_id: str | None = None) -> View:
        """The view with either id, or `not_found`."""
        for view in self.all():
            if view.id == view_id or (external_id and view.content.get("external_id") == external_id):
                return view
        raise Refused("not_found")

    def close(self, view: View) -> None:
        """Close a modal and whatever lies on it."""
        stack = self.stacks.get(view.user, [])
        if view in stack:
            del stack[stack.index(view) :]

    def clear(self, user: str) -> list[View]:
        """Close all modals of one person and answer them, the top one first."""
        return self.stacks.pop(user, [])[::-1]
