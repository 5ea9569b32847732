"""A message to the bot: files that came with it are loaded, words are answered."""

from handlers import conversation, dropped
from handlers.desk import Visit


async def message(visit: Visit) -> None:
    """Tell files from words. A picture beside a question is no export."""
    event = visit.body["event"]
    files = event.get("files") or []
    if event.get("channel_type") == "im" and files and not dropped.is_question(files, str(event.get("text") or "")):
        await dropped.load(visit)
    else:
        await conversation.greet(visit)
