"""Pages, pictures and settings of the public site."""

from .bulletin import BulletinIndexPage, BulletinPage
from .figures import FiguresPage
from .liaison import HelpVisit, LiaisonPage, LiaisonPoint, VisitPicture, VisitSign
from .no_penalty import NoPenaltyMatter, NoPenaltyPage
from .outreach import ContentPage, OutreachIndexPage
from .pages import HomePage, ProtectionPage
from .pictures import SitePicture, SiteRendition
from .plan import EnforcementPlanPage, PlanNumber, PlanUpdate
from .quiz import QuizPage
from .rules_library import RuleArticle, RulePage, RulesIndexPage
from .settings import BureauSettings
from .shown_mark import ShownMark
from .topics import TopicPage
from .videos import SiteVideo

__all__ = [
    "BulletinIndexPage",
    "BulletinPage",
    "BureauSettings",
    "ContentPage",
    "EnforcementPlanPage",
    "FiguresPage",
    "HelpVisit",
    "HomePage",
    "LiaisonPage",
    "LiaisonPoint",
    "NoPenaltyMatter",
    "NoPenaltyPage",
    "OutreachIndexPage",
    "PlanNumber",
    "PlanUpdate",
    "ProtectionPage",
    "QuizPage",
    "RuleArticle",
    "RulePage",
    "RulesIndexPage",
    "ShownMark",
    "SitePicture",
    "SiteRendition",
    "SiteVideo",
    "TopicPage",
    "VisitPicture",
    "VisitSign",
]
