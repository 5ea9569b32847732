"""The reviewed entries of `templates/faq/<language>/*.toml`: read once, checked, and ready to be searched."""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from handlers import language
from reporting_core.faq import Index, words
from reporting_core.words.questions import Band, FaqEntry, Found

Text = Annotated[str, Field(min_length=1)]
FEWEST_VARIANTS = 8


class EntryWrong(Exception):
    """A file of `templates/faq` that cannot be used; says which and why. Raised at start, never while answering."""


class Entry(BaseModel):
    """One reviewed answer. `id` is the file's name; `live` are templates of which the first that can be filled is said.

    `sources` are the vendor's help pages, or `usagebot`; `rule` says what we decided where they are silent or disagree.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=False)

    id: Text
    # Slack's header holds 150 characters, a button 75, and every title can become a button.
    title: Annotated[str, Field(min_length=1, max_length=75)]
    ask: Annotated[tuple[Text, ...], Field(min_length=FEWEST_VARIANTS)]
    answer: Annotated[str, Field(min_length=1, max_length=1_500)]
    sources: Annotated[tuple[Text, ...], Field(min_length=1)]
    reviewed: Annotated[str, Field(pattern=r"^20\d\d-(0[1-9]|1[0-2])$")]
    ruling: Literal["vendor", "ours", "both"]
    rule: Annotated[str, Field(max_length=300)] = ""
    related: Annotated[tuple[Text, ...], Field(max_length=3)] = ()
    live: tuple[Text, ...] = ()


def entries(spoken: str) -> Mapping[str, Entry]:
    """Return the entries of a language by id; raises `EntryWrong`."""
    return _entries(spoken)


def index(spoken: str) -> Index:
    """Return what finds entries by questions in a language; the title is a way of asking, too."""
    return _index(spoken)


def find(text: str) -> Found:
    """Find in the language that is spoken, and in the others where another is surer: people mix them."""
    found = index(language.current()).find(text)
    if found.band is Band.ANSWER:
        return found
    others = (index(each).find(text) for each in language.LANGUAGES if each != language.current())
    return max((found, *others), key=_score)


def warm() -> None:
    """Read and weigh everything, so that the first question finds it ready."""
    for each in language.LANGUAGES:
        index(each)


def read(name: str, source: str) -> Entry:
    """Read one file's text; raises `EntryWrong` with the file's name and all that is wrong in it."""
    try:
        fields = tomllib.loads(source)
        return Entry.model_validate({"id": name.rpartition("/")[2].removesuffix(".toml"), **_trimmed(fields)})
    except tomllib.TOMLDecodeError as error:
        raise EntryWrong(f"templates/faq/{name} is no TOML: {error}") from error
    except ValidationError as error:
        wrong = "; ".join(f"{'.'.join(map(str, each['loc']))}: {each['msg']}" for each in error.errors())
        raise EntryWrong(f"templates/faq/{name}: {wrong}") from error


@cache
def _entries(spoken: str) -> Mapping[str, Entry]:
    read_all = [
        read(f"{spoken}/{file.name}", file.read_text(encoding="utf-8"))
        for file in sorted(_files(spoken), key=lambda each: each.name)
    ]
    found = {each.id: each for each in read_all}
    for each in read_all:
        for other in each.related:
            if other not in found or other == each.id:
                raise EntryWrong(f"templates/faq/{spoken}/{each.id}.toml: related: {other} is no other entry")
    return MappingProxyType(found)


@cache
def _index(spoken: str) -> Index:
    return Index((FaqEntry(each.id, (each.title, *each.ask)) for each in entries(spoken).values()), _alike(spoken))


def _alike(spoken: str) -> dict[str, str]:
    """Return what words mean that mean the same, in the letters of the search."""
    file = resources.files("templates").joinpath("faq", f"alike_{spoken}.toml")
    if not file.is_file():
        return {}
    named = tomllib.loads(file.read_text(encoding="utf-8"))
    return {word: meaning for meaning, group in named.items() for word in words(group)}


def _files(spoken: str) -> Iterator[Traversable]:
    folder = resources.files("templates").joinpath("faq", spoken)
    return (file for file in folder.iterdir() if file.name.endswith(".toml")) if folder.is_dir() else iter(())


def _trimmed(fields: Mapping[str, object]) -> dict[str, object]:
    return {key: value.strip() if isinstance(value, str) else value for key, value in fields.items()}


def _score(found: Found) -> float:
    return found.hits[0].score if found.hits else 0.0
