"""The form field for a text with headings, lists, tables and pictures: an editor, or a plain box where it cannot run."""

import json
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError

from longsha_credit.web import richtext

EDITOR, PLAIN, KEPT = "html", "plain", "kept"


class Written(NamedTuple):
    """What a form sent, and in which of the three ways: EDITOR, PLAIN or KEPT."""

    way: str
    text: str = ""


class RichTextInput(forms.Widget):
    """Posts `<name>_html` (the editor), `<name>` (the plain box) or `<name>_kept` (shown only, stays as it is).

    The first of them that came counts. Script and style sheet come along with the box, and the script starts the
    editor only where the browser can run it; without it the box is left as the server wrote it.
    """

    template_name = "web/_rich.html"
    pictures: dict[str, str] = {}

    def value_from_datadict(self, data, files, name):
        if f"{name}_html" in data:
            return Written(EDITOR, data[f"{name}_html"])
        if name in data:
            return Written(PLAIN, data[name])
        return Written(KEPT) if f"{name}_kept" in data else None

    def value_omitted_from_data(self, data, files, name):
        return self.value_from_datadict(data, files, name) is None

    def get_context(self, name, value, attrs):
        context = super().get_context(name, None, attrs)
        html, plain = _shown(value)
        attrs = context["widget"]["attrs"]
        notation = f"{attrs.get('id', name)}_notation"
        context["widget"] |= {
            "notation": notation,
            "boxed": attrs | {"aria-describedby": f"{attrs.get('aria-describedby', '')} {notation}".strip()},
            "html": html,
            "plain": plain,
            "drawn": "" if plain is not None else _drawn(html, self.pictures),
            "pictures": json.dumps(self.pictures),
        }
        return context


class RichTextField(forms.Field):
    """Cleans to canonical HTML (web.richtext), "" when empty.

    `form.fields["body"].pictures = {sha256: address}` tells which pictures belong to the text; others are refused.
    The widget brings its own script and style sheet along: the form's page needs nothing in its head.
    """

    widget = RichTextInput

    def __init__(self, *, pictures: dict[str, str] | None = None, **kwargs: Any):
        super().__init__(**kwargs)
        self.pictures = pictures or {}

    @property
    def pictures(self) -> dict[str, str]:
        return self.widget.pictures

    @pictures.setter
    def pictures(self, pictures: dict[str, str]) -> None:
        self.widget.pictures = pictures

    def _clean_bound_field(self, bf):
        return self.clean(bf.initial if self.disabled else bf.data, bf.initial)

    def clean(self, value: Written | str | None, initial: str | None = None) -> str:
        """The canonical text of what was sent; `initial` is what was there before; raises ValidationError."""
        html = self.to_python(value, initial)
        super().validate(html)
        self.run_validators(html)
        if not (isinstance(value, Written) and value.way == KEPT):
            self._know(html)
        return html

    def to_python(self, value: Written | str | None, initial: str | None = None) -> str:
        """HTML of a way a form sends, or of HTML itself."""
        if value is None:
            return ""
        way, text = value if isinstance(value, Written) else (EDITOR, value)
        if way == KEPT:
            return initial or ""
        try:
            return richtext.from_plain(text) if way == PLAIN else richtext.clean(text)
        except richtext.TooLong as problem:
            raise ValidationError(str(problem), code="max_length") from problem

    def _know(self, html: str) -> None:
        strange = [sha256 for sha256 in richtext.pictures_in(html) if sha256 not in self.pictures]
        if strange:
            raise ValidationError(
                f"正文里有 {len(strange)} 张图片不是这份材料里的，不能保存。请删去，或用 Word 文件带入。",
                code="picture",
            )

    def bound_data(self, data, initial):
        kept = isinstance(data, Written) and data.way == KEPT
        return initial if self.disabled or kept else data

    def has_changed(self, initial, data):
        try:
            return not self.disabled and self.to_python(data, initial) != (initial or "")
        except ValidationError:
            return True


def _shown(value: Written | str | None) -> tuple[str, str | None]:
    """What the editor and the plain box begin with; None where the box cannot hold it."""
    if isinstance(value, Written) and value.way == PLAIN:
        try:
            return richtext.from_plain(value.text), value.text
        except richtext.TooLong:
            return "", value.text
    html = value.text if isinstance(value, Written) else value or ""
    try:
        return richtext.clean(html), richtext.to_plain(html)
    except richtext.TooLong:
        return html, None  # too long to be read here: it is not lost in the editor that sent it


def _drawn(html: str, pictures: dict[str, str]) -> str:
    try:
        return richtext.render(html, pictures)
    except richtext.TooLong:
        return ""
