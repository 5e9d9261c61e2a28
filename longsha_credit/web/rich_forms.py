"""The form field for a text with headings, lists, tables and pictures: an editor, or a plain box where it cannot run."""

from django import forms


class RichTextInput(forms.Widget):
    """Posts `<name>_html` (the editor), `<name>` (the plain box) or `<name>_kept` (shown only, stays as it is)."""

    needs_multipart_form = False


class RichTextField(forms.Field):
    """Cleans to canonical HTML (web.richtext), "" when empty.

    `form.fields["body"].pictures = {sha256: address}` tells which pictures belong to the text; others are refused.
    The widget brings its own script and style sheet along: the form's page needs nothing in its head.
    """

    widget = RichTextInput

    def __init__(self, *, pictures=None, **kwargs):
        self.pictures = pictures or {}
        super().__init__(**kwargs)
