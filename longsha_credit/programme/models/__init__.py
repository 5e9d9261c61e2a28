"""What the plan asks for: years and stages."""

from longsha_credit.programme.models.years import Stage, StageKey, Year, YearState

__all__ = ["Stage", "StageKey", "Year", "YearState"]
