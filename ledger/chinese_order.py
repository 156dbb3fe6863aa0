"""Text in the order of a Chinese dictionary, on either database.

GB 18030 keeps the order of GB 2312: the 3,755 commonest characters stand by their
pinyin, rarer ones by radical after them, Latin letters and digits before both.
"""

from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

FUNCTION: Final = "gb18030"


class chinese_order(FunctionElement[bytes]):  # noqa: N801 - reads as a function of SQL
    """What a text is sorted by: `chinese_order(project.c.title)`."""

    type = sa.LargeBinary()
    inherit_cache = True


@compiles(chinese_order, "sqlite")
def _sqlite(element: Any, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return f"{FUNCTION}({compiler.process(element.clauses, **more)})"


@compiles(chinese_order, "postgresql")
def _postgresql(element: Any, compiler: SQLCompiler, **more: Any) -> str:  # noqa: ANN401 - SQLAlchemy's signature
    return f"convert_to({compiler.process(element.clauses, **more)}, 'GB18030')"


def teach(connection: DBAPIConnection) -> None:
    """Give a connection of SQLite the function that PostgreSQL has.

    Args:
        connection: The connection, as it was opened.
    """
    connection.create_function(FUNCTION, 1, _encoded, deterministic=True)


def _encoded(text: str | None) -> bytes | None:
    return None if text is None else text.encode(FUNCTION, errors="replace")
