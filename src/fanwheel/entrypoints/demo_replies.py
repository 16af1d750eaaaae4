"""What the demo brand answers by itself: rules in both languages, a lead form, and the menu of every channel."""

from typing import Any, Final


def _say(text: str) -> dict[str, Any]:
    return {"do": "text", "text": text}


def _words(*texts: str, how: str = "contains") -> list[dict[str, str]]:
    return [{"text": text, "how": how} for text in texts]


FORM: Final = {
    "name": "Skin consultation 护肤咨询",
    "definition": {
        "intro": "一分钟登记，护肤顾问会给您定制方案。One minute, and our consultant writes your routine.",
        "fields": [
            {"key": "first_name", "ask": "怎么称呼您？May I have your name?", "kind": "name"},
            {"key": "phone", "ask": "方便留个手机号吗？Your phone number?", "kind": "phone",
             "retry": "这个号码好像不完整，麻烦再发一次。That number looks incomplete, could you send it again?"},
            {"key": "skin_need", "ask": "最想改善什么？What would you like to improve?", "kind": "choice",
             "options": ["干燥 Dryness", "敏感 Sensitivity", "暗沉 Dullness", "细纹 Fine lines"]},
        ],
        "consent": {"ask": "我们可以发短信通知您预约和新品吗？May we text you about your appointment and new products?",
                    "channels": ["sms"]},
        "thanks": "收到！顾问会在一个工作日内联系您。"
                  "Thank you! Our consultant will be in touch within one working day.",
        "canceled": "好的，需要时随时说“咨询”。All right, just say “consultation” whenever you like.",
        "tags": ["wants advice"],
        "hands_over": True,
    },
}  # fmt: skip

MENU: Final = {
    "name": "Main menu 主菜单",
    "definition": {
        "greeting": "您好，请问需要什么帮助？Hello, how can we help?",
        "button": "Menu 菜单",
        "title": "Tea & Skin 茶与肌肤",
        "items": [
            {"id": "shop", "label": "逛逛", "kind": "menu", "items": [
                {"id": "new", "label": "本月新品", "kind": "url", "url": "https://shop.example/new"},
                {"id": "best", "label": "热销榜", "kind": "url", "url": "https://shop.example/best"},
                {"id": "coupon", "label": "领优惠券", "kind": "keyword", "keyword": "优惠券"},
            ]},
            {"id": "care", "label": "护肤咨询", "kind": "keyword", "keyword": "咨询"},
            {"id": "help", "label": "服务", "kind": "menu", "items": [
                {"id": "parcel", "label": "查快递", "kind": "keyword", "keyword": "快递"},
                {"id": "refund", "label": "退换货", "kind": "reply",
                 "text": "签收 7 天内可退换，运费我们承担。Returns are free within 7 days of delivery."},
                {"id": "hours", "label": "营业时间", "kind": "reply",
                 "text": "客服 9:00–21:00 在线。Our team is here from 9:00 to 21:00."},
                {"id": "agent", "label": "人工客服", "kind": "agent"},
            ]},
        ],
    },
}  # fmt: skip

# “form” and “menu” stand for the numbers that these two get.
RULES: Final[tuple[dict[str, Any], ...]] = (
    {"name": "Welcome 欢迎语", "definition": {
        "trigger": {"kind": "welcome"},
        "actions": [_say('{{ name | default: "您好" }}，欢迎来到茶与肌肤 🍃 Welcome to Tea & Skin!'),
                    {"do": "menu", "menu_id": "menu"}],
        "when": {"cooldown_s": 86_400}}},
    {"name": "From an ad 广告来访", "definition": {
        "trigger": {"kind": "ad_welcome"},
        "actions": [_say("感谢您从广告找到我们！新客首单立减 20 元。Thanks for finding us: 20 off your first order."),
                    {"do": "coupon", "text": "优惠码 Code: {{ coupon }}", "code": "HELLO20"},
                    {"do": "tag", "tags": ["came by ad"]}],
        "when": {"is_once": True}}},
    {"name": "Link under a post 评论求链接", "definition": {
        "trigger": {"kind": "comment", "words": _words("求链接", "怎么买", "link please", "where to buy", how="fuzzy")},
        "actions": [_say("链接发您啦 👉 https://shop.example/best Here is the link!")],
        "when": {"cooldown_s": 3_600}}},
    {"name": "A person, please 找人工", "definition": {
        "trigger": {"kind": "keyword", "words": [*_words("人工", "转人工", "客服", how="exact"),
                                                 *_words("talk to a human", "real person", "agent")]},
        "actions": [_say("马上为您转接同事。One moment, a colleague is taking over."),
                    {"do": "hand_over", "note": "Asked for a person 要求人工"}]}},
    {"name": "Price 价格", "definition": {
        "trigger": {"kind": "keyword", "words": _words("多少钱", "价格", "price", "how much"),
                    "but": _words("保价", "价格太高", "overcharged")},
        "actions": [_say("精华 299 元，冷泡茶 59 元一盒。Serum 299, cold brew 59 a box. https://shop.example/best")]}},
    {"name": "Coupon 优惠券", "definition": {
        "trigger": {"kind": "keyword", "words": _words("优惠券", "折扣码", "coupon", "discount", how="fuzzy")},
        "actions": [{"do": "coupon", "text": "给您一张 10 元券：{{ coupon }}，本周有效。10 off this week: {{ coupon }}",
                     "code": "TEA10"}, {"do": "tag", "tags": ["asked for a coupon"]}],
        "when": {"cooldown_s": 604_800}}},
    {"name": "Consultation 护肤咨询", "definition": {
        "trigger": {"kind": "keyword", "words": _words("咨询", "敏感肌", "consultation", "sensitive skin")},
        "actions": [{"do": "lead", "form_id": "form"}]}},
    {"name": "Where is my parcel 查快递", "definition": {
        "trigger": {"kind": "intent", "examples": [
            "快递到哪了", "什么时候发货", "我的包裹在哪里", "物流怎么不动了",
            "几天能到", "发货了吗", "快递单号是多少", "怎么还没收到货",
            "where is my order", "when will it ship", "track my package", "has my parcel been sent",
            "how long does delivery take", "my package has not arrived"]},
        "actions": [_say("一般 48 小时内发货，2–4 天送达；发订单号给我，马上帮您查。"
                         "We ship within 48 hours and it takes 2–4 days; "
                         "send me your order number and I will look it up.")]}},
    {"name": "Refund 退款", "definition": {
        "trigger": {"kind": "intent", "examples": [
            "我要退货", "能退款吗", "不想要了怎么退", "申请退款",
            "退换货流程", "收到是坏的想退", "买错了可以退吗", "退货运费谁出",
            "i want a refund", "how do i return this", "can i send it back", "money back please", "it arrived broken",
            "i bought the wrong one and want to return it"]},
        "actions": [_say("签收 7 天内可退换，运费我们承担。Returns are free within 7 days of delivery."),
                    {"do": "tag", "tags": ["asked for a refund"]}]}},
    {"name": "At night 下班时间", "definition": {
        "trigger": {"kind": "closed"},
        "actions": [_say("我们 9:00–21:00 在线，明早第一时间回复您。"
                         "We are here 9:00–21:00 and will answer first thing tomorrow.")],
        "when": {"cooldown_s": 28_800}}},
    {"name": "Kept waiting 久等了", "definition": {
        "trigger": {"kind": "unanswered", "minutes": 5},
        "actions": [_say("抱歉久等，同事正在赶来。Sorry to keep you waiting, a colleague is on the way.")]}},
)  # fmt: skip

HOURS: Final = {"weekly": [{"day": day, "opens": 540, "closes": 1_260} for day in range(1, 8)]}


def definition_of(rule: dict[str, Any], *, form_id: int, menu_id: int) -> dict[str, Any]:
    """A rule's definition with the numbers that its form and its menu have got."""
    numbers = {"form_id": form_id, "menu_id": menu_id}
    definition = dict(rule["definition"])
    definition["actions"] = [
        {name: numbers.get(name, value) for name, value in action.items()} for action in definition["actions"]
    ]
    return definition
