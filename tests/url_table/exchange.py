"""Documents, tables that are brought in, long work."""

from tests.url_table.people import ELSEWHERE, FILERS, LEADS, OFFICE, SIGNED_IN, WORK, WRITERS, Address, ours

TABLE = {
    # documents: whoever reads the thing reads the draft and what was issued, the issuing unit issues
    "documents:list": Address("GET", SIGNED_IN),
    "documents:export": Address("GET", SIGNED_IN, logged=True),
    "documents:page": ours("GET", "official_document", WORK),
    "documents:file": ours("GET", "official_document", WORK),
    "documents:draft": ours("GET", "slip_kind documented_slip", WORK),
    "documents:draft_word": ours("GET", "slip_kind documented_slip", WORK),
    "documents:issue": ours("GET POST", "slip_kind fresh_slip", OFFICE | {"district_lead"}),
    "documents:words": Address("GET", LEADS | {"office", "other_lead"}),
    "documents:word": ours("GET POST", "street slip_kind", LEADS | {"office"}),
    "documents:templates": Address("GET", OFFICE),
    "documents:template": Address("GET", OFFICE, "official_template"),
    "documents:template_file": Address("GET", OFFICE, "official_template"),
    "documents:trial": Address("GET", OFFICE, "official_template"),
    "documents:template_step": Address("GET POST", OFFICE, "official_template drop"),
    "documents:kind": Address("GET", OFFICE, "slip_kind"),
    "documents:ours": Address("GET", OFFICE, "slip_kind"),
    "documents:upload": Address("GET POST", OFFICE, "slip_kind"),
    "imports:list": Address("GET", SIGNED_IN),
    "imports:choose": Address("GET", FILERS | ELSEWHERE),
    "imports:new": Address("GET POST", FILERS | ELSEWHERE, "records"),
    "imports:template": Address("GET", FILERS | ELSEWHERE, "records"),
    "imports:export": Address("GET POST", FILERS | ELSEWHERE, "records", logged=True),
    "imports:page": ours("GET", "brought_file", WORK),
    "imports:confirm": ours("POST", "brought_file", frozenset({"clerk"})),
    "imports:recheck": ours("POST", "brought_file", frozenset({"clerk"})),
    "imports:annotated": ours("GET", "brought_file", frozenset({"clerk", "office"})),
    # long work: those who work on the unit see it, who began it and the lead and office above steer it
    "jobs:list": Address("GET", SIGNED_IN),
    "jobs:page": ours("GET", "job", WORK),
    "jobs:step": ours("GET POST", "job cancel", WRITERS | {"office"}, told=WORK - WRITERS - {"office"}),
}
