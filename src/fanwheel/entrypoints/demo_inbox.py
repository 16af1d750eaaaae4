"""How the demo brand's inbox is set up: a team, what it promises, replies that it says often, products it shows."""

from typing import Any, Final

TEAM: Final = "Tea advisers 茶艺顾问"
POLICIES: Final[tuple[dict[str, Any], ...]] = (
    {"name": "Urgent 紧急", "priority": 2, "first_response_s": 300, "next_response_s": 600, "resolution_s": 14_400},
    {"name": "Usual 常规", "first_response_s": 1_800, "next_response_s": 3_600, "resolution_s": 86_400},
)
CANNED: Final[tuple[dict[str, Any], ...]] = (
    {
        "shortcut": "hello",
        "title": "Greeting 问候",
        "body": "{{ name }}，您好！我是{{ brand }}的{{ agent }}，请问有什么可以帮您？"
        " Hello {{ name }}, this is {{ agent }}. How can I help?",
    },
    {
        "shortcut": "ship",
        "title": "Shipping 发货时间",
        "body": "48 小时内发货，2–4 天送达{{ person.city | default: '您那里' }}。"
        " We ship within 48 hours; it takes 2–4 days.",
    },
    {
        "shortcut": "brew",
        "title": "How to brew 冲泡方法",
        "body": "每克茶 50 毫升水，85 度，第一泡 20 秒。 50 ml of water a gram at 85 °C; 20 seconds for the first cup.",
    },
    {
        "shortcut": "return",
        "title": "Returns 退换货",
        "body": "签收 7 天内可退换，运费我们承担。把订单号发我就好。"
        " Returns are free within 7 days; just send me the order number.",
    },
)
SHOWN: Final = 8  # products, of those bought most


def page_of(product_id: str) -> str:
    """Where a product is shown."""
    return f"https://shop.example/tea/{product_id}"
