"""The nine main tasks of the plan, by which tasks are handed down and inspections look."""

from django.db import models

from longsha_credit.programme.reference import NINE_TASKS


class MainTask(models.IntegerChoices):
    """试点方案二列明的九项主要任务。任务清单存序号，检查表存 `key`。"""

    DUTY = 1, NINE_TASKS[0]
    RECORDS = 2, NINE_TASKS[1]
    PROMISES = 3, NINE_TASKS[2]
    OPENNESS = 4, NINE_TASKS[3]
    GOVERNANCE = 5, NINE_TASKS[4]
    EXAMPLES = 6, NINE_TASKS[5]
    SCENES = 7, NINE_TASKS[6]
    EDUCATION = 8, NINE_TASKS[7]
    APPRAISAL = 9, NINE_TASKS[8]

    @property
    def key(self) -> str:
        """duty: as it is stored with what is looked at on the spot."""
        return self.name.lower()

    @property
    def place(self) -> str:
        """二（三）: where in the plan it stands."""
        return f"二（{'一二三四五六七八九'[self.value - 1]}）"


BY_KEY = {one.key: one.label for one in MainTask}
