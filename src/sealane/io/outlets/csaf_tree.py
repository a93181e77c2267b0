"""The folder that CSAF documents are published in; whatever serves it makes it public.

Steps of `publish`:
1. Read the folder as it is.
2. Sign the document, unless the same one is there with its signature: a new one would differ.
3. Write what is new or changed, each file in one step: a signature and digests before the document
   they are for, so that a run that was killed finds that something is missing; lists last, so that
   they never name what is not there.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Mapping
from pathlib import Path
from typing import ClassVar

from sealane.core.advisory.csaf.folder import published_in
from sealane.core.advisory.csaf.provider import METADATA, Provider, PublicKey
from sealane.core.advisory.csaf.tree import with_document
from sealane.core.advisory.documents import Document, Issuer
from sealane.core.model.values import dataclass
from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded, write_atomically
from sealane.io.adapters.mutex import exclusive
from sealane.io.adapters.openpgp_sign import load_openpgp_key
from sealane.io.outlets.interface import About, Presence, Shown, Surroundings

COMPLETE, INCOMPLETE = "complete", "incomplete"
_MOST_FILES = 200_000
_LISTS = ("index.txt", "changes.csv", METADATA)


@dataclass(frozen=True, slots=True)
class CsafTreeSettings:
    """A folder, and whose it is.

    Attributes:
        folder: Relative to the project.
        url: Where it is read, e.g. "https://acme.example/csaf".
        publisher: Name of the publisher.
        namespace: A URL that is theirs.
        contact: How they are reached; "" where they do not say.
        category: CSAF's word for them.
        key: File of the OpenPGP secret key that documents are signed with, relative to the project;
            "" where they are not signed.
    """

    folder: str
    url: str
    publisher: str
    namespace: str
    contact: str = ""
    category: str = "vendor"
    key: str = ""


class CsafTreeOutlet:
    """A folder of CSAF documents.

    Args:
        name: As the configuration calls it.
        settings: Which folder.
        about: Which advisory.
        around: The machine.
    """

    kind: ClassVar[str] = "csaf-tree"
    formats: ClassVar[tuple[str, ...]] = ("csaf", "csaf-vex")
    reversible: ClassVar[bool] = True

    def __init__(
        self, name: str, settings: CsafTreeSettings, about: About, around: Surroundings
    ) -> None:
        # Whether a document may be replaced is told by what it says of itself: its id, its
        # publisher and its version. A published revision never changes, whoever allows it.
        del about
        self.name = name
        self._around, self._settings = around, settings
        self._folder = around.root / settings.folder

    @property
    def hosts(self) -> tuple[str, ...]:
        """None: it is a folder."""
        return ()

    def observe(self, document: Document) -> Presence:
        """Whether the document is there, with all that belongs to it.

        Raises:
            InputError: Not a CSAF document, or folder or key cannot be used.
            MissingExtraError: The extra [pgp] is not installed, and a key is named.
        """
        return self._seen(self._files(), document)

    def plan(self, document: Document) -> tuple[str, ...]:
        """The files that would be written.

        Raises:
            InputError: As `observe`; the document is not for everybody or not final, the folder is
                somebody else's, or a later or another document stands there.
            MissingExtraError: As `observe`.
        """
        files = self._files()
        changed = _changed(files, self._with(files, document))
        return tuple(f"write {self._folder / path}" for path in changed)

    def publish(self, document: Document) -> Presence:
        """Put the document into the folder.

        Raises:
            InputError: As `plan`, or the folder cannot be written.
            MissingExtraError: As `observe`.
            UsageError: Another process writes into it.
        """
        lock = self._folder.with_name(f".{self._folder.name}.lock")
        with exclusive(lock, what=f"outlet {self.name}", why="one would lose the other's entries"):
            files = self._files()  # 1
            found = self._with(files, document)  # 2
            for path in _changed(files, found):  # 3
                write_atomically(self._folder / path, found[path])
            return self._seen(self._files(), document)

    def _with(self, files: Mapping[str, bytes], document: Document) -> Mapping[str, bytes]:
        """The folder with the document in it, and what belongs to it."""
        at, around = self._settings, self._around
        issuer = Issuer(at.publisher, at.namespace, at.contact, at.publisher, at.category)
        if not at.key:
            provider = Provider(issuer, at.url)
            return with_document(files, document.content, provider, around.now())
        signer = load_openpgp_key(around.root / at.key, around.environment, around.now())
        key = PublicKey(signer.fingerprint, signer.certificate)
        path = published_in(document.content, document.name).path
        signature = files.get(f"{path}.asc", b"") if files.get(path) == document.content else b""
        return with_document(
            files,
            document.content,
            Provider(issuer, at.url, key),
            around.now(),
            signature or signer.sign(document.content),
        )

    def _seen(self, files: Mapping[str, bytes], document: Document) -> Presence:
        path = published_in(document.content, document.name).path
        place = str(self._folder / path)
        wanted = hashlib.sha256(document.content).hexdigest()
        if path not in files:
            return Presence(Shown.ABSENT, place, wanted=wanted)
        actual = hashlib.sha256(files[path]).hexdigest()
        if actual != wanted:
            return Presence(Shown.OTHER, place, "", "", actual, wanted)
        complete = not _changed(files, self._with(files, document))
        known = Shown.SAME if complete else Shown.ABSENT
        state = COMPLETE if complete else INCOMPLETE
        return Presence(known, place, state, "", actual, wanted)

    def _files(self) -> dict[str, bytes]:
        """All files by their paths; hidden ones, such as those of git, belong to nobody here.

        Raises:
            InputError: Something in it is neither a file nor a folder, or there are too many.
        """
        if not os.path.lexists(self._folder):
            return {}
        found: dict[str, bytes] = {}
        for folder, folders, names in os.walk(self._folder, onerror=_unreadable):
            folders[:] = sorted(one for one in folders if not one.startswith("."))
            linked = [one for one in folders if (Path(folder) / one).is_symlink()]
            for name in (*linked, *sorted(names)):
                path = Path(folder) / name
                if name.startswith("."):
                    continue
                # A link could lead out of the folder, to what may not become public.
                if path.is_symlink():
                    raise InputError(
                        f"{path}: expected a file or a folder, got a link",
                        hint="take it away: what it leads to would become public",
                    )
                if len(found) >= _MOST_FILES:
                    raise InputError(
                        f"CSAF folder {str(self._folder)!r}: more than {_MOST_FILES} files",
                        hint="name the folder of CSAF documents, and not one above it",
                    )
                relative = path.relative_to(self._folder).as_posix()
                found[relative] = read_bounded(path, what="CSAF folder")
        return found


def _unreadable(error: OSError) -> None:
    raise InputError(
        f"CSAF folder {str(error.filename)!r}: {error.strerror}",
        hint="name a folder that can be read and written",
    ) from error


def _changed(files: Mapping[str, bytes], found: Mapping[str, bytes]) -> tuple[str, ...]:
    """Paths of what is new or changed, in the order in which it is written."""
    return tuple(sorted((path for path in found if files.get(path) != found[path]), key=_rank))


def _rank(path: str) -> tuple[int, str]:
    name = path.rpartition("/")[2]
    if name in _LISTS:
        return 2 + _LISTS.index(name), path
    return int(name.endswith(".json")), path
