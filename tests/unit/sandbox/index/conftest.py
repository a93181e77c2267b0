from collections.abc import Iterator
from pathlib import Path

import pytest

from support.index_parts import IndexParts


@pytest.fixture
def index(tmp_path: Path) -> Iterator[IndexParts]:
    made = IndexParts(tmp_path / "state")
    yield made
    made.state.close()
