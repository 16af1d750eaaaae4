"""TikTok: a welcome and up to six prompts above the keyboard; a tap says the prompt, and the platform answers it."""

from fanwheel.loop.operate.menus.contracts import Compiled, Fault, Item, Menu
from fanwheel.loop.operate.menus.measures import cut
from fanwheel.loop.operate.menus.surfaces.limits import LIMITS
from fanwheel.loop.operate.menus.surfaces.linting import lint, repeated_labels


def compile_menu(menu: Menu, _menu_id: int) -> Compiled:
    """Chat prompts: of a sub-menu its entries, which stand beside the others."""
    leaves = [item for item in menu.leaves() if item.kind != "mini_program"]
    faults = [*lint(menu, "tiktok", drops=("mini_program",), says=("url", "phone")), *repeated_labels(menu)]
    faults += [
        Fault("info", "answered_by_rules", item.id) for item in leaves if item.kind in ("keyword", "form", "agent")
    ]
    most = LIMITS["tiktok"].text.most or 0
    prompts = [{"title": item.label, "content": cut(_content(item), most)} for item in leaves]
    body: dict[str, object] = {"prompts": prompts}
    if menu.greeting:
        body["welcome"] = menu.greeting
    return Compiled("tiktok", body, faults)


def _content(item: Item) -> str:
    said = {"reply": item.text, "url": f"{item.label}: {item.url}", "phone": f"{item.label}: {item.phone}"}
    return said.get(item.kind) or item.label
