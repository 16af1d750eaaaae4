"""What the demo brand says: templates in Chinese and English, and how it signs them."""

from typing import Any, Final

BRAND: Final = {
    "name": "Mistwood 雾杉",
    "address": "杭州市西湖区龙井路 18 号 · 18 Longjing Road, Hangzhou",
    "website": "https://mistwood.example",
    "email": "hello@mistwood.example",
}
_SHOP: Final = "https://shop.mistwood.example"


def _text(text: str, size: str = "normal", align: str = "left") -> dict[str, Any]:
    return {"type": "text", "text": text, "size": size, "align": align}


def _button(label: str, path: str) -> dict[str, Any]:
    return {"type": "button", "label": label, "url": f"{_SHOP}{path}"}


def _coupon(title: str, text: str, label: str, path: str) -> dict[str, Any]:
    return {"type": "coupon", "title": title, "text": text, "label": label, "url": f"{_SHOP}{path}"}


def _footer(*, is_chinese: bool) -> dict[str, Any]:
    words = ("退订", "订阅偏好") if is_chinese else ("Unsubscribe", "Preferences")
    return {"type": "footer", "unsubscribe": words[0], "preferences": words[1]}


def _mail(subject: str, preheader: str, *blocks: dict[str, Any]) -> dict[str, Any]:
    return {"mail": {"subject": subject, "preheader": preheader, "blocks": list(blocks)}}


def _said(*parts: dict[str, Any]) -> dict[str, Any]:
    return {"parts": list(parts)}


def _template(name: str, channel: str, folder: str, *variants: dict[str, Any], **more: Any) -> dict[str, Any]:
    keyed = [{"key": key, "wordings": wordings} for key, wordings in zip("ABC", variants, strict=False)]
    content = {"language": "zh-CN", "variants": keyed, **more}
    return {"name": name, "channel": channel, "folder": folder, "content": content}


_ZH_NAME: Final = "{{ person.first_name | default: '茶友' }}"
_EN_NAME: Final = "{{ person.first_name | default: 'friend' }}"
_WELCOME: Final = {
    "zh-CN": _mail(
        f"{_ZH_NAME}，欢迎来到雾杉", "第一杯茶，我们请",
        _text("欢迎，很高兴认识你", "title"),
        _text(
            f"{_ZH_NAME}，你好：\n\n雾杉在龙井路种茶、制茶已经十二年。接下来的两周，我们会写三封短信给你："
            "\n\n- 怎样泡好一杯**雾前龙井**\n- 春夏的皮肤怎么照顾\n- 会员可以先尝哪些新茶"
        ),
        _coupon("新朋友礼", "满 99 元可用，30 天内有效", "去逛逛", "/new"),
        _footer(is_chinese=True),
    ),
    "en": _mail(
        f"{_EN_NAME}, welcome to Mistwood", "The first cup is on us",
        _text("Welcome, good to meet you", "title"),
        _text(
            f"Dear {_EN_NAME},\n\nWe have grown and fired tea on Longjing Road for twelve years. In the next two weeks"
            " we will write you three short letters:\n\n- how to brew **first-mist Longjing**\n- how to look after your"
            " skin in spring\n- which new teas members taste first"
        ),
        _coupon("For new friends", "On orders from ¥99, for 30 days", "Have a look", "/new"),
        _footer(is_chinese=False),
    ),
}  # fmt: skip
_SPRING_A: Final = {
    "zh-CN": _mail(
        "明前茶到了，先尝后买", "今年头采，只有 600 罐",
        _text("明前龙井，今早到店", "title", "center"),
        _text(f"{_ZH_NAME}，今年雨水足，芽头比去年更壮。会员可以先拿一包试饮，喜欢再下单。", align="center"),
        {"type": "products", "most": 4, "columns": 2, "label": "看看"},
        {"type": "columns", "columns": [[_text("**产地**\n龙井路 18 号后山")], [_text("**泡法**\n85℃，3 克，30 秒")]]},
        _button("领取试饮", "/spring"),
        _footer(is_chinese=True),
    ),
    "en": _mail(
        "First spring tea is here: taste before you buy", "This year's first picking, 600 tins only",
        _text("First-flush Longjing, in since this morning", "title", "center"),
        _text(f"Dear {_EN_NAME}, it rained well this year. Members may taste a sachet first.", align="center"),
        {"type": "products", "most": 4, "columns": 2, "label": "See more"},
        {"type": "columns",
         "columns": [[_text("**From**\nthe hill behind our house")], [_text("**Brew**\n85 °C, 3 g, 30 seconds")]]},
        _button("Get a sachet", "/spring"),
        _footer(is_chinese=False),
    ),
}  # fmt: skip
_SPRING_B: Final = {
    "zh-CN": _mail(
        f"{_ZH_NAME}，给你留了一罐明前茶", "会员专享，保留 48 小时",
        _text(f"{_ZH_NAME}，这一罐先给你留着", "title"),
        _text("你去年喝过我们的龙井，所以今年的头采先为你保留 48 小时。"),
        _button("看看我的那一罐", "/reserved"),
        _footer(is_chinese=True),
    )
}  # fmt: skip
_WIN_BACK: Final = {
    "zh-CN": _mail(
        f"{_ZH_NAME}，好久不见", "有一张券，替你留着",
        _text(f"{_ZH_NAME}，最近还好吗？", "large"),
        _text("茶会凉，交情不会。回来看看，这张券本周有效。"),
        _coupon("老朋友回来礼", "无门槛，7 天内有效", "去用券", "/back"),
        _footer(is_chinese=True),
    ),
    "en": _mail(
        f"{_EN_NAME}, it has been a while", "We kept a coupon for you",
        _text(f"{_EN_NAME}, how have you been?", "large"),
        _text("Tea goes cold, friendship does not. This one is good for a week."),
        _coupon("Welcome back", "On any order, for 7 days", "Use it", "/back"),
        _footer(is_chinese=False),
    ),
}  # fmt: skip
_SHIPPED: Final = {
    "zh-CN": _said({"type": "text", "text": f"【雾杉】{_ZH_NAME}，您的订单已发出，查看物流：{_SHOP}/orders"}),
    "en": _said({"type": "text", "text": f"Mistwood: your order is on its way. Track it: {_SHOP}/orders"}),
}
_HELLO: Final = {
    "zh-CN": _said(
        {"type": "text", "text": f"{_ZH_NAME}，欢迎关注雾杉！回复“茶”看今日新品，回复“人工”找客服。"},
    ),
    "en": _said({"type": "text", "text": f"Welcome, {_EN_NAME}! Write “tea” for what is new, “agent” for one of us."}),
}
_LIVE: Final = {
    "zh-CN": _said(
        {"type": "text", "text": f"{_ZH_NAME}，今晚 8 点直播间开新茶，前 100 位送听雨杯 👉 {_SHOP}/live"},
    ),
}

TEMPLATES: Final = (
    _template("欢迎信 Welcome letter", "email", "新客 Newcomers", _WELCOME),
    _template("明前茶上新 First spring tea", "email", "春季 Spring", _SPRING_A, _SPRING_B),
    _template("老客唤回 Win-back", "email", "老客 Old friends", _WIN_BACK),
    _template("发货通知 Order shipped", "sms", "服务 Service", _SHIPPED),
    _template("关注欢迎语 Follow greeting", "wechat_oa", "新客 Newcomers", _HELLO),
    _template("直播预告 Live tonight", "wecom", "春季 Spring", _LIVE),
)
