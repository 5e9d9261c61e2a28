"""Facts from outside of the fictional district: windows, posts, surveys; one corrected, some units still lacking."""

from django.core.files.uploadedfile import SimpleUploadedFile

from evaluation.importing import services
from evaluation.importing.services import Brought, Origin
from longsha_credit.directory.models import Level, Organisation
from longsha_credit.programme.services import current_year

ONE, OTHER = "便民服务综合窗口", "政务大厅信用窗口"
CASES = ("区政务服务中心（演示）", "示政服函〔2026〕18号", "前三季度办件和好差评统计表.txt")
SURVEY = ("第三方测评机构（演示）", "", "满意度测评报告.txt")
OFFICE = ("区委组织部（演示）", "示组通〔2026〕7号", "评优任用和年度考核名单.txt")
CHECKED = ("区政务公开办（演示）", "示公开办〔2026〕11号", "公开和隐私核查情况.txt")
# origin: unit, metric, numerator as people count it, denominator
BATCHES = {
    CASES: [
        (ONE, "handled-in-legal-time", 1846, 1872), (OTHER, "handled-in-legal-time", 905, 911),
        (ONE, "handled-in-promised-time", 1790, 1872), (OTHER, "handled-in-promised-time", 511, 911),
        (ONE, "guide-completeness", 171, 180), (OTHER, "guide-completeness", 96, 96),
        (ONE, "bad-reviews-fixed", 5, 6), (OTHER, "bad-reviews-fixed", 0, 0),
        (ONE, "good-reviews", 402, 415), (OTHER, "good-reviews", 178, 200),
        (ONE, "reviews-per-case", 415, 1872), (OTHER, "reviews-per-case", 41, 911),
        (ONE, "improper-demands", 0, 0), (OTHER, "improper-demands", 1, 0),
    ],
    SURVEY: [
        ("向阳街道", "satisfaction", 271, 300), ("临江街道", "satisfaction", 214, 280),
        ("新苑社区", "satisfaction", 93, 100), ("和平社区", "satisfaction", 81, 96),
        ("江畔社区", "satisfaction", 20, 24),
        ("新苑社区", "participation", 1260, 1500), ("江畔社区", "participation", 410, 1200),
    ],
    OFFICE: [("向阳街道", "integrity-checks", 12, 12), ("临江街道", "integrity-checks", 7, 9)],
    CHECKED: [
        ("向阳街道", "messages-in-time", 31, 32), ("临江街道", "messages-in-time", 15, 20),
        ("临江街道", "privacy-incidents", 1, 0),
    ],
}  # fmt: skip
POSTS = [
    (ONE, "handling-errors", 1, 640), (ONE, "duties-shown", 2, 2), (ONE, "post-handled-in-time", 633, 640),
    (ONE, "post-scenes", 1, 2), (ONE, "post-satisfaction", 52, 54),
    (OTHER, "handling-errors", 0, 320),
]  # fmt: skip
APPRAISALS = [(ONE, "annual-appraisal", 2, 1), (OTHER, "annual-appraisal", 1, 1)]
LATER = "九月份漏报26件，按平台重新导出"


class _Imports:
    """What the office brings in, told through the story of `demo`."""

    def __init__(self, story):
        self.story = story

    def bring(self, origin, rows, reason="") -> None:
        """All rows of one document."""
        source, number, name = origin
        upload = SimpleUploadedFile(name, f"{name}（演示）".encode())
        found = [Brought(unit.pk, key, round(n * 100), of, reason) for unit, key, n, of in rows]
        services.bring_in(
            found,
            year=current_year(self.story.day),
            origin=Origin(source, number, upload),
            by=self.story.people["office"],
        )

    def units(self, origin) -> None:
        self.bring(origin, [(self.story.units[name], *row) for name, *row in BATCHES[origin]])

    def posts(self) -> None:
        lead = {name: self._lead_post(name) for name in (ONE, OTHER)}
        self.bring(CASES, [(lead[name], *row) for name, *row in POSTS])
        self.bring(OFFICE, [(lead[name], *row) for name, *row in APPRAISALS])

    def correct(self) -> None:
        row = (self.story.units[ONE], "handled-in-legal-time", 1868, 1898)
        self.bring(CASES, [row], reason=LATER)

    def _lead_post(self, name) -> Organisation:
        posts = Organisation.objects.filter(level=Level.POST, is_lead_post=True)
        return posts.get(parent=self.story.units[name])


def tell(story) -> None:
    """Note what the office brings in, and when."""
    imports = _Imports(story)
    story.at(48, imports.units, CASES)
    story.at(47, imports.posts)
    story.at(33, imports.units, SURVEY)
    story.at(30, imports.correct)
    story.at(21, imports.units, OFFICE)
    story.at(20, imports.units, CHECKED)
