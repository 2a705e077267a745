"""Pages of typical cases, and the rows their list is made of."""

from cases_public.entries import CaseEntry, CatalogueMark

from .answers import DocumentCheck, PictureCheck, Waiver, Withdrawal
from .case import CasePage
from .chain import ChainTask
from .collection import CollectionPage
from .duty import Duty, DutyFile, DutyRule, Submission, SubmissionScore
from .index import CaseIndexPage
from .publishing import PublishTask
from .reviewed import ReviewedPage, reviewed_page

__all__ = [
    "CaseEntry",
    "CaseIndexPage",
    "CasePage",
    "CatalogueMark",
    "ChainTask",
    "CollectionPage",
    "DocumentCheck",
    "Duty",
    "DutyFile",
    "DutyRule",
    "PictureCheck",
    "PublishTask",
    "ReviewedPage",
    "Submission",
    "SubmissionScore",
    "Waiver",
    "Withdrawal",
    "reviewed_page",
]
