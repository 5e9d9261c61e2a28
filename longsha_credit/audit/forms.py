"""What a step asks before it is taken."""

from django import forms

from longsha_credit.web.forms import PortalForm


class StepForm(PortalForm):
    """A reason where the step needs one; an app's own forms add what their steps ask."""

    reason = forms.CharField(label="理由", max_length=500, widget=forms.Textarea(attrs={"rows": 4}))

    def __init__(self, *args, step, obj, **kwargs):
        super().__init__(*args, **kwargs)
        self.step, self.obj = step, obj
        if step.reason:
            self.fields["reason"].label = f"{step.label}的理由"
        else:
            del self.fields["reason"]

    def given(self):
        """The cleaned values as the step takes them."""
        return dict(self.cleaned_data)
