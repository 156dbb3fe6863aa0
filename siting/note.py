"""A sentence about an answer: its words and what fills them, translated upstairs."""


class Note:
    """A sentence with named holes, for a person to read.

    Args:
        msgid: English sentence with named holes; the key of its translation.
        **values: What fills the holes, figures already written as people read them.
    """

    __slots__ = ("msgid", "values")

    def __init__(self, msgid: str, /, **values: str) -> None:
        """Keep the sentence and what fills it apart until someone reads it."""
        self.msgid = msgid
        self.values = values

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Note) and str(self) == str(other)

    def __hash__(self) -> int:
        return hash(str(self))

    def __repr__(self) -> str:
        return f"Note({str(self)!r})"

    def __str__(self) -> str:
        return self.msgid.format_map(self.values)
