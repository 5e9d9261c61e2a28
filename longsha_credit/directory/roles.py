"""The roles a person can hold in an organisation; the level comes from the organisation."""

from django.db import models


class Role(models.TextChoices):
    CLERK = "clerk", "单位经办"
    LEAD = "lead", "单位负责人"
    SECRECY = "secrecy", "保密审查员"
    REVIEWER = "reviewer", "区审核员"
    OFFICE = "office", "区信用办管理员"
    PANEL = "panel", "评审员"
    SUPERVISOR = "supervisor", "督导员"
    AUDITOR = "auditor", "审计员"
    SYSADMIN = "sysadmin", "系统管理员"
    OFFICIAL = "official", "公职人员"


DISTRICT_ONLY = frozenset(
    {Role.REVIEWER, Role.OFFICE, Role.PANEL, Role.SUPERVISOR, Role.AUDITOR, Role.SYSADMIN}
)

# Who sees an organisation's working rows. Auditors see entries, administrators accounts, officials their own file.
SEES_WORK = frozenset({Role.CLERK, Role.LEAD, Role.SECRECY, Role.REVIEWER, Role.OFFICE, Role.SUPERVISOR})
# Who reads by person what was promised under whom: the unit's lead and those above.
READS_TERMS = frozenset({Role.LEAD, Role.REVIEWER, Role.OFFICE, Role.SUPERVISOR})
SEES_ACCOUNTS = frozenset({Role.SYSADMIN})
SEES_AUDIT = frozenset({Role.AUDITOR})
EVERYBODY = frozenset(Role)
