"""Mark words that a person reads, so that the upper floors can translate them."""


class Title(str):
    """A user-facing English text, found by the message extractor, shown by `ui`.

    Lower floors never translate: they mark. `Title("Area")` is the plain string
    "Area" that `pybabel extract -k Title` sees.
    """

    __slots__ = ()


class Place(str):
    """The six-digit code of a region, to be read as its name."""

    __slots__ = ()


class Unit(str):
    """The unit a person reads beside a value: "mu", "m", "%", "" for none."""

    __slots__ = ()
