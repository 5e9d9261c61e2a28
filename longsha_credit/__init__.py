"""The project package: what all four apps stand on."""

from longsha_credit.celery import app as celery_app

__all__ = ["celery_app"]
