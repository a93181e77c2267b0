"""The line of a value is found below arrays of tables too."""

import pytest

from sealane.core.release.lines import Path, line_of

TEXT = """a = 1
[[package]]
purl = "x"
[[package.signer]]
issuer = "i"
[[package]]
[[package.signer]]
issuer = "j"
[[package.signer]]
issuer = "k"
[package.signer.more]
deep = 2
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("a",), 1),
        (("package",), 2),
        (("package", 0, "purl"), 3),
        (("package", 0, "signer", 0, "issuer"), 5),
        (("package", 1), 6),
        (("package", 1, "signer", 0, "issuer"), 8),
        (("package", 1, "signer", 1, "issuer"), 10),
        (("package", 1, "signer", 1, "more", "deep"), 12),
        (("package", 1, "signer", 5, "issuer"), 7),
        (("none",), None),
    ],
)
def test_a_value_has_the_line_it_stands_on(path: Path, line: int | None) -> None:
    assert line_of(TEXT, path) == line
