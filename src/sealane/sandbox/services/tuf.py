"""The TUF repository: files, and nothing that has to be believed."""

from __future__ import annotations

from pathlib import Path

from sealane.errors import InputError
from sealane.io.adapters.files import read_bounded
from sealane.sandbox.wire import Request, Response, Route, json_response

# No segment begins with a dot, so no name leads out of the folder.
_NAME = r"(?P<name>(?:targets/)?[a-z0-9_][a-z0-9_.]*)"


class Tuf:
    """Routes of the repository.

    Args:
        folder: Where its files are; they are read for each request.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def routes(self) -> list[Route]:
        """All routes."""
        return [Route.of("GET", f"/tuf/{_NAME}", self._file)]

    def _file(self, request: Request, name: str) -> Response:
        path = self._folder / name
        if not path.is_file():
            # A client asks for the next root until there is none: 404 is how it learns that.
            return json_response(404, {"message": f"not found: {request.path}"})
        try:
            return Response(200, read_bounded(path, what="TUF file"))
        except InputError as error:
            return json_response(500, {"message": error.message})
