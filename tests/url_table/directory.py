"""Units and accounts."""

from tests.url_table.people import ABOVE, ADMIN, LEADS, WORK, Address, ours

TABLE = {
    "organisations:page": ours("GET", "street", WORK | ADMIN),
    "organisations:edit": ours("GET POST", "street", ADMIN | LEADS, told=WORK - LEADS),
    "organisations:add": ours("GET POST", "street", ADMIN | {"office"}, told=WORK - {"office"}),
    "organisations:posts": ours("GET", "street", WORK),
    "organisations:official_new": ours("GET POST", "street", LEADS | ABOVE),
    "organisations:posting_new": ours("GET POST", "street", LEADS | ABOVE),
    "accounts:official": ours("GET POST", "clerk", ADMIN),
    "accounts:new": Address("GET POST", ADMIN),
    "accounts:page": ours("GET", "clerk", ADMIN),
    "accounts:grant": ours("GET POST", "clerk", ADMIN),
    "accounts:end": ours("POST", "clerk membership", ADMIN),
    "accounts:password": ours("POST", "clerk", ADMIN),
    "accounts:active": ours("POST", "clerk", ADMIN),
}
