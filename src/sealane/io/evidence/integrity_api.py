"""Evidence from a package index's integrity API; as untrusted as a file beside the artifact.

Only the index that was named is asked: an address elsewhere that it hands out is refused.
"""

from __future__ import annotations

from sealane.core.model.artifact import Artifact
from sealane.core.verify.naming import distribution
from sealane.errors import NetworkError
from sealane.io.adapters.http import Web, origin_of
from sealane.io.clients.index_read import IndexFile, fetch_provenance, read_project
from sealane.io.evidence.interface import Collected, parsed


class IndexEvidence:
    """Asks one index, and each of its projects once.

    Args:
        web: Sends requests.
        simple_url: The index's simple API.
    """

    def __init__(self, web: Web, simple_url: str) -> None:
        self._web = web
        self._simple_url = simple_url
        self._projects: dict[str, tuple[IndexFile, ...]] = {}

    def about(self, artifact: Artifact) -> Collected:
        """The provenance the index has of the same bytes under the same name.

        Raises:
            NetworkError: Nobody answers, or the answer cannot be used: that is not "none".
        """
        parts = distribution(artifact.name)
        if parts is None:
            return Collected()
        file = next(
            (one for one in self._files(parts.project) if one.filename == artifact.name), None
        )
        if file is None:
            return Collected()
        self._check_origin(file)
        content = fetch_provenance(self._web, file)
        if content is None:
            return Collected()
        if file.provenance_url is None:
            raise NetworkError(f"{file.filename}: provenance without an address")
        return parsed(content, file.provenance_url)

    def _check_origin(self, file: IndexFile) -> None:
        if file.provenance_url is None:
            return
        expected, actual = origin_of(self._simple_url), origin_of(file.provenance_url)
        if actual != expected:
            raise NetworkError(
                f"{file.filename}: provenance at another origin: expected {expected}, got {actual}",
                hint="fetch it yourself if you trust that place, and name it with --evidence",
            )

    def _files(self, project: str) -> tuple[IndexFile, ...]:
        if project not in self._projects:
            found = read_project(self._web, self._simple_url, project)
            self._projects[project] = found or ()
        return self._projects[project]
