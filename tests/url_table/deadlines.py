"""Clocks, what falls due, notifications, days off."""

from tests.url_table.people import ABOVE, ELSEWHERE, EVERYBODY, LEADS, SIGNED_IN, WORK, WRITERS, Address, ours

TABLE = {
    # deadlines: those who work on a unit read its clocks; who owes asks for more time, who stands above decides
    "deadlines:list": Address("GET", SIGNED_IN),
    "deadlines:page": ours("GET", "clock", WORK),
    "deadlines:suspend": ours("GET POST", "clock", ABOVE, told=WORK - ABOVE),
    "deadlines:resume": ours("POST", "stopped_clock", ABOVE, told=WORK - ABOVE),
    "deadlines:extend": ours("GET POST", "clock", WRITERS, told=WORK - WRITERS),
    "deadlines:extension_step": ours("GET POST", "asked_clock approve", ABOVE, told=WORK - ABOVE),
    "deadlines:notifications": Address("GET", SIGNED_IN),
    "deadlines:read_all": Address("POST", SIGNED_IN),
    "deadlines:read": ours("POST", "notice", frozenset({"clerk"})),
    "deadlines:ways": Address("GET POST", SIGNED_IN),
    "deadlines:calendar_renew": Address("POST", SIGNED_IN),
    "deadlines:calendar_stop": Address("POST", SIGNED_IN),
    "deadlines:robot": ours("GET POST", "street", LEADS | {"office"}),
    "deadlines:robot_try": ours("POST", "street", LEADS | {"office"}),
    "deadlines:robot_remove": ours("POST", "street", LEADS | {"office"}),
    "calendar_file": Address("GET", EVERYBODY, "clerk calendar_token"),
    "month": Address("GET", WORK | ELSEWHERE),
    "deadlines:working_days": Address("GET", WORK | ELSEWHERE),
    "deadlines:add_day": Address("GET POST", frozenset({"office"})),
    "deadlines:paste_days": Address("GET POST", frozenset({"office"})),
    "deadlines:remove_day": ours("POST", "holiday", frozenset({"office"})),
}
