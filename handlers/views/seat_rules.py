"""What is set about taking seats back, who set it and when."""

from handlers.sentences import label, sentence
from handlers.views.blocks import Message, context, header, mrkdwn, section
from handlers.views.wording import moment, who
from reporting_core.words.seats import Policy, Standing


def switched(standing: Standing, *, before: bool) -> Message:
    """Say whether seats can be taken back, by whose word and since when; `before`: it was so before."""
    by, at = standing.changes.get("switched_on", ("", None))
    text = sentence("seat_switched", on=standing.policy.switched_on, before=before, by=by, at=at)
    return Message(text, (section(mrkdwn(text)),))


def policy(standing: Standing, changed: str = "") -> Message:
    """List the values with what they mean; `changed` names the one that was just set."""
    lines = [_line(standing, name, changed) for name in _values(standing.policy)]
    text = "\n".join(lines)
    how = context(mrkdwn(sentence("seat_policy_how")))
    return Message(text, (header(label("exempt.policy_title")), section(mrkdwn(text)), how), Message(text))


def _line(standing: Standing, name: str, changed: str) -> str:
    by, at = standing.changes.get(name, ("", None))
    told = label("exempt.policy_by").format(by=who(by), at=moment(at)) if by else label("exempt.policy_default")
    value, meaning = _values(standing.policy)[name], label(f"exempt.policy_{name}")
    return f"{'✅' if name == changed else '•'} `{name}` *{value}*: {meaning} ({told})"


def _values(policy: Policy) -> dict[str, str]:
    hours = f"{policy.hours[0]}-{policy.hours[1]}" if policy.hours else "any"
    numbers = ("second_above", "grace_days", "undo_days", "old_data_days")
    return {
        "switched_on": "on" if policy.switched_on else "off",
        **{name: str(getattr(policy, name)) for name in numbers},
        "hours": hours,
    }
