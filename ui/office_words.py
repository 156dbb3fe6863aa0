"""Names of departments and offices, in the reader's language."""

from ledger.offices import offices
from ledger.unit_of_work import Work
from ui.i18n import language

CHINESE = "zh_CN"


def office_names(work: Work) -> dict[str, str]:
    """Name the offices that work is routed to.

    Args:
        work: The unit of work.

    Returns:
        Names by code, in the order of the table in force.
    """
    chinese = language() == CHINESE
    return {one.code: one.title if chinese else one.english for one in offices(work)}
