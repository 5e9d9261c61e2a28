"""What a password must be: ten characters of three kinds (GB/T 22239, level two)."""

import re

from django.core.exceptions import ValidationError

KINDS = {"小写字母": r"[a-z]", "大写字母": r"[A-Z]", "数字": r"[0-9]", "符号": r"[^a-zA-Z0-9]"}


class LengthValidator:
    length = 10

    def validate(self, password, user=None):
        if len(password) < self.length:
            raise ValidationError(f"密码至少要 {self.length} 个字符，现在只有 {len(password)} 个。")

    def get_help_text(self):
        return f"至少 {self.length} 个字符。"


class KindsValidator:
    kinds = 3

    def validate(self, password, user=None):
        found = sum(bool(re.search(pattern, password)) for pattern in KINDS.values())
        if found < self.kinds:
            raise ValidationError("密码要包含小写字母、大写字母、数字、符号中的三种。")

    def get_help_text(self):
        return "小写字母、大写字母、数字、符号中至少三种。"
