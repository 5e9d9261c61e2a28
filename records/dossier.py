"""The integrity file of an official: who opens it, what for, and that it was taken out of the portal."""

from typing import Any

from django.http import Http404

from longsha_credit.audit.workflow import Refused, record
from longsha_credit.directory.models import Official
from longsha_credit.directory.roles import Role
from records.models import CONFIRMERS, Record


def may_open(user: Any, official: Official) -> bool:
    """Whether `user` may read the file of an official: the own one, the district's reviewers, the unit's leads."""
    if user.official_id == official.pk:
        return True
    return user.role_at(CONFIRMERS | {Role.LEAD}, official.organisation.path) is not None


def official_to_open(user: Any, pk: int) -> Official:
    """The official whose file `user` may open; being refused is an entry. Raises Http404."""
    official = Official.objects.select_related("organisation").filter(pk=pk).first()
    if official is None:
        raise Http404
    if not may_open(user, official):
        record(official, step="refused", label="查阅诚信档案被拒绝", by=user)
        raise Http404
    return official


def read(official: Official, *, by: Any, purpose: str) -> Any:
    """The records in an official's file that `by` may read, for a purpose that stands in an entry.

    Raises Http404 for who may not, Refused without a purpose.
    """
    return _opened(official, by, purpose, step="read_file", label="查阅诚信档案")


def take_out(official: Official, *, by: Any, purpose: str) -> Any:
    """As `read`, for a table that leaves the portal: an entry of its own."""
    return _opened(official, by, purpose, step="export_file", label="导出诚信档案")


def _opened(official: Official, by: Any, purpose: str, *, step: str, label: str) -> Any:
    if not may_open(by, official):
        raise Http404
    if not purpose.strip():
        raise Refused("请写明查阅这份档案的用途。", "reason")
    record(official, step=step, label=label, by=by, reason=purpose.strip())
    return Record.objects.visible_to(by).with_names().marked().filter(official=official)
