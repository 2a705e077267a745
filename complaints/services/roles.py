"""Roles of people: a membership row for each, and the Wagtail groups that follow from them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.apps import apps
from django.contrib.auth.management import create_permissions
from django.contrib.auth.models import Group, Permission, User
from django.db import connection, transaction
from django.db.models import Model, Q
from wagtail.models import Collection, GroupCollectionPermission, GroupPagePermission, Page
from wagtail.users.models import UserProfile

from complaints import events
from complaints.enterprise_errors import ManagerApart
from complaints.enums import Role
from complaints.errors import NotToOneself, RolesApart
from complaints.models import EnterpriseManager, Membership, Office
from complaints.rules import separation
from complaints.rules.waiting import ROLES_THAT_WAIT
from portal.shared.services import second_factor

from . import audit
from .refusals import refused_changes_are_logged

GROUP_PREFIX = "role:"


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What the group of one role may do in Wagtail: on whole models, on all pages, in all collections.

    A permission is written `app.codename`. Tips never appear here: rights on them come from memberships.
    """

    models: tuple[str, ...] = ()
    pages: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


_ENTER = "wagtailadmin.access_admin"
_TEMPLATES = tuple(f"complaints.{act}_replytemplate" for act in ("add", "change", "delete"))
_WRITE_FILES = tuple(
    f"{app}.{act}_{name}"
    for app, name in (("wagtailimages", "image"), ("wagtaildocs", "document"))
    for act in ("add", "change", "choose")
)
_OUTREACH = tuple(
    f"home.{act}_{name}"
    for act in ("add", "change", "delete")
    for name in ("nopenaltymatter", "liaisonpoint", "helpvisit", "sitevideo")
)
# An officer signs visits in, and sees those of the own liaison points.
_SIGN_IN = ("home.add_helpvisit",)
_PLAN_NUMBERS = ("home.change_enforcementplanpage",)
_CHOOSE_FILES = ("wagtailimages.choose_image", "wagtaildocs.choose_document")

GRANTS: dict[Role, Grant] = {
    Role.LEADER: Grant(models=_TEMPLATES),
    Role.OFFICER: Grant(models=_SIGN_IN),
    Role.EDITOR: Grant(models=(*_OUTREACH, *_PLAN_NUMBERS), pages=("add", "change"), files=_WRITE_FILES),
    Role.PUBLISHER: Grant(
        models=(*_OUTREACH, *_PLAN_NUMBERS), pages=("change", "publish"), files=_CHOOSE_FILES
    ),
    Role.SYSTEM_ADMINISTRATOR: Grant(
        models=(
            *("auth.add_user", "auth.change_user"),
            *("complaints.add_office", "complaints.change_office", "complaints.view_division"),
            *("complaints.add_membership", "complaints.delete_membership"),
            *(
                "complaints.add_deadlinepolicy",
                "complaints.change_deadlinepolicy",
                "complaints.delete_deadlinepolicy",
            ),
            *(
                f"complaints.{act}_{name}"
                for act in ("add", "change", "delete")
                for name in (
                    "routingrule",
                    "competentbody",
                    "retentionrule",
                    "rewardpolicy",
                    "inspectionceiling",
                    "channelduty",
                    "insidepolicy",
                    "attentionweights",
                    "evaluationweights",
                    "reviewsheet",
                    "alarmthresholds",
                )
            ),
            *("complaints.add_specialday", "complaints.change_specialday", "complaints.delete_specialday"),
            *_TEMPLATES,
            *("wagtailcore.change_site", "home.change_bureausettings"),
        ),
    ),
}


def ensure_role_groups() -> None:
    """Make one Wagtail group per role and give it what the table says; may run again and again.

    Does nothing while the tables are not there (in the middle of migrating).
    """
    needed: tuple[type[Model], ...] = (Group, Permission, GroupPagePermission, GroupCollectionPermission)
    if {model._meta.db_table for model in needed} <= set(connection.introspection.table_names()):
        _create_missing_permissions()
        for role in Role:
            _ensure_group(role)


def _create_missing_permissions() -> None:
    """Django makes the permissions of an app after our own signal may have run."""
    named = {name.split(".")[0] for grant in GRANTS.values() for name in grant.models}
    for label in sorted(named):
        create_permissions(apps.get_app_config(label), verbosity=0)


def _group_of(role: Role) -> Group:
    """Return the group of a role as the last migration left it; it is made here only where it is missing."""
    return Group.objects.filter(name=f"{GROUP_PREFIX}{role.value}").first() or _ensure_group(role)


@transaction.atomic
def _ensure_group(role: Role) -> Group:
    group, _made = Group.objects.get_or_create(name=f"{GROUP_PREFIX}{role.value}")
    grant = GRANTS.get(role, Grant())
    group.permissions.set(_permissions((_ENTER, *grant.models)))
    _grant_pages(group=group, grant=grant)
    _grant_files(group=group, grant=grant)
    return group


def _permissions(names: Iterable[str]) -> list[Permission]:
    wanted = Q(pk=None)
    for name in names:
        app, codename = name.split(".")
        wanted |= Q(content_type__app_label=app, codename=codename)
    return list(Permission.objects.filter(wanted))


def _grant_pages(*, group: Group, grant: Grant) -> None:
    root = Page.get_first_root_node()
    if root is not None:
        for permission in _permissions(f"wagtailcore.{act}_page" for act in grant.pages):
            GroupPagePermission.objects.get_or_create(group=group, page=root, permission=permission)


def _grant_files(*, group: Group, grant: Grant) -> None:
    root = Collection.get_first_root_node()
    if root is not None:
        for permission in _permissions(grant.files):
            GroupCollectionPermission.objects.get_or_create(
                group=group, collection=root, permission=permission
            )


def assign_role(
    *, user: User, office: Office, role: Role, at: datetime, actor: User | None = None
) -> Membership:
    """Give a person a role in a unit and the Wagtail group that goes with it; a second call changes nothing.

    Args:
        actor: who gives the role; None for the set-up of the machine.

    Raises:
        NotToOneself: nobody gives a role to himself or herself, a superuser neither.
        RolesApart: the person holds a role that is kept apart from this one, see rules/separation.py.
    """
    wanted = {"user": user.pk, "office": office.pk, "role": Role(role).value}
    with refused_changes_are_logged(
        act="role.given", subject=f"user:{user.pk}", data=wanted, at=at, actor=actor
    ):
        return _assign(user=user, office=office, role=Role(role), at=at, actor=actor)


@transaction.atomic
def _assign(*, user: User, office: Office, role: Role, at: datetime, actor: User | None) -> Membership:
    _not_to_oneself(user=user, actor=actor)
    # Two administrators who each give one half of a pair wait for each other.
    person = User.objects.select_for_update(no_key=True).get(pk=user.pk)
    _keep_apart(user=person, office=office, role=role)
    if EnterpriseManager.objects.filter(user=person, ended_at=None).exists():
        raise ManagerApart
    membership, is_new = Membership.objects.get_or_create(user=user, office=office, role=role)
    user.groups.add(_group_of(role))
    if is_new:
        _prepare_desk(user)
        _log(action="role.given", membership=membership, at=at, actor=actor)
        _announce(membership, at=at, actor=actor)
    return membership


def _announce(membership: Membership, *, at: datetime, actor: User | None) -> None:
    """Let those who watch over openings know of a role that takes part in them; not of the machine's set-up."""
    if actor is None or Role(membership.role) not in ROLES_THAT_WAIT:
        return
    values = {"membership_id": membership.pk, "actor_id": actor.pk, "at": at}
    transaction.on_commit(partial(events.role_given.send_robust, sender=Membership, **values))


def _not_to_oneself(*, user: User, actor: User | None) -> None:
    if actor is not None and actor.pk == user.pk:
        raise NotToOneself


def _keep_apart(*, user: User, office: Office, role: Role) -> None:
    rows = Membership.objects.filter(user=user).select_related("office")
    held = {separation.Held(role=Role(row.role), office_id=row.office_id): row for row in rows}
    if user.is_superuser:
        machine = separation.Held(role=Role.SYSTEM_ADMINISTRATOR, office_id=office.pk)
        held.setdefault(machine, Membership(user=user, office=office, role=Role.SYSTEM_ADMINISTRATOR))
    wanted = separation.Held(role=role, office_id=office.pk)
    above = dict(Office.objects.values_list("pk", "parent_id"))
    found = separation.conflict(wanted=wanted, held=held, above=above)
    if found is not None:
        raise RolesApart(role=str(role.label), held=str(found.role.label), office=held[found].office.name)


def remove_role(*, membership: Membership, at: datetime, actor: User | None = None) -> None:
    """Take a role back; the Wagtail group goes with the last membership that gave it.

    Raises:
        NotToOneself: nobody changes an own role, not even to give it up.
    """
    user, role = membership.user, membership.role
    taken = {"user": user.pk, "office": membership.office_id, "role": role}
    with refused_changes_are_logged(
        act="role.taken", subject=f"user:{user.pk}", data=taken, at=at, actor=actor
    ):
        _not_to_oneself(user=user, actor=actor)
        with transaction.atomic():
            _log(action="role.taken", membership=membership, at=at, actor=actor)
            membership.delete()
            if not Membership.objects.filter(user=user, role=role).exists():
                user.groups.remove(*Group.objects.filter(name=f"{GROUP_PREFIX}{role}"))


def forget_second_factor(*, user: User, at: datetime, actor: User) -> None:
    """Take a person's authenticator app and recovery codes away, so that a new app is set up at the next sign-in.

    Raises:
        NotToOneself: nobody does this to himself or herself.
    """
    subject = f"user:{user.pk}"
    with refused_changes_are_logged(act="second_factor.reset", subject=subject, data={}, at=at, actor=actor):
        _not_to_oneself(user=user, actor=actor)
        with transaction.atomic():
            second_factor.forget(user=user, at=at)
            audit.record(action="second_factor.reset", at=at, actor=actor, subject=subject)


def _prepare_desk(user: User) -> None:
    """Officers read long lists: the dense layout of the back office is theirs from the first day."""
    profile, is_new = UserProfile.objects.get_or_create(user=user)
    if is_new:
        profile.density = UserProfile.AdminDensityThemes.SNUG
        profile.save(update_fields=["density"])


def _log(*, action: str, membership: Membership, at: datetime, actor: User | None) -> None:
    data = {"user": membership.user_id, "office": membership.office_id, "role": membership.role}
    audit.record(action=action, at=at, actor=actor, subject=f"user:{membership.user_id}", data=data)
