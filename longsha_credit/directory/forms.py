"""Forms of the desk for units and accounts, and those for signing in."""

from django import forms
from django.contrib.auth.forms import AuthenticationForm, PasswordChangeForm
from django.core.exceptions import ValidationError

from longsha_credit.directory import checks, services
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.directory.roles import Role
from longsha_credit.web.forms import HalfWidthCharField, PortalForm, PortalMixin


class SignInForm(PortalMixin, AuthenticationForm):
    """Account and password; the sentence for a wrong pair does not tell which of the two is wrong."""

    error_messages = {
        "invalid_login": "账号或密码不正确。请核对大小写；连续错 5 次，这个账号会暂停登录 30 分钟。",
        "inactive": "这个账号已停用。如果您还在岗，请联系系统管理员启用。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["username"].label = "账号"
        self.fields["username"].error_messages["required"] = "请填写账号。"
        self.fields["password"].error_messages["required"] = "请填写密码。"

    def clean(self):
        try:
            return super().clean()
        except ValidationError as fault:
            data = self.cleaned_data
            if services.is_switched_off(data.get("username", ""), data.get("password", "")):
                raise ValidationError(self.error_messages["inactive"], code="inactive") from fault
            raise


class OwnPasswordForm(PortalMixin, PasswordChangeForm):
    error_messages = {
        "password_mismatch": "两次填写的新密码不一样，请重新填写。",
        "password_incorrect": "原密码不正确，请重新填写。",
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        labels = {"old_password": "原密码", "new_password1": "新密码", "new_password2": "再填一次新密码"}
        for name, label in labels.items():
            self.fields[name].label = label
            self.fields[name].error_messages["required"] = f"请填写{label}。"
        self.fields[
            "new_password1"
        ].help_text = "至少 10 个字符，包含小写字母、大写字母、数字、符号中的三种。"
        self.fields["new_password2"].help_text = ""

    def clean_new_password1(self):
        new = self.cleaned_data["new_password1"]
        if self.user.check_password(new):
            raise ValidationError("新密码和原密码一样，请换一个。")
        return new


class UnitFilterForm(PortalForm):
    """Which units to list."""

    q = forms.CharField(label="名称或代码", required=False, max_length=60)
    level = forms.ChoiceField(
        label="层级",
        required=False,
        choices=[("", "全部"), *[choice for choice in Level.choices if choice[0] != Level.POST]],
    )


class ContactForm(PortalForm):
    """How residents reach a unit."""

    supervision_phone = HalfWidthCharField(
        label="监督电话",
        required=False,
        max_length=30,
        validators=[checks.phone],
        help_text="公开在承诺页上，居民照它打电话，例如 0452-2345678。没有它，承诺不能提交审查。",
    )
    office_hours = forms.CharField(
        label="办公时间",
        required=False,
        max_length=60,
        validators=[checks.free_text],
        help_text="例如：工作日 08:30—17:30。",
    )
    address = forms.CharField(label="地址", required=False, max_length=200, validators=[checks.free_text])

    def __init__(self, *args, unit: Organisation, **kwargs):
        initial = {name: getattr(unit, name) for name in self.base_fields}
        super().__init__(*args, initial=initial, **kwargs)


class AddForm(PortalForm):
    """A window or a post under a unit."""

    level = forms.ChoiceField(
        label="增加什么",
        choices=[(Level.WINDOW, "窗口"), (Level.POST, "岗位")],
        widget=forms.RadioSelect,
        help_text="窗口有自己的公开页；岗位用来写责任岗位，不公开到人。",
    )
    name = forms.CharField(
        label="名称",
        max_length=120,
        validators=[checks.unit_name],
        help_text="例如：综合服务窗口、民生保障岗。",
    )
    supervision_phone = HalfWidthCharField(
        label="监督电话",
        required=False,
        max_length=30,
        validators=[checks.phone],
        help_text="增加窗口时填写。",
    )

    def __init__(self, *args, unit: Organisation, **kwargs):
        super().__init__(*args, **kwargs)
        if unit.level == Level.WINDOW:
            self.fields["level"].choices = [(Level.POST, "岗位")]
            self.fields["level"].initial = Level.POST
            del self.fields["supervision_phone"]


class AccountFilterForm(PortalForm):
    q = forms.CharField(label="姓名、账号或单位", required=False, max_length=60)
    state = forms.ChoiceField(
        label="状态",
        required=False,
        choices=[("", "全部"), ("on", "启用"), ("off", "已停用"), ("none", "没有任用资格")],
    )


class UnitChoiceField(forms.ModelChoiceField):
    """A unit, named together with the one it stands under."""

    def label_from_instance(self, unit):
        return f"{unit.parent.name} · {unit.name}" if unit.parent else unit.name


class GrantForm(PortalForm):
    """A role at a unit."""

    organisation = UnitChoiceField(label="单位", queryset=None)
    role = forms.ChoiceField(label="角色", choices=[("", "请选择"), *Role.choices])

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        units = Organisation.objects.visible_to(user).in_force().exclude(level=Level.POST)
        self.fields["organisation"].queryset = units.select_related("parent").in_tree_order()


class AccountForm(GrantForm):
    """A new account and its first role."""

    username = HalfWidthCharField(
        label="账号",
        max_length=40,
        help_text="用小写字母、数字和 . _ -，例如 wulong.zhang。建立后不能改。",
    )
    name = forms.CharField(label="姓名", max_length=60, validators=[checks.person_name])
    email = forms.EmailField(label="电子邮箱", required=False, max_length=254)
    field_order = ["name", "username", "email", "organisation", "role"]

    def clean_username(self):
        username = self.cleaned_data["username"].lower()
        checks.username(username)
        return username


class TokenForm(PortalForm):
    """A new key for a program."""

    name = forms.CharField(
        label="用途", max_length=60, help_text="哪个系统、谁在用，例如：街道办公系统填报承诺。"
    )
    scopes = forms.MultipleChoiceField(
        label="范围",
        choices=[("file", "填报草稿"), ("read", "读取本人的草稿")],
        widget=forms.CheckboxSelectMultiple,
        help_text="只填草稿，不能提交、审查和公开；草稿要有人在工作台核对以后提交。",
    )
    expires_on = forms.DateField(label="有效期至", help_text="最长一年，到期自动失效。")
