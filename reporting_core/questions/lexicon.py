"""What the words of a plain question mean, beside names and dates. Whatever stands neither here nor there is unread.

The spoken forms of the grammar are taken from the grammar. Words that change something, and words that ask for an
explanation, are listed so that a question with one of them is never read as a report (`Kind.STOP`).
"""

from collections.abc import Iterator, Mapping
from enum import Enum, auto
from typing import NamedTuple

from reporting_core.grammar.spoken import fixed, spoken
from reporting_core.words.query import Key
from reporting_core.words.terms import Access, Origin, Status


class Kind(Enum):
    """What a piece of a question is for."""

    FILLER = auto()
    HELLO = auto()
    AND = auto()
    IN = auto()
    BY = auto()
    FROM = auto()
    TO = auto()
    WHICH = auto()
    WHO = auto()
    DO = auto()
    HAS = auto()
    SHOW = auto()
    EXPORT = auto()
    WHY = auto()
    WHAT_IS = auto()
    COUNT = auto()
    MEASURE = auto()
    AMOUNT = auto()
    STATUS = auto()
    USE = auto()
    MAYBE_USE = auto()
    LATELY = auto()
    UNUSED = auto()
    NOT = auto()
    NEVER = auto()
    NONE = auto()
    YET = auto()
    EXCEPT = auto()
    ACCESS = auto()
    ASSIGNED = auto()
    ORIGIN = auto()
    NO_GROUP = auto()
    SORT = auto()
    SORTED_BY = auto()
    TOP = auto()
    NUMBER = auto()
    KEY = auto()
    ALL = auto()
    ME = auto()
    STOP = auto()
    UNREAD = auto()
    NAME = auto()
    RANGE = auto()


class Meaning(NamedTuple):
    """A kind, and a value of the grammar where there is one."""

    kind: Kind
    value: str = ""


_WORDS: Mapping[Meaning, str] = {
    Meaning(Kind.FILLER): (
        "the; a; an; of the; this; that; these; those; there; theres; thats; lets; it; its; they; them; their; "
        "theirs; he; she; him; her; his; hers; is; are; was; were; be; been; being; am; we; you; our; us; your; so "
        "far; still; currently; now; right now; also; please; pls; kindly; thing; things; at all; really; "
        "actually; marked as; marked; shown as; shown; listed as; listed; flagged as; flagged; tagged as; tagged; "
        "show up as; shows up as; showing up as; as; status; status of; anymore; any more; own; any; "
        "some; else; over  there; have been; has been; had been; for me; for us; anything; something; "
        "called; named; number; numbers; number of; amount of; figures; data; count of; in total; total; altogether; "
        "overall; members of; member of; members; member; or so"
    ),
    Meaning(Kind.HELLO): (
        "hi; hello; hey; hallo; good morning; good afternoon; morning; dear bot; bot; thanks; thank you; cheers; thx; "
        "ty"
    ),
    Meaning(Kind.AND): "and; ,; as well as; plus; either",
    Meaning(Kind.AND, "or"): "or",
    Meaning(Kind.IN): "in; at; on; for; of; with; w/; within; about; during",
    Meaning(Kind.BY): "by",
    Meaning(Kind.FROM): "from",
    Meaning(Kind.TO): "to",
    Meaning(Kind.WHICH): "which; what; which of",
    Meaning(Kind.WHO): (
        "who; whos; whose; whom; people; ppl; person; persons; user; users; anyone; anybody; someone; somebody; "
        "everyone; everybody; folk; folks; colleague; colleagues; employee; employees; spender; spenders; consumer; "
        "consumers; staff; ones; everyone who; people who; "
        "people that; those who; anyone who"
    ),
    Meaning(Kind.DO): "do; does; did",
    Meaning(Kind.HAS): "has; have; had; having; holds; hold; has got; have got",
    Meaning(Kind.SHOW): (
        "need; need a list of; a list of; list of; show; shows; show me; list; list me; see; find; find me; display; "
        "report; report on; report of; report for; usage; usage of; usage report; use report; give me; get me; tell "
        "me; tell us; get; give us; show us; look  up; overview; overview of; can you show; can you list; can you "
        "tell me; could you show; could you list; could you tell me; can you give me; could you give me; can you show "
        "me; could you show me; can you find; can  i see; could i see; may i see; can i get; can i have; i want to "
        "see; i want; i would like to see; id like to  see; id like; i need; i need to see; i want to know; id like "
        "to know; i would like to know; let me see; want  to see; want to know; would like to see; do you know; "
        " consumption; consumption of; activity; activity  of; stats; statistics; would you show me; please "
        "show; can we see; do we have; do we still have; have we  got; do we know; send me; chart; chart of; table; "
        "table of; send me a list of; pull up; pull a list of; pull a report of; pull a report for"
    ),
    Meaning(Kind.EXPORT): (
        "export; exporting; spreadsheet; excel; xlsx; download; excel file; excel list; excel list of; excel sheet; "
        "xlsx file; as excel; to excel; into excel; as a spreadsheet; as spreadsheet; as xlsx; as an excel file; "
        "as a file; can you export; could you export; can i export; please export; i want to export; "
        "make a spreadsheet of; make a spreadsheet; make me a spreadsheet; make me a spreadsheet of; "
        "give me a spreadsheet of; can you download; can i download; could i get a spreadsheet of; "
        "send me a spreadsheet of; send me the spreadsheet of; create a spreadsheet of"
    ),
    Meaning(Kind.WHY): (
        "why; whys; y is; y are; how come; why does it say; why does it show; why does the report say; why do you say; "
        "why do i see; for what reason; whats the reason that"
    ),
    Meaning(Kind.WHAT_IS): "what is; what are; whats; what was; what were",
    Meaning(Kind.COUNT): "how many; number of; count of; count",
    Meaning(
        Kind.MEASURE
    ): "how often; how much; how many days; days used; days of use; how frequently; how intensively; how busy",
    Meaning(Kind.AMOUNT): (
        "left; remaining; remain; remains; left over; available; free; spare; to spare; have left; bought; purchased; "
        "balance; balance of; unspent"
    ),
    Meaning(Kind.USE): (
        "used; uses; using; opened; opens; opening; launched; launches; launching; start up; started; touched; logged "
        "into; logged in to; logged in; log in; signed in; worked with; working with; works with; work with; worked "
        "in; worked on; ran; running; been active; used up; consumed; spent; burned; burnt; burns; accessed; "
        "ran up; been using; been in; "
        "in use; make use of; made use of; been on"
    ),
    Meaning(Kind.MAYBE_USE): "use; open; burn; launch; start; access; touch; run; consume; spend; use up",
    Meaning(Kind.LATELY): (
        "last time; the last time; last used; last use; last opened; last open; last accessed; last access; last "
        "active; last launched; last  launch; last started; last start; last login; last touched; last worked with; "
        "last logged in; when was; when  did; when has; when have"
    ),
    Meaning(
        Kind.UNUSED
    ): "unused; not used; but not used; but unused; in disuse; without use; without any use; without usage; unopened",
    Meaning(Kind.NOT): (
        "not; no longer; hasnt; havent; hadnt; isnt; arent; wasnt; werent; didnt; doesnt; dont; without; w/o; has not; "
        "have not; does not; do not; did not; is not; are not; aint; has no; have no; but have not; but has not; but "
        "hasnt; but havent; but did not; but didnt; but are not; but arent; but is not; but isnt"
    ),
    Meaning(
        Kind.NEVER
    ): "never; not once; not ever; never once; never even; never ever; but never; but have never; but has never",
    Meaning(Kind.YET): "yet; so far yet",
    Meaning(Kind.NONE): "no; none; nothing; nobody; noone; no one",
    Meaning(Kind.EXCEPT): (
        "except; except for; excluding; excluded; exclude; apart from; other than; but not; leaving out; besides; "
        "aside from; not counting; not including; outside; outside of; but"
    ),
    Meaning(Kind.ASSIGNED): "assigned; assigned to; allocated; allocated to; licensed for; licenced for; assignments",
    Meaning(Kind.STATUS, Status.INACTIVE): "dormant; sitting idle; sat idle; gone inactive; inactivity; inactives",
    Meaning(Kind.STATUS, Status.ACTIVE): "actives; active users",
    Meaning(
        Kind.NO_GROUP
    ): "no group; without a group; without group; without any group; not in any group; in no group",
    Meaning(Kind.TOP, "top"): "top; the top",
    Meaning(Kind.TOP, "first"): "first; the first",
    Meaning(Kind.SORTED_BY): (
        "sorted by; sort by; ordered by; order by; sorted on; in order of; sort it by; sort them by; sorted after"
    ),
    Meaning(
        Kind.SORT, "-days"
    ): "most; the most; most active; busiest; heaviest; biggest; highest; most often; largest",
    Meaning(Kind.SORT, "days"): "least; the least; least active; least used; lowest; fewest; smallest; least often",
    Meaning(Kind.ALL): (
        "all; all teams; every team; each team; all our teams; all the teams; all of; everything; across all teams; "
        "across the account; all the; any team; whole account; the whole account"
    ),
    Meaning(Kind.ME): "me; my; myself; mine; do i; did i; am i; have i; was i;",
    Meaning(Kind.KEY, Key.TEAM): "team; teams; department; departments",
    Meaning(
        Kind.KEY, Key.PRODUCT
    ): "product; products; software; app; apps; application; applications; program; programs",
    Meaning(Kind.KEY, Key.GROUP): "group; groups",
    Meaning(Kind.KEY, Key.VERSION): "version; versions; release; releases",
    Meaning(Kind.ACCESS, Access.FLEX): "flex; flex tokens; flex token",
    Meaning(Kind.ACCESS, Access.SUBSCRIPTION): "licence; licences; license; licenses; named seats; subscription seats",
    Meaning(Kind.ORIGIN, Origin.INDIVIDUAL): "individually; by hand; directly",
    Meaning(Kind.ORIGIN, Origin.GROUP): (
        "by group; by a group; by groups; by the group; via group; via a group; via groups; through group; through a "
        "group; through groups; through the group; through their group; by way of a group"
    ),
    Meaning(Kind.ORIGIN, Origin.DEFAULT): "by default; as default; as a default; as the default",
    # “Most people” is no order, “started using” no use in a range; both would be misread word by word.
    Meaning(Kind.UNREAD): (
        "i; im; ive; ill; as of; as at; as per; at least; at most; every; each; all year; all year round; more than; "
        "less than; fewer than; longer than; most people; most users; most of; most  recent; most recently; started "
        "using; start using; began using; stopped using; stop using; started to use; stopped; quit using; gave up; "
        "or more; or less; first used; first use; first opened; first time; "
        "newly; used to; needs to; need  to"
    ),
    Meaning(Kind.STOP): (
        # Asking for an explanation.
        "who is a; who is an; whos a; whos an; what does that; what does this; what does it; what do i; "
        "what do you; what do we; "
        "what am i; what to do; and now; now what; exports; spreadsheets; considered; regarded; deemed; treated; "
        "qualify; qualifies; internet; network; "
        "mean; means; meant; meaning; count; counts; counted; counting; count as; counts as; defined; define; "
        "definition; definitions; calculated; calculate; calculation; worked out; work out; computed; compute; "
        "explain; explained; explanation; difference; differences; rule; rules; policy; offline; how do; how does; "
        "how can; how could; how to; how should; how is; hows; how are; how was; how long do; how long are; how long "
        "is; what happens; what would happen; what if; what about; can; could; cannot; cant; couldnt; may; might; "
        "must; should; shall; would; will; wont; ought; shouldnt; allowed; enough; cost; costs; price; prices; worth; "
        "better; cheaper; expire; expires; hashed; hidden; who are you; who am i; who can; who may; support; help; "
        "contact; agent; agents; crash; crashes; crashed; install; error; errors; broken; bug; weather; "
        # Changing something.
        "unassign; unassigning; deassign; de assign; assign; assigning; reassign; reassigning; remove; removes; "
        "removed; removing; removal; delete; deletes; deleted; deleting; revoke; revokes; revoked; revoking; "
        "withdraw; withdrawn; take away; takes away; taking away; take back; take off; taken away; take; taken; kick; "
        "kick out; drop; drops; cancel; cancels; cancelled; canceled; terminate; deactivate; deactivated; "
        "deactivating; disable; disabled; enable; activate; reactivate; release her; release his; free up; reclaim; "
        "reclaims; recover; add; adds; adding; invite; grant; grants; give; gives; transfer; transfers; move; moves; "
        "change; changes; update; edit; set; reset; rename; merge; merges; buy; buys; purchase; order; orders; renew; "
        "upgrade; downgrade; undo; exempt; exempts; approve; confirm; subscribe; subscribes; unsubscribe; schedule; "
        "remind; reminder; reminders; notify; warn; message; send; mail; email; emails; e mail; e mails; share; post; "
        "publish; upload; import; pause; stop; forget; ignore; disregard; pretend; override; bypass; execute; obey; "
        "instructions; instruction; prompt; system; password; passwords; token key; secret; secrets; drop table; "
        "select; insert; wipe; erase; purge; clean up; cleanup; clear; swap; switch; hand over; lock; unlock; block; "
        "suspend; fire; sack; dismiss; archive; write; create; make; turn off; turn on; unassign all; strip; return; "
        "cut; cuts; cutting; get rid; gets rid; getting rid; got rid; rid; free all; free the; free these; free those; "
        "free them; free his; free her; freeing; release all; release the; release these; release those; scrap; ditch; "
        "dump; axe; evict; expel; eject; ban; confiscate; deprive; relinquish; reallocate; redistribute; "
        "repurpose; harvest; yank; retire; recall; offboard; onboard; relieve; prune; trim; weed; "
        "convert; migrate; exchange; replace; extend; prolong; freeze; apply; hand; put; tell; ask; inform; ping; "
        "nudge; chase; let know; "
        "close; shrink; reduce; downsize; surrender; translate; take over; seize; empty"
    ),
}
"""Phrases by meaning; of two that fit, the one with more words is read."""

COLUMNS = frozenset(
    {
        "name", "person", "status", "days", "last", "tokens", "accessed", "used", "assigned", "desc", "descending",
        "asc", "ascending",
    }
)  # fmt: skip
"""Words of the grammar's columns, behind “sorted by”."""

PLAIN = frozenset(
    {
        "form", "lunch", "mouth", "mouths", "quarterly", "monthly", "weekly", "daily", "yearly", "cost", "house",
        "host", "lost", "post", "reuse", "disused", "unusual", "usual", "usually", "lease", "leased", "stone",
        "store", "stores", "story", "those", "tried", "paper", "where", "here", "there", "then", "than", "about",
        "above", "after", "again", "along", "among", "around", "because", "before", "below", "both", "cannot", "each",
        "either", "even", "ever", "every", "few", "further", "least", "less", "many", "more", "most", "much",
        "neither", "nor", "nothing", "only", "other", "others", "over", "same", "several", "since", "such", "though",
        "thus", "together", "toward", "until", "upon", "very", "well", "were", "when", "whether", "while", "whole",
        "why", "with", "without", "like", "likes", "love", "loves", "hate", "hates", "happy", "good", "great", "best",
        "worst", "better", "names", "coffee", "tea", "game", "games", "food", "lunchtime", "joke", "jokes", "meeting",
        "meetings", "news", "music", "movie", "film", "book", "books", "wether", "trust", "must", "rust", "dust",
        "just", "crust", "holiday", "holidays", "vacation", "birthday", "birthdays", "salary", "salaries", "sick",
        "ill", "phone", "phones", "address", "addresses", "car", "cars", "time", "times", "hour", "hours", "minute",
        "minutes", "second", "seconds", "weekend", "weekends", "evening", "night", "lives", "live", "lift", "lefty",
        "reset", "resets", "rest", "rests", "test", "tests", "text", "texts", "task", "tasks", "tool", "tools",
        "cool", "pool", "fool", "room", "rooms", "boss", "bosses", "client", "clients", "project", "projects",
        "drawing", "drawings", "model", "models", "file", "files", "folder", "folders", "plan", "plans", "planned",
        "planner", "account", "accounts", "renewal", "renewals", "contract", "contracts", "interactive", "reactive",
        "proactive", "attractive", "invite", "idol", "ideal", "ideals", "ideas", "idea", "deal", "deals", "dead",
        "laptop", "sing", "song", "songs", "laptops", "server", "servers", "screen", "screens", "printer",
        "printers", "colour", "color",
        "train", "trains", "building", "buildings", "true", "false", "right", "wrong", "new", "old", "young", "big",
        "small", "long", "short", "fast", "slow", "early", "late", "later", "sooner", "next",
    }
)  # fmt: skip
"""Everyday words that are not mistyped ones of this lexicon, however near they are."""


# “New” is said of much, “not assigned” of people who never were; “never” goes with its verb.
_ASIDE = frozenset({"new", "n/a", "not assigned"})


def _entries() -> Iterator[tuple[tuple[str, ...], Meaning]]:
    for meaning, phrases in _WORDS.items():
        for phrase in phrases.split(";"):
            yield tuple(phrase.split()), meaning
    for form in (*spoken(Key.STATUS), *Status):
        if form not in _ASIDE and not form.startswith("never"):
            yield _split(form), Meaning(Kind.STATUS, fixed(Key.STATUS, form) or "")
    for form in spoken(Key.ACCESS):
        yield _split(form), Meaning(Kind.ACCESS, fixed(Key.ACCESS, form) or "")


def _split(form: str) -> tuple[str, ...]:
    return tuple(form.replace("_", " ").split())


def phrases() -> Mapping[tuple[str, ...], Meaning]:
    """Return every phrase with its meaning; where one stands twice, what the grammar says holds."""
    return {phrase: meaning for phrase, meaning in _entries() if phrase}
