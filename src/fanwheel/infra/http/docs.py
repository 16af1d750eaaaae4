"""The API's own pages, served from this machine: no script of anyone else runs where sessions live."""

from importlib import resources
from typing import Final

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response

# The package brings Swagger UI's files along; its own pages have inline scripts, which our policy forbids.
_ASSETS: Final = resources.files("fastapi_offline") / "static"
_FILES: Final = {"swagger-ui-bundle.js": "text/javascript", "swagger-ui.css": "text/css"}
_PAGE: Final = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Fanwheel API</title>
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
</head>
<body>
<main id="docs"></main>
<script src="/api/docs/swagger-ui-bundle.js"></script>
<script src="/api/docs/start.js"></script>
</body>
</html>
"""
# Trying a route out uses the cockpit's session, if there is one, and the token that changes need.
_START: Final = """let token = "";
fetch("/api/auth/me")
  .then((answer) => (answer.ok ? answer.json() : {}))
  .then((me) => { token = me.csrf_token ?? ""; });
SwaggerUIBundle({
  url: "/api/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  requestInterceptor: (request) => {
    if (token) request.headers["X-CSRF-Token"] = token;
    return request;
  },
});
"""


def install_docs(app: FastAPI) -> None:
    """Serve the API's description as pages under /api/docs."""

    @app.get("/api/docs", include_in_schema=False)
    async def docs() -> HTMLResponse:
        return HTMLResponse(_PAGE)

    @app.get("/api/docs/start.js", include_in_schema=False)
    async def start() -> Response:
        return Response(_START, media_type="text/javascript")

    for name, media_type in _FILES.items():
        _serve(app, name, media_type)


def _serve(app: FastAPI, name: str, media_type: str) -> None:
    with resources.as_file(_ASSETS / name) as path:

        @app.get(f"/api/docs/{name}", include_in_schema=False)
        async def asset() -> FileResponse:
            return FileResponse(path, media_type=media_type, headers={"Cache-Control": "public, max-age=86400"})
