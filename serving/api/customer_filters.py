"""What a list of customers is asked for in an address: the same parameters for API, pages and exports."""

from typing import Annotated, Literal

from fastapi import Depends, Query

from serving.schemas.questions import PlainText
from serving.store import CustomerQuery

Grade = Literal["A", "B", "C", "D", "E"]
SortKey = Literal[
    "name",
    "-name",
    "grade",
    "-grade",
    "open_eur",
    "-open_eur",
    "overdue_eur",
    "-overdue_eur",
    "use_share",
    "-use_share",
    "pd_12m",
    "-pd_12m",
    "p_late30",
    "-p_late30",
    "expected_loss_eur",
    "-expected_loss_eur",
]


def _query(
    q: Annotated[
        PlainText,
        Query(
            max_length=200,
            description="words of a name in any order, typing errors allowed; start of a SIREN or id; "
            "a SIRET; number of an open invoice",
        ),
    ] = "",
    grade: Annotated[Grade | Literal[""], Query(description="the grade in force")] = "",
    overdue: Annotated[bool, Query(description="with overdue invoices only")] = False,  # noqa: FBT002  # a query's flag
    over_limit: Annotated[bool, Query(description="above the limit in force only")] = False,  # noqa: FBT002  # as above
    proceeding: Annotated[bool, Query(description="in an insolvency proceeding only")] = False,  # noqa: FBT002  # as above
    sector: Annotated[str, Query(pattern="^([0-9]{2})?$", description="NAF division, such as 43")] = "",
    review: Annotated[
        Literal["due", "done", ""],
        Query(description="whether somebody reviewed the customer within the interval of its grade"),
    ] = "",
    assigned_to: Annotated[PlainText, Query(max_length=100, description="of this user only")] = "",
    unassigned: Annotated[bool, Query(description="of nobody only")] = False,  # noqa: FBT002  # as above
    sort: Annotated[
        SortKey | Literal[""],
        Query(
            description="a `-` before it reverses the order; without it the best match of `q`, or the name"
        ),
    ] = "",
) -> CustomerQuery:
    key = sort.removeprefix("-")
    return CustomerQuery(
        q=q,
        grade=grade or None,
        is_overdue=overdue,
        is_over_limit=over_limit,
        sector=sector or None,
        has_proceeding=proceeding,
        review=review or None,
        assignee=assigned_to or None,
        is_unassigned=unassigned,
        sort=key or None,  # type: ignore[arg-type]  # one of `SortKey` without its sign
        is_descending=sort.startswith("-"),
    )


CustomerQueryDep = Annotated[CustomerQuery, Depends(_query)]


def address_fields(query: CustomerQuery) -> dict[str, str]:
    """Return the parameters of an address that asks for the same list, those of no effect left out.

    Examples
    --------
    >>> address_fields(CustomerQuery("dupont", grade="D", sort="open_eur", is_descending=True))
    {'q': 'dupont', 'grade': 'D', 'sort': '-open_eur'}
    """
    flags = {
        "overdue": query.is_overdue,
        "over_limit": query.is_over_limit,
        "proceeding": query.has_proceeding,
        "unassigned": query.is_unassigned,
    }
    texts = {
        "q": query.q,
        "grade": query.grade,
        **{name: "true" for name, is_set in flags.items() if is_set},
        "sector": query.sector,
        "review": query.review,
        "assigned_to": query.assignee,
        "sort": f"{'-' if query.is_descending else ''}{query.sort}" if query.sort else None,
    }
    return {name: text for name, text in texts.items() if text}
