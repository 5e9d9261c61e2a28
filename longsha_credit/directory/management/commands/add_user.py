"""add_user：建立账号或给已有账号增加任用资格；新站的第一个系统管理员由它建立。"""

import re
from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from longsha_credit.audit.workflow import Refused
from longsha_credit.directory import services
from longsha_credit.directory.models import Organisation, User
from longsha_credit.directory.roles import Role


class Command(BaseCommand):
    help = "建立账号；账号已有时，只增加任用资格。不给密码文件时生成初始密码，只显示这一次。"

    def add_arguments(self, parser):
        parser.add_argument("username", help="账号，例如 wulong.zhang")
        parser.add_argument("--name", required=True, help="姓名")
        parser.add_argument(
            "--role", required=True, help="角色：" + "、".join(f"{r.value} {r.label}" for r in Role)
        )
        parser.add_argument("--organisation", required=True, help="单位的区划代码（6、9 或 12 位）或编号")
        parser.add_argument("--password-file", help="写有密码的文件，只读第一行")

    def handle(self, *, username, name, role, organisation, password_file, **options):
        try:
            unit = unit_named(organisation)
            with transaction.atomic():
                user, password = self._account(username.strip().lower(), name.strip(), unit, password_file)
                membership = self._membership(user, unit, role)
        except (Refused, ValidationError) as fault:
            sentences = fault.messages if isinstance(fault, ValidationError) else [str(fault)]
            raise CommandError("没有改动任何内容：" + "".join(sentences)) from fault
        self.stdout.write(f"账号 {user.username}（{user.name}）：{membership}")
        if password:
            self.stdout.write(f"初始密码：{password}")
            self.stdout.write("密码只显示这一次，请当面转交本人，并请本人登录后马上修改。")

    def _account(self, username, name, unit, password_file):
        """The account and, when one was drawn, its first password."""
        user = User.objects.filter(username=username).first()
        given = first_line(password_file) if password_file else ""
        if user is None:
            drawn = "" if given else services.new_password()
            return services.add_user(
                username=username, name=name, password=given or drawn, by=None, organisation=unit
            ), drawn
        if user.name != name:
            raise CommandError(
                f"账号 {username} 已是“{user.name}”的，和 --name“{name}”不同，请核对或换一个账号。"
            )
        if given:
            raise CommandError(f"账号 {username} 已有密码，不能用 --password-file 再设，请去掉这个选项。")
        return user, ""

    def _membership(self, user, unit, role):
        held = user.memberships.filter(ended_on=None, organisation=unit, role=role).first()
        return held or services.grant_membership(user=user, organisation=unit, role=role, by=None)


def unit_named(text: str) -> Organisation:
    """The unit in force with this division code (padded with zeros) or this number; raises CommandError."""
    text = text.strip()
    if re.fullmatch(r"[0-9]{1,12}", text):
        in_force = Organisation.objects.in_force()
        coded = (
            in_force.filter(division_code=text.ljust(12, "0")) if len(text) in (6, 9, 12) else in_force.none()
        )
        if unit := coded.first() or in_force.filter(pk=int(text)).first():
            return unit
    raise CommandError(f"没有区划代码或编号为“{text}”的单位，请先用 import_divisions 导入，或核对号码。")


def first_line(path: str) -> str:
    """The password in a file; raises CommandError when there is none."""
    try:
        lines = Path(path).read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise CommandError(f"读不到密码文件 {path}，请核对路径、权限和编码（UTF-8）。") from problem
    if not lines or not lines[0].strip():
        raise CommandError(f"密码文件 {path} 的第一行是空的。")
    return lines[0].strip()
