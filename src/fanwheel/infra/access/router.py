"""Every route of access."""

from fastapi import APIRouter

from fanwheel.infra.access.routes import auth, keys, members, workspaces

router = APIRouter()
for part in (auth.router, workspaces.router, members.router, keys.router):
    router.include_router(part)
