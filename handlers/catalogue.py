"""The words of each language as they stand in `templates/<language>/`: labels, and what the core says."""

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources

from handlers import language


def label(name: str) -> str:
    """Return a short text such as a button's; `exports.fetch` is `fetch` in `labels/exports.toml` of the language."""
    group, _, key = name.partition(".")
    return labels(language.current(), group)[key]


@cache
def labels(spoken: str, group: str) -> Mapping[str, str]:
    """Return a group of labels."""
    found = source(f"{spoken}/labels/{group}.toml")
    if found is None:
        raise LookupError(f"templates/{spoken}/labels/{group}.toml does not exist")
    return tomllib.loads(found)


@cache
def core(spoken: str) -> Mapping[str, str]:
    """Return what the core says: the English pattern → the language's. English has no such file."""
    return tomllib.loads(source(f"{spoken}/core.toml") or "")


def source(path: str) -> str | None:
    """Return a file of `templates/`, None where there is none."""
    file = resources.files("templates").joinpath(*path.split("/"))
    return file.read_text(encoding="utf-8") if file.is_file() else None
