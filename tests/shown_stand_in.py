"""A stand-in for what the core keeps of report messages: in memory, and it can be told to forget."""

from dataclasses import dataclass, field, replace

from reporting_core.words.shown import Shown


@dataclass
class ShownStandIn:
    """`messages` by token; tests may take some away, or change them as another process would."""

    messages: dict[str, Shown] = field(default_factory=dict)

    async def open(self, slack_user_id: str, query: str) -> Shown:
        opened = Shown(f"message{len(self.messages)}", slack_user_id, query, 1)
        self.messages[opened.token] = opened
        return opened

    async def of(self, token: str) -> Shown | None:
        return self.messages.get(token)

    async def change(self, standing: Shown, query: str) -> Shown | None:
        now = self.messages.get(standing.token)
        if now is None or now.revision != standing.revision:
            return None
        changed = replace(standing, query=query, revision=standing.revision + 1)
        self.messages[standing.token] = changed
        return changed
