"""Every change of learning materials, apart from the steps of their flow."""

from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone

from longsha_credit.audit.workflow import Refused
from longsha_credit.directory.scope import require_within
from longsha_credit.directory.services import division_of
from longsha_credit.exchange.numbering import next_number
from longsha_credit.files import services as files
from longsha_credit.files.models import StoredFile
from longsha_credit.files.services import NOTHING, Upload
from longsha_credit.programme.education import candidates as c
from longsha_credit.programme.education.flows import EDITION, WRITERS
from longsha_credit.programme.models import Material, MaterialEdition
from longsha_credit.programme.models.materials import MATERIAL_TEXT, STANDING
from longsha_credit.publication import drafts, registry
from longsha_credit.publication.models import Chain
from longsha_credit.publication.registry import Kind

PURPOSE = "education_material"
ON_ITS_WAY = ["draft", "in_review", "offered"]


@transaction.atomic
def save_edition(
    edition: MaterialEdition, *, by: Any, upload: Upload = NOTHING, seen: str = ""
) -> MaterialEdition:
    """Store a new or changed draft; the first one of a material makes the material with its number.

    Raises Http404 outside the writer's units, Refused, files.checks.Unacceptable for a bad file.
    """
    drafts.prepare(edition, draft="draft", by=by, seen=seen, writers=WRITERS)
    new = edition.pk is None
    if new and edition.material_id is None:
        begin = f"ZL-{division_of(edition.organisation)}-{timezone.localdate().year}-"
        edition.material = Material.objects.create(
            organisation=edition.organisation, code=next_number(Material, "code", begin, 6), created_by=by
        )
    elif new:
        Material.objects.select_for_update(of=("self",)).get(pk=edition.material_id)
        if refusal := edition_refusal(edition.material):
            raise Refused(refusal, "state")
    stored = drafts.store(edition, by=by, upload=upload, purpose=PURPOSE, word="学习资料", roles=WRITERS)
    before = current(edition.material) if new else None
    if before:
        stored.files.add(*(file for file in before.files.all() if file.pk not in upload.removed))
    return stored


def current(material: Material) -> MaterialEdition | None:
    """The edition that can be read now."""
    return material.editions.filter(state__in=STANDING).first()


def edition_refusal(material: Material) -> str:
    """Why no new edition may be begun now, or nothing."""
    if material.editions.filter(state__in=ON_ITS_WAY).exists():
        return "这份资料已有一版在办理，请先办完或作废那一版。"
    if material.editions.filter(state="ended").exists() and current(material) is None:
        return "这份资料公开的内容已经撤下，不再公开；要用的另建一份。"
    return ""


def new_edition(material: Material) -> MaterialEdition:
    """An unsaved edition that starts from the newest text there is."""
    last = current(material) or material.editions.exclude(state="discarded").first()
    text = {name: getattr(last, name) for name in MATERIAL_TEXT} if last else {}
    return MaterialEdition(material=material, organisation=material.organisation, **text)


def may_write(user: Any, material: Material) -> bool:
    return user.role_at(WRITERS, material.organisation.path) is not None


def require_writer(user: Any, material: Material) -> None:
    require_within(user, material.organisation, WRITERS)


def reviews_condition(material: Material) -> Q:
    """Every review of a material's editions."""
    return Q(kind=MaterialEdition._meta.label_lower, object_id__in=material.editions.values("pk"))


def _readable_files(user: Any) -> Any:
    """Files of the editions the user may read, and those of the own units that no edition holds."""
    held = MaterialEdition.objects.visible_to(user).values("files")
    own = StoredFile.objects.visible_to(user)
    return StoredFile.objects.filter(Q(pk__in=held) | Q(pk__in=own.values("pk")))


def _desk_url(edition: MaterialEdition) -> str:
    return reverse("education:material", args=[edition.material_id])


def _page(code: str) -> str:
    return reverse("public_education:material", args=[code])


def _version_page(code: str, version: int) -> str:
    return reverse("public_education:material_version", args=[code, version])


def register() -> None:
    """Tell the gate of the materials and the files who may read them; called once when the app is ready."""
    files.readable(PURPOSE, _readable_files)
    registry.register(
        Kind(
            MaterialEdition, "material", "学习资料", Chain.THREE, c.candidate_of_edition, EDITION, c.MATERIAL_LABELS,
            _desk_url, save=save_edition, page=_page, version_page=_version_page, reference_label="编号",
        )
    )  # fmt: skip
