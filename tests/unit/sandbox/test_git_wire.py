import pytest

from sealane.sandbox.git_wire import ZERO, Command, Push, PushError, parse_push, refusal

ONE = "1" * 40


def packet(content: bytes) -> bytes:
    return b"%04x%b" % (len(content) + 4, content)


def head(*references: str, capabilities: bytes = b" report-status side-band-64k") -> bytes:
    lines = [f"{ZERO} {ONE} {name}".encode() for name in references]
    lines[0] += b"\0" + capabilities
    return b"".join(map(packet, lines)) + b"0000PACK"


def test_commands_and_side_band_are_read() -> None:
    push = parse_push(head("refs/heads/a", "refs/tags/é"))
    assert push == Push(
        (Command(ZERO, ONE, "refs/heads/a"), Command(ZERO, ONE, "refs/tags/é")), True
    )
    assert not parse_push(head("refs/heads/a", capabilities=b"report-status")).side_band


@pytest.mark.parametrize(
    "body",
    [
        b"", b"0000", b"0004", b"zzzz", b"00", head("refs/heads/a")[:30], packet(b"x") + b"0000",
        packet(b"push-cert\0 x") + b"0000", head("refs/heads/a")[:-8],
        *(head(name) for name in (
            "HEAD", "refs/heads/../x", "refs//x", "refs/heads/", "refs/heads/x.", "refs/heads/a b",
            "refs/heads/a^", "heads/main", "refs/heads/" + "x" * 400,
        )),
        head("refs/heads/x").replace(b"refs/heads/x", b"refs/heads/\xff"),
        head(*["refs/heads/a"] * 1001),
    ],
)  # fmt: skip
def test_what_is_no_head_of_a_push_is_refused(body: bytes) -> None:
    with pytest.raises(PushError):
        parse_push(body)


def test_a_refusal_names_every_reference() -> None:
    push = parse_push(head("refs/heads/a", "refs/heads/b", capabilities=b""))
    report = packet(b"unpack ok\n") + packet(b"ng refs/heads/a no\n")
    report += packet(b"ng refs/heads/b never\n") + b"0000"
    assert refusal(push, ["no", "never"]) == report
    banded = Push(push.commands, side_band=True)
    assert refusal(banded, ["no", "never"]) == packet(b"\x01" + report) + b"0000"
