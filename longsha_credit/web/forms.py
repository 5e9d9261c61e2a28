"""Forms: how fields are drawn, and what they say when something is wrong."""

import datetime
import re
from decimal import Decimal

from django import forms
from django.core import validators
from django.core.exceptions import ValidationError
from django.db.models import Field as ModelField
from django.forms.boundfield import BoundField
from django.forms.renderers import BaseRenderer, DjangoTemplates
from django.template import loader

OWN_TEMPLATES = {
    "django/forms/widgets/radio.html": "web/_choices.html",
    "django/forms/widgets/checkbox_select.html": "web/_choices.html",
}
FULL_WIDTH = str.maketrans("０１２３４５６７８９．－／：，　", "0123456789.-/:, ")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff\u00ad]")
CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
BIGGEST_INTEGER = 2_147_483_647
YEARS = range(1900, 2101)


class PortalBoundField(BoundField):
    """A field with its data: cleans what keyboards and copied text bring along, and links hint and fault."""

    def __init__(self, form, field, name):
        super().__init__(form, field, name)
        if limits := getattr(field.widget, "limits", ""):
            self.help_text = f"{self.help_text}{limits}"

    @property
    def data(self):
        return _tidied(super().data, self.field)

    def value(self):
        """A number as people write it: 20, not 20.00."""
        value = super().value()
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value

    @property
    def anchor(self):
        """The id that a link in the error summary goes to: for a group of choices, its first one."""
        return f"{self.auto_id}_0" if self.use_fieldset else self.id_for_label

    @property
    def is_checkbox(self):
        return isinstance(self.field.widget, forms.CheckboxInput)

    def build_widget_attrs(self, attrs, widget=None):
        widget = widget or self.field.widget
        attrs = super().build_widget_attrs(attrs, widget)
        if self.use_fieldset:
            attrs.pop("aria-invalid", None)  # the group has the fault, not one of its choices
        elif not widget.is_hidden and not isinstance(widget, forms.CheckboxInput):
            attrs["class"] = " ".join(filter(None, ["input", widget.attrs.get("class"), attrs.get("class")]))
        return attrs


class FieldRenderer(BaseRenderer):
    """Draws forms with the portal's templates, and with Django's own where the portal has none."""

    form_template_name = "web/_form.html"
    field_template_name = "web/_field.html"
    bound_field_class = PortalBoundField

    def __init__(self):
        self.builtin = DjangoTemplates()

    def get_template(self, template_name):
        name = OWN_TEMPLATES.get(template_name, template_name)
        if name.startswith("django/forms/"):
            return self.builtin.get_template(name)
        return loader.get_template(name)


class PortalMixin:
    """Put before any Django form class: plain Chinese messages, calm widgets, nothing invisible let in."""

    use_required_attribute = False  # the portal's own sentences come from the server

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            label = str(field.label or name)
            _settle_widget(field)
            _settle_choices(field)
            _settle_validators(field, label)
            _settle_messages(field, label)


class PortalForm(PortalMixin, forms.Form):
    """A form of the portal."""


class PortalModelForm(PortalMixin, forms.ModelForm):
    """A form of the portal over a model."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        default = ModelField.default_error_messages["unique"]
        for name, field in self.fields.items():
            column = next((f for f in self._meta.model._meta.fields if f.name == name), None)
            if column is not None and column.error_messages.get("unique") is default:
                field.error_messages.setdefault("unique", f"已经有同样的{field.label}，请核对后换一个。")


class HalfWidthCharField(forms.CharField):
    """Text of digits and letters (a telephone number, a code) typed with any keyboard."""

    half_width = True


class DateInput(forms.DateInput):
    input_type = "date"

    def __init__(self, attrs=None):
        # Without a last day Chromium takes six digits for the year, and 20261201 becomes the year 202612.
        attrs = {"placeholder": "2026-11-30", "min": "1900-01-01", "max": "2100-12-31", **(attrs or {})}
        super().__init__(attrs=attrs, format="%Y-%m-%d")


class FileInput(forms.FileInput):
    """A file box that says beforehand what it takes: `limits` is a sentence, `accept` a list of endings."""

    def __init__(self, attrs=None, limits="", accept=""):
        super().__init__(attrs={**(attrs or {}), **({"accept": accept} if accept else {})})
        self.limits = limits


class FilesInput(FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Several files at once; gives a list."""

    widget = FilesInput

    def clean(self, data, initial=None):
        files = data if isinstance(data, list | tuple) else [data]
        files = [file for file in files if file]
        if not files:
            return [super().clean(None, initial)] if self.required else []
        return [super(FilesField, self).clean(file, initial) for file in files]


def _tidied(value, field):
    """Data as it was meant: half-width digits in numbers and dates, one kind of line break."""
    if isinstance(value, list):
        return [_tidied(item, field) for item in value]
    if not isinstance(value, str):
        return value
    if isinstance(field, NUMBERS + DATES) or getattr(field, "half_width", False):
        return INVISIBLE.sub("", value).translate(FULL_WIDTH).strip()
    if getattr(field, "strip", True) and isinstance(field, forms.CharField):
        return INVISIBLE.sub("", value).replace("\r\n", "\n").replace("\r", "\n")
    return value


NUMBERS = (forms.IntegerField, forms.DecimalField, forms.FloatField)
DATES = (forms.DateField, forms.DateTimeField, forms.TimeField)
PICKED = (forms.ChoiceField, forms.ModelChoiceField, forms.MultipleChoiceField)


def _is_whole(field):
    # Django derives its decimal field from the integer field
    return isinstance(field, forms.IntegerField) and not isinstance(
        field, forms.DecimalField | forms.FloatField
    )


def _settle_widget(field):
    widget = field.widget
    if type(widget) is forms.DateInput:
        field.widget = DateInput(attrs=widget.attrs)
    elif type(widget) is forms.NumberInput:
        # A number box swallows full-width digits and what it does not understand; a text box keeps them.
        widget.input_type = "text"
        widget.attrs = {k: v for k, v in widget.attrs.items() if k not in ("min", "max", "step")}
        widget.attrs.setdefault("inputmode", "numeric" if _is_whole(field) else "decimal")
    if isinstance(widget, forms.Textarea) and widget.attrs.get("rows") == "10":
        widget.attrs["rows"] = "5"
    if isinstance(widget, forms.TextInput | forms.Textarea) and "maxlength" in widget.attrs:
        # maxlength cuts pasted text without a word; the counter and the fault say by how much it is too long.
        widget.attrs["data-max"] = widget.attrs.pop("maxlength")


def _settle_choices(field):
    if isinstance(field, forms.ModelChoiceField):
        if field.empty_label == "---------":
            field.empty_label = "请选择" if field.required else "不选"
    elif isinstance(field, forms.ChoiceField) and isinstance(field.choices, list):
        blank = "请选择" if field.required else "不选"
        field.choices = [(k, blank if v == "---------" else v) for k, v in field.choices]


def _settle_validators(field, label):
    replaced = (
        validators.MaxLengthValidator,
        validators.MinLengthValidator,
        validators.ProhibitNullCharactersValidator,
    )
    kept = [validator for validator in field.validators if type(validator) not in replaced]
    if isinstance(field, forms.CharField):
        kept.append(_no_control_characters(label))
        longest, least = field.max_length, field.min_length
        if longest is not None or least is not None:
            kept.append(_length(label, longest, least))
    if _is_whole(field):
        if field.max_value is None:
            kept.append(validators.MaxValueValidator(BIGGEST_INTEGER))
        if field.min_value is None:
            kept.append(validators.MinValueValidator(-BIGGEST_INTEGER))
    if isinstance(field, forms.DateField | forms.DateTimeField):
        kept.append(_sensible_year(label))
    field.validators = kept


def _no_control_characters(label):
    def check(value):
        if CONTROL.search(str(value)):
            raise ValidationError(
                f"{label}里有看不见的控制字符，请删去后重新填写，或先粘贴到记事本再复制过来。", code="control"
            )

    return check


def _length(label, longest, least):
    def check(value):
        length = len(str(value))
        if longest is not None and length > longest:
            raise ValidationError(
                f"{label}最多 {longest} 个字，现在有 {length} 个字，请删去 {length - longest} 个字。",
                code="max_length",
            )
        if least is not None and length < least:
            raise ValidationError(
                f"{label}至少 {least} 个字，现在有 {length} 个字，请再写 {least - length} 个字。",
                code="min_length",
            )

    return check


def _sensible_year(label):
    def check(value):
        if isinstance(value, datetime.date) and value.year not in YEARS:
            raise ValidationError(f"{label}的年份要在 {YEARS[0]} 到 {YEARS[-1]} 之间，请核对。", code="year")

    return check


def _settle_messages(field, label):
    """Replace what Django says by default; what the form's author wrote stays."""
    defaults = {}
    for cls in reversed(type(field).__mro__):
        defaults.update(getattr(cls, "default_error_messages", {}))
    for code, text in _messages(field, label).items():
        if code not in field.error_messages or field.error_messages[code] is defaults.get(code):
            field.error_messages[code] = text


def _messages(field, label):
    texts = {"required": _required(field, label)}
    texts["null_characters_not_allowed"] = f"{label}里有看不见的控制字符，请删去后重新填写。"
    if isinstance(field, forms.DateTimeField):
        texts["invalid"] = f"{label}要写成 2026-11-30 09:30 这样的日期和时间。"
    elif isinstance(field, forms.DateField):
        texts["invalid"] = f"{label}要写成 2026-11-30 这样的日期。"
    elif isinstance(field, forms.TimeField):
        texts["invalid"] = f"{label}要写成 09:30 这样的时间。"
    elif isinstance(field, NUMBERS):
        texts |= _number_messages(field, label)
    elif isinstance(field, PICKED):
        pick = f"请从列出的选项里选择{f'“{label}”' if label.endswith('？') else label}。"
        texts |= {"invalid_choice": _filled(pick), "invalid_list": pick, "invalid_pk_value": _filled(pick)}
    elif isinstance(field, forms.FileField):
        texts |= {
            "invalid": "没有收到文件，请重新选择后再提交。",
            "missing": "没有收到文件，请重新选择后再提交。",
            "empty": "这个文件是空的，请打开核对后重新选择。",
            "max_length": "文件名最多 %(max)d 个字，现在有 %(length)d 个字，请改短后再上传。",
            "invalid_image": f"{label}不是可以打开的图片，请换一个文件。",
        }
    elif isinstance(field, forms.EmailField):
        texts["invalid"] = f"{label}要写成 name@example.cn 这样的邮箱地址。"
    elif isinstance(field, forms.URLField):
        texts["invalid"] = f"{label}要写完整的网址，以 https:// 开头。"
    elif isinstance(field, forms.UUIDField):
        texts["invalid"] = f"{label}不正确，请核对后重新填写。"
    return texts


def _filled(text):
    """Words for a message into which Django puts values: 得分率（%） keeps its sign."""
    return text.replace("%", "%%")


def _required(field, label):
    if label.endswith("？"):
        return f"请回答“{label}”"
    if isinstance(field, forms.BooleanField):
        return f"请勾选“{label}”。"
    if isinstance(field, forms.FileField):
        return f"请选择要上传的{label}。"
    return f"请选择{label}。" if isinstance(field, PICKED) else f"请填写{label}。"


def _number_messages(field, label):
    whole = isinstance(field, forms.IntegerField) and not isinstance(
        field, forms.DecimalField | forms.FloatField
    )
    return {
        "invalid": f"{label}要写整数，例如 24。" if whole else f"{label}要写数字，例如 24 或 24.5。",
        "max_value": f"{_filled(label)}不能大于 %(limit_value)s，请核对。",
        "min_value": f"{_filled(label)}不能小于 %(limit_value)s，请核对。",
        "max_digits": f"{_filled(label)}最多 %(max)s 位数字，请核对。",
        "max_decimal_places": f"{_filled(label)}最多保留 %(max)s 位小数。",
        "max_whole_digits": f"{_filled(label)}的整数部分最多 %(max)s 位，请核对。",
    }
