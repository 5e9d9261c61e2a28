"""Organisations, people, users."""

from longsha_credit.directory.models.names import FormerName
from longsha_credit.directory.models.organisations import Level, Organisation
from longsha_credit.directory.models.people import Official, Posting
from longsha_credit.directory.models.tokens import ApiFiling, ApiToken
from longsha_credit.directory.models.users import Membership, User

__all__ = [
    "ApiFiling",
    "ApiToken",
    "FormerName",
    "Level",
    "Membership",
    "Official",
    "Organisation",
    "Posting",
    "User",
]
