"""Errors that say what to do next. `AskAgain`: the asker can mend it; `NotAllowed`: somebody else must."""

from collections.abc import Sequence

from reporting_core.words.imports import FileResult


class UsagebotError(Exception):
    """Base of every error whose text may be shown to the asker.

    `kind` is the stable machine word of the JSON contract; `suggestions` are commands or values to try next, best
    first.
    """

    kind = "error"

    def __init__(self, message: str, suggestions: Sequence[str] = ()) -> None:
        """Keep the sentence and the suggestions."""
        super().__init__(message)
        self.message = message
        self.suggestions = tuple(suggestions)


class AskAgain(UsagebotError):
    """The question cannot be answered as asked, and the asker can mend it."""

    kind = "ask_again"


class BadQuery(AskAgain):
    """A command that does not parse, or names what does not exist: shown with a caret under the place.

    `text` is what was typed, `position` the 0-based offset of the offending part and `length` its length in characters;
    `suggestions` hold up to three nearest values; `corrected` is a whole command that would run, if one can be made.
    """

    kind = "bad_query"

    def __init__(
        self,
        message: str,
        *,
        text: str,
        position: int,
        length: int,
        suggestions: Sequence[str] = (),
        corrected: str | None = None,
    ) -> None:
        """Keep the place of the fault beside the sentence."""
        super().__init__(message, suggestions)
        self.text = text
        self.position = position
        self.length = length
        self.corrected = corrected


class NotAllowed(UsagebotError):
    """The asker may not see or do this; the message says why and whom to ask."""

    kind = "not_allowed"


class ImportRefused(AskAgain):
    """Nothing of an import was stored; the message says which file, why, and what to do."""

    kind = "import_refused"


class NothingRead(ImportRefused):
    """No file of an import could be read; `files` says of each why, in the order in which they were named."""

    def __init__(self, message: str, files: Sequence[FileResult]) -> None:
        """Keep the files beside the sentence, for whoever can mend one of them."""
        super().__init__(message)
        self.files = tuple(files)


class WouldRemove(ImportRefused):
    """Nothing was stored, since it would take away more use than a normal export does; leave to do so mends it."""


class StoreBusy(AskAgain):
    """The database is locked, full or out of reach; nothing was changed and the same thing can be tried again."""

    kind = "store_busy"


class SettingWrong(AskAgain):
    """A setting is missing or cannot be used; the message names it and shows a good value."""

    kind = "setting_wrong"
