"""Forms of deadlines: a reason, one day of the calendar, many pasted days."""

import datetime

from django import forms
from django.core.exceptions import ValidationError

from longsha_credit.deadlines.models import Holiday, Preference
from longsha_credit.deadlines.models.ways import FIRST_HOUR, LAST_HOUR
from longsha_credit.web.forms import PortalForm, PortalModelForm

WORDS = {"放假": False, "上班": True}
MOST_LINES = 400
YEARS = range(2004, 2101)


class ReasonForm(PortalForm):
    """Why a clock is suspended, should be lengthened, or is not."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, label, hint="", asked=True, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = f"{label}的理由"
        self.fields["reason"].help_text = hint
        if not asked:
            del self.fields["reason"]


class DayForm(PortalModelForm):
    is_workday = forms.TypedChoiceField(
        label="放假还是上班",
        choices=[("no", "放假"), ("yes", "上班（调休）")],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )

    class Meta:
        model = Holiday
        fields = ("day", "is_workday", "name", "basis")
        help_texts = {"name": "例如：春节。", "basis": "例如：国办发明电〔2026〕9号。"}


class WaysForm(PortalModelForm):
    """By when the day's mail comes, and whether red slips come sooner."""

    mail_hour = forms.TypedChoiceField(
        label="每天的汇总邮件",
        choices=[(hour, f"{hour}点以后寄") for hour in range(FIRST_HOUR, LAST_HOUR + 1)],
        coerce=int,
        help_text="一天一封，当天没有新通知就不寄。",
    )

    class Meta:
        model = Preference
        fields = ("mail_hour", "red_at_once")
        help_texts = {"red_at_once": "不等汇总，夜里也寄；同一份督办单不会再进汇总。"}


class RobotForm(PortalForm):
    """The address of a group's robot; what was typed is never shown again."""

    address = forms.CharField(
        label="群机器人地址",
        max_length=400,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="在企业微信、钉钉或飞书的工作群里添加“自定义机器人”，把它的地址（以 https:// 开头）整条复制到这里。"
        "钉钉、飞书的关键词填“期限提醒”。",
    )
    secret = forms.CharField(
        label="签名密钥",
        max_length=200,
        required=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
        help_text="钉钉、飞书选了“签名校验”的才填。",
    )


class LinesForm(PortalForm):
    lines = forms.CharField(
        label="每行一天",
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 14, "placeholder": "2027-02-06 放假 春节\n2027-02-20 上班"}),
        help_text="日期、放假或上班、节日名称，用空格隔开。已经登记过的日子会被换成新的。有一行不对就一行也不存。",
    )
    basis = forms.CharField(
        label="依据", max_length=100, required=False, help_text="例如：国办发明电〔2026〕9号。"
    )

    def clean_lines(self):
        lines = [line for line in self.cleaned_data["lines"].splitlines() if line.strip()]
        if len(lines) > MOST_LINES:
            raise ValidationError(f"一次最多 {MOST_LINES} 行，现在有 {len(lines)} 行，请分几次登记。")
        days, problems = {}, []
        for number, line in enumerate(lines, 1):
            try:
                row = _row(line)
                if row.day in days:
                    raise ValidationError(f"{row.day} 前面已经写过")
                days[row.day] = row
            except ValidationError as problem:
                problems.append(f"第 {number} 行“{line.strip()[:40]}”：{problem.message}。")
        if problems:
            raise ValidationError(problems)
        return list(days.values())

    def rows(self) -> list[Holiday]:
        for row in self.cleaned_data["lines"]:
            row.basis = self.cleaned_data["basis"]
        return self.cleaned_data["lines"]


def _row(line: str) -> Holiday:
    """One pasted line as a row; raises ValidationError with what is wrong with it."""
    when, what, *rest = [*line.split(), "", ""]
    try:
        day = datetime.date.fromisoformat(when)
    except ValueError:
        raise ValidationError("日期要写成 2027-02-06 这样") from None
    if day.year not in YEARS:
        raise ValidationError(f"年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间")
    if what not in WORDS:
        raise ValidationError("日期后面要写“放假”或“上班”")
    name = " ".join(rest).strip()
    if len(name) > 30:
        raise ValidationError("节日名称最多 30 个字")
    return Holiday(day=day, is_workday=WORDS[what], name=name)
