"""Records of access as the API shows them."""

from fanwheel.infra.access import schemas
from fanwheel.infra.access.contracts import ApiKey, AuditEntry, Membership, Workspace


def workspace(found: Workspace) -> schemas.WorkspaceOut:
    """A workspace and its settings."""
    return schemas.WorkspaceOut(
        id=found.workspace_id,
        slug=found.slug,
        name=found.name,
        time_zone=found.time_zone,
        default_region=found.default_region,
        reporting_currency=found.reporting_currency,
        margin=found.margin,
        is_demo=found.is_demo,
    )


def membership(found: Membership) -> schemas.MembershipOut:
    """One of the workspaces a user can go to."""
    return schemas.MembershipOut(id=found.workspace_id, slug=found.slug, name=found.name, role=found.role)


def key(found: ApiKey) -> schemas.KeyOut:
    """A key without its secret; a write key has no role, because it only sends events."""
    return schemas.KeyOut(
        id=found.api_key_id,
        kind=found.kind,
        name=found.name,
        prefix=found.prefix,
        role=found.role if found.kind == "server" else None,
        created_at=found.created_at,
        last_used_at=found.last_used_at,
        revoked_at=found.revoked_at,
    )


def audit_entry(found: AuditEntry) -> schemas.AuditOut:
    """One change, and who made it."""
    return schemas.AuditOut(
        id=found.audit_id,
        at=found.audited_at,
        actor=found.actor,
        actor_name=found.actor_name,
        action=found.action,
        target=found.target,
        detail=found.detail,
    )
