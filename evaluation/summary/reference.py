"""What the outline of a summary report asks for, and how long it may be."""

from evaluation.models import SectionKey

# 部署专项工作的文件一般不超过4000字
LONGEST = 4000
LONGEST_BASIS = "《整治形式主义为基层减负若干规定》：专项材料一般不超过4000字，没有字数下限"

HINTS = {
    SectionKey.ORGANISING: "谁负责、任务怎样分下去、怎样督促。不写开了几次会。",
    SectionKey.TASKS: "九项任务各做成了什么，数字已经带出，只改说法，不另填表。",
    SectionKey.HIGHLIGHTS: "一两个具体做法、给居民带来什么。没有可以不写。",
    SectionKey.PROBLEMS: "没有做到的、还没有改完的，一件一件写，原因写清楚。",
    SectionKey.NEXT: "下一步做什么、谁做、到哪天。",
}
MAY_BE_EMPTY = frozenset({SectionKey.HIGHLIGHTS})

# Which figures are drawn under each of the nine tasks; those the portal does not know yet are left out.
FIGURES = {
    1: ("cases-lost", "legality-reviewed"),
    2: ("files-kept", "records-timely", "objections-in-time"),
    3: ("area-coverage", "kept-rate", "reported-in-time", "commitments-published-in-time"),
    4: (
        "field-coverage",
        "published-in-time",
        "quarterly-accounts",
        "finance-quarters",
        "reviewed",
        "privacy-incidents",
        "messages-in-time",
    ),
    5: ("swept", "closed-in-time", "complaints-in-time", "handed-over", "new-dishonesty"),
    6: ("self-assessed-in-time", "fixes-done", "units-reaching"),
    7: ("scenes-running",),
    8: ("trained", "tests-taken", "tests-passed", "activities-held"),
    9: ("integrity-checks", "satisfaction"),
}
EVIDENCE = 60  # rows of the index of evidence
