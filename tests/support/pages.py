"""A page of HTML taken apart by the standard library's parser."""

from html.parser import HTMLParser

# Elements that have no end.
VOID = {"meta", "br"}


class Page(HTMLParser):
    """Tags with their attributes in order, the text, and whether all elements are closed."""

    def __init__(self, text: str) -> None:
        """Read a page; an assertion fails where elements are not closed in order."""
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []
        self.feed(text)
        self.close()
        assert self._open == []

    @property
    def tags(self) -> list[str]:
        """The names of all elements, in order."""
        return [tag for tag, _ in self.elements]

    def of(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of each element of a name."""
        return [attributes for name, attributes in self.elements if name == tag]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        assert len(dict(attrs)) == len(attrs), f"{tag}: an attribute twice"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        """Close the element that was opened last."""
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note a text."""
        self.texts.append(data)

    def handle_comment(self, data: str) -> None:
        """No page of ours has a comment."""
        raise AssertionError(data)
