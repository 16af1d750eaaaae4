"""The API's description of itself."""

from pathlib import Path

from fanwheel.entrypoints.http import create_app
from fanwheel.infra.settings import Settings


def test_every_route_is_described_with_the_shape_of_its_failures(tmp_path: Path) -> None:
    described = create_app(Settings(home=tmp_path), "postgresql://").openapi()

    problem = {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}}
    assert described["components"]["schemas"]["Problem"]["required"] == ["code", "message"]
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            for status in ("422", "4XX", "5XX"):
                assert operation["responses"][status]["content"] == problem, (method, path, status)
