"""The figures in docs/reliability.md: only runs that took place, each with what repeats it."""

from collections.abc import Sequence
from dataclasses import dataclass, field

BEGIN, END = "<!-- chaos: begin -->", "<!-- chaos: end -->"


@dataclass(frozen=True)
class Seen:
    """What a scenario showed."""

    name: str
    promise: str
    command: str
    seconds: float
    lines: Sequence[str] = field(default_factory=tuple)
    wrong: Sequence[str] = field(default_factory=tuple)

    def text(self) -> str:
        """Return its paragraph."""
        rows = "\n".join(f"- {line}" for line in self.lines)
        return f"### {self.promise}\n\n`{self.command}`, {self.seconds:.0f} s, {len(self.wrong)} wrong.\n\n{rows}\n"


def written(page: str, day: str, seen: Sequence[Seen]) -> str:
    """Return the page with these paragraphs in it; those of other scenarios stay as they are."""
    before, rest = page.split(BEGIN) if BEGIN in page else (f"{page.rstrip()}\n\n", END)
    old, after = rest.split(END) if END in rest else ("", "")
    kept = {part.split("\n", 1)[0]: f"### {part.strip()}\n" for part in old.split("### ")[1:]}
    kept |= {each.promise: each.text().replace(f"`{each.command}`,", f"{day}, `{each.command}`,") for each in seen}
    return f"{before}{BEGIN}\n" + "\n".join(kept.values()) + END + (after or "\n")
