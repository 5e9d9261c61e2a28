"""Official documents of the fictional district: issued, replaced, waiting as drafts; one template in force, one to be."""

from django.core.files.base import ContentFile

from commitments.models import Handover, HandoverState, Obligation, ObligationState, RectificationSlip
from disclosure.models import DisclosedState, Notice, NoticeKind
from longsha_credit.exchange.official import services, word
from longsha_credit.exchange.official.flows import FLOW
from longsha_credit.exchange.official.kinds import KINDS, of
from longsha_credit.programme.models import InspectionNotice
from records.models import Objection, Repair
from records.models.opinions import Opinion

WORDS = {"rectification-supervise": "示信办督", "inspection-notice": "示信办督改", "circular": "示信办通"}
MOST = 2  # of a kind; the others wait as drafts


class _Documents:
    """What the office and the units issue today, told through the story of `demo`."""

    def __init__(self, story):
        self.story, self.people = story, story.people

    def set_words(self) -> None:
        district = self.story.units["示例区"]
        for key, wanted in WORDS.items():
            head = "示例区信用办文件" if key == "circular" else ""
            services.set_word(KINDS[key], district, wanted=wanted, head=head, by=self.people["office"])

    def add_templates(self) -> None:
        district = self.story.units["示例区"]
        for key, note in (("rectification-talk", "加了本区的落款"), ("opinion", "改了标题的字体")):
            upload = ContentFile(word.starting_point(KINDS[key]), f"{KINDS[key].label}模板.docx")
            row = services.add_template(
                KINDS[key], district, upload=upload, note=note, by=self.people["office"]
            )
            if key == "rectification-talk":
                FLOW.take(row, "enforce", by=self.people["reviewer"])

    def issue(self) -> None:
        promises = Obligation.objects.commitments().with_names().filter(state=ObligationState.IN_FORCE)
        over = Handover.objects.with_names().filter(state=HandoverState.COMPLETE)
        told = Notice.objects.with_names().filter(
            kind__in=[NoticeKind.CIRCULAR, NoticeKind.PUBLICITY],
            state=DisclosedState.PUBLISHED,
            document_number="",
        )
        slips = RectificationSlip.objects.select_related(
            "organisation", "issued_for", "rectification__organisation"
        )
        for rows in (slips, InspectionNotice.objects.with_names(), told, promises, over):
            self._issue(rows.order_by("pk")[:MOST])
        for model in (Objection, Repair):
            self._issue(model.objects.decided().with_names().order_by("pk")[:MOST])
        self._issue(Opinion.objects.with_names().order_by("pk")[:MOST])

    def _issue(self, rows) -> None:
        for thing in rows:
            kind = of(thing)[0]
            unit = kind.unit(thing)
            by = self.people["office"] if unit.level == "district" else self.story.lead(unit)
            if by and not kind.against(thing):
                services.issue(kind, thing, by=by, today=self.story.day)


def tell(story) -> None:
    """Note down what is issued today."""
    it, at = _Documents(story), story.at
    at(0, it.set_words)
    at(0, it.add_templates)
    at(0, it.issue)
