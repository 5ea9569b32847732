"""Which rows are one person (domain.md §6): by hashed id, else Autodesk id, else e-mail in any case.

Two known persons can turn out to be one.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from reporting_core.storage import schema
from reporting_core.storage.directory import chunks, next_id
from reporting_core.words.imports import PersonKey


@dataclass(slots=True)
class Person:
    """A person as known so far; `dirty` when it must be written."""

    id: int
    hashed: str | None
    autodesk: str | None
    email: str | None
    first: str = ""
    last: str = ""
    exported_on: int = 0
    account_status: str = ""
    dirty: bool = False
    new: bool = False
    renamed: bool = False
    """Whether rows gave a known person an id or e-mail that was not known."""
    former: set[str] = field(default_factory=set)
    """Keys of e-mails that newer exports have replaced: older files still name the person by them."""

    def conflicts(self, key: PersonKey) -> bool:
        """Tell whether the row's ids say that this is somebody else."""
        other_hash = bool(key.hashed_autodesk_id and self.hashed and key.hashed_autodesk_id != self.hashed)
        other_id = bool(key.autodesk_id and self.autodesk and key.autodesk_id != self.autodesk)
        return other_hash or (other_id and not (key.hashed_autodesk_id and self.hashed))


@dataclass(slots=True)
class People:
    """The account's people, found by what a row says of them; asking for an unknown one adds them."""

    account_id: int
    next_id: int
    by_id: dict[int, Person] = field(default_factory=dict)
    hashed: dict[str, int] = field(default_factory=dict)
    autodesk: dict[str, int] = field(default_factory=dict)
    email: dict[str, int] = field(default_factory=dict)
    same: dict[int, int] = field(default_factory=dict)
    has_former: bool = False
    """Whether anybody's former e-mail is stored, so that it may have to be taken back."""
    memo: dict[tuple[PersonKey, int], int] = field(default_factory=dict)

    def id(self, key: PersonKey, exported_on: int) -> int:
        """Return the person of a row.

        Ask `root` again once all rows were seen, since persons may have become one meanwhile.
        """
        found = self.memo.get((key, exported_on))
        if found is None:
            found = self.memo[key, exported_on] = self._find(key, exported_on)
        return found

    def root(self, person_id: int) -> int:
        """Follow persons that turned out to be one."""
        while (target := self.same.get(person_id)) is not None:
            person_id = target
        return person_id

    def _find(self, key: PersonKey, exported_on: int) -> int:
        person = self._known(key) or self._add()
        self._learn(person, key, exported_on)
        return person.id

    def _known(self, key: PersonKey) -> Person | None:
        for index, value in (
            (self.hashed, key.hashed_autodesk_id),
            (self.autodesk, key.autodesk_id),
            (self.email, key.email.casefold()),
        ):
            found = index.get(value) if value else None
            if found is not None and not (person := self.by_id[self.root(found)]).conflicts(key):
                return person
        return None

    def _add(self) -> Person:
        person = Person(self.next_id, None, None, None, new=True, dirty=True)
        self.by_id[person.id] = person
        self.next_id += 1
        return person

    def _learn(self, person: Person, key: PersonKey, exported_on: int) -> None:
        for index, attribute, value in (
            (self.hashed, "hashed", key.hashed_autodesk_id),
            (self.autodesk, "autodesk", key.autodesk_id),
        ):
            if value:
                self._identify(person, index, value)
                self._set(person, **{attribute: getattr(person, attribute) or value})
        if key.email:
            self._identify(person, self.email, key.email.casefold())
            self._take_email(person, key.email, exported_on)
        names = (key.first_name, key.last_name)
        if any(names) and (exported_on, names) > (person.exported_on, (person.first, person.last)):
            self._set(person, first=names[0], last=names[1], exported_on=exported_on)

    def _identify(self, person: Person, index: dict[str, int], value: str) -> None:
        holder = index.get(value)
        if holder is None:
            index[value] = person.id
        elif (other := self.by_id[self.root(holder)]) is not person:
            if not self._differ(person, other):
                self._unite(person, other)
            elif value in other.former:
                index[value] = person.id

    def _take_email(self, person: Person, email: str, exported_on: int) -> None:
        """Keep the address of the newest export; of two spellings of it the one in small letters."""
        key, known = email.casefold(), person.email or email
        is_known = known.casefold() == key
        if max(email, known) == email if is_known else (exported_on, email) > (person.exported_on, known):
            former = person.former - {key} if is_known else person.former - {key} | {known.casefold()}
            self._set(person, email=email, former=former)
        elif not is_known:
            self._set(person, former=person.former | {key})

    @staticmethod
    def _set(person: Person, **values: Any) -> None:
        for name, value in values.items():
            if getattr(person, name) != value:
                setattr(person, name, value)
                person.dirty = True
                person.renamed |= not person.new and name in _WHO

    @staticmethod
    def _differ(one: Person, other: Person) -> bool:
        hashes = one.hashed and other.hashed and one.hashed != other.hashed
        ids = one.autodesk and other.autodesk and one.autodesk != other.autodesk
        return bool(hashes or ids)

    def _unite(self, person: Person, other: Person) -> None:
        self.same[other.id] = person.id
        for attribute in ("hashed", "autodesk", "account_status"):
            self._set(person, **{attribute: getattr(person, attribute) or getattr(other, attribute)})
        if other.email:
            self._take_email(person, other.email, other.exported_on)
        person.former |= other.former - {(person.email or "").casefold()}
        mine, others = ((each.exported_on, (each.first, each.last)) for each in (person, other))
        if any(others[1]) and (others > mine or not any(mine[1])):
            person.exported_on, (person.first, person.last) = others
        person.dirty = True

    def renamed(self) -> set[int]:
        """Persons stored before of whom the rows say anew who they are, those that became another person too."""
        united = self.united()
        return {each.id for each in self.by_id.values() if each.renamed} | set(united) | set(united.values())

    def united(self) -> dict[int, int]:
        """Persons stored before that turned out to be another stored person: from id to id."""
        return {old: self.root(old) for old in self.same if not self.by_id[old].new}

    def write(self, connection: Connection) -> None:
        """Store new and changed people; those that became another person are gone."""
        living = [person for person in self.by_id.values() if person.id not in self.same]
        gone = list(self.united())
        changed = [person for person in living if person.dirty]
        self._drop(connection, gone, [person.id for person in changed])
        for some in chunks([self._row(person) for person in living if person.new]):
            connection.execute(insert(schema.people), some)
        known = [{**self._row(person), "b_id": person.id} for person in changed if not person.new]
        if known:
            connection.execute(_CHANGE, known)
        former = [
            {"account_id": self.account_id, "person_id": person.id, "email_key": key}
            for person in changed
            for key in sorted(person.former)
        ]
        for some in chunks(former):
            connection.execute(insert(schema.former_emails), some)
        for person in living:
            person.new = person.dirty = False

    def _drop(self, connection: Connection, gone: list[int], changed: list[int]) -> None:
        p, f = schema.people, schema.former_emails
        for some in chunks(gone, 500):
            connection.execute(delete(p).where(p.c.account_id == self.account_id, p.c.id.in_(some)))
        if self.has_former:
            for some in chunks([*gone, *changed], 500):
                connection.execute(delete(f).where(f.c.account_id == self.account_id, f.c.person_id.in_(some)))

    def _row(self, person: Person) -> dict[str, Any]:
        return {
            "id": person.id,
            "account_id": self.account_id,
            "hashed_autodesk_id": person.hashed,
            "autodesk_id": person.autodesk,
            "email": person.email,
            "email_key": person.email.casefold() if person.email else None,
            "first_name": person.first,
            "last_name": person.last,
            "account_status": person.account_status,
            "exported_on": person.exported_on,
        }


_WHO = frozenset({"hashed", "autodesk", "email"})

_CHANGE = (
    update(schema.people)
    .where(schema.people.c.id == bindparam("b_id"))
    .values(
        {
            column: bindparam(column)
            for column in (
                "hashed_autodesk_id",
                "autodesk_id",
                "email",
                "email_key",
                "first_name",
                "last_name",
                "account_status",
                "exported_on",
            )
        }
    )
)


def load_people(connection: Connection, account_id: int) -> People:
    """Load the people of an account."""
    p = schema.people.c
    people = People(account_id, next_id(connection, schema.people))
    columns = (
        *(p.id, p.hashed_autodesk_id, p.autodesk_id, p.email, p.first_name, p.last_name),
        *(p.exported_on, p.account_status),
    )
    for row in connection.execute(select(*columns).where(p.account_id == account_id).order_by(p.id)):
        person = Person(*row)
        people.by_id[person.id] = person
        _index(people, person)
    f = schema.former_emails.c
    for id_, key in connection.execute(select(f.person_id, f.email_key).where(f.account_id == account_id)):
        people.has_former = True
        people.by_id[id_].former.add(key)
        # Whoever has the address now comes before whoever had it.
        people.email.setdefault(key, id_)
    return people


def _index(people: People, person: Person) -> None:
    if person.hashed:
        people.hashed.setdefault(person.hashed, person.id)
    if person.autodesk:
        people.autodesk.setdefault(person.autodesk, person.id)
    if person.email:
        people.email.setdefault(person.email.casefold(), person.id)
