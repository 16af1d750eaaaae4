"""The demo brand: Mistwood 雾杉, an invented house of tea and tea-based skin care."""

from dataclasses import dataclass
from typing import Final

SHOP_URL: Final = "https://shop.mistwood.example"
SHOP_NAME: Final = "Mistwood 雾杉"
OPENID_APP: Final = "wx7mistwood0oa"
FREE_SHIPPING_MINOR: Final = {"CNY": 9_900, "USD": 4_900}
SHIPPING_MINOR: Final = {"CNY": 1_000, "USD": 595}


@dataclass(frozen=True, slots=True, kw_only=True)
class Product:
    """One product of the catalog with its price in minor units of each currency."""

    sku: str
    name: str
    category: str
    cny: int
    usd: int


def _product(sku: str, name: str, category: str, prices: tuple[float, float]) -> Product:
    return Product(sku=sku, name=name, category=category, cny=round(prices[0] * 100), usd=round(prices[1] * 100))


# Sorted by price: people of a higher spending tier draw from further down the list.
PRODUCTS: Final = (
    _product("MW-TB-01", "Jasmine tea bags 茉莉袋泡茶", "Tea bags", (29, 6.5)),
    _product("MW-CB-01", "Cold-brew white peach oolong 白桃乌龙冷泡", "Cold brew", (39, 8.5)),
    _product("MW-MK-01", "Green tea sheet mask 绿茶面膜", "Masks", (45, 9.5)),
    _product("MW-TB-02", "Osmanthus black tea bags 桂花红茶袋泡", "Tea bags", (49, 9.9)),
    _product("MW-HC-01", "Camellia hand cream 山茶护手霜", "Body care", (55, 11)),
    _product("MW-CL-01", "Rice and tea cleansing foam 米茶洁面", "Cleansers", (69, 13.5)),
    _product("MW-LL-01", "Spring green Longjing 明前龙井", "Loose-leaf tea", (79, 16)),
    _product("MW-CB-02", "Cold-brew sampler 冷泡尝鲜装", "Cold brew", (89, 18)),
    _product("MW-BC-01", "Tea-seed body oil 茶籽身体油", "Body care", (99, 19)),
    _product("MW-TN-01", "White tea toner 白茶爽肤水", "Toners", (109, 22)),
    _product("MW-LL-02", "Anxi Tieguanyin 安溪铁观音", "Loose-leaf tea", (118, 24)),
    _product("MW-MK-02", "Overnight tea mask 茶籽睡眠面膜", "Masks", (128, 26)),
    _product("MW-TW-01", "Travel tea cup 随行茶杯", "Teaware", (139, 28)),
    _product("MW-LL-03", "Aged white tea 三年老白茶", "Loose-leaf tea", (158, 32)),
    _product("MW-SR-01", "Camellia serum 山茶精华", "Serums", (189, 38)),
    _product("MW-TW-02", "Celadon gaiwan 青瓷盖碗", "Teaware", (219, 44)),
    _product("MW-CR-01", "White tea day cream 白茶日霜", "Creams", (239, 48)),
    _product("MW-LL-04", "Wuyi rock tea 武夷岩茶", "Loose-leaf tea", (268, 54)),
    _product("MW-SR-02", "Fermented tea serum 发酵茶精华", "Serums", (299, 62)),
    _product("MW-CR-02", "Camellia night cream 山茶晚霜", "Creams", (329, 68)),
    _product("MW-GS-01", "Tea and skin gift box 茶与肤礼盒", "Gift sets", (398, 79)),
    _product("MW-TW-03", "Hand-thrown tea set 手作茶具组", "Teaware", (468, 95)),
    _product("MW-GS-02", "Mid-season gift case 雾杉节礼", "Gift sets", (598, 119)),
    _product("MW-GS-03", "Old-tree Pu'er collection 古树普洱珍藏", "Gift sets", (880, 169)),
)

CHINA_CITIES: Final = (
    "上海", "北京", "杭州", "深圳", "广州", "成都", "南京", "苏州", "武汉", "西安", "重庆", "长沙", "厦门", "青岛",
)  # fmt: skip
WEST_CITIES: Final = (
    ("London", "GB"), ("New York", "US"), ("Berlin", "DE"), ("Los Angeles", "US"), ("Paris", "FR"), ("Chicago", "US"),
    ("Amsterdam", "NL"), ("Seattle", "US"), ("Manchester", "GB"), ("San Francisco", "US"), ("Singapore", "SG"),
    ("Sydney", "AU"),
)  # fmt: skip
# Han characters and their reading, which makes the local part of an e-mail address.
FAMILY_NAMES: Final = (
    "王 Wang", "李 Li", "张 Zhang", "刘 Liu", "陈 Chen", "杨 Yang", "黄 Huang", "赵 Zhao", "吴 Wu", "周 Zhou", "徐 Xu",
    "孙 Sun", "马 Ma", "朱 Zhu", "胡 Hu", "郭 Guo", "林 Lin", "何 He", "高 Gao", "罗 Luo", "郑 Zheng", "梁 Liang",
    "谢 Xie", "宋 Song", "唐 Tang", "许 Xu", "邓 Deng", "韩 Han", "冯 Feng", "曹 Cao",
)  # fmt: skip
GIVEN_NAMES: Final = (
    "雨桐 Yutong", "子涵 Zihan", "欣怡 Xinyi", "梓萱 Zixuan", "诗琪 Shiqi", "佳怡 Jiayi", "思远 Siyuan", "浩然 Haoran",
    "宇轩 Yuxuan", "晓彤 Xiaotong", "静 Jing", "敏 Min", "丽娜 Lina", "伟 Wei", "芳 Fang", "婷婷 Tingting",
    "明轩 Mingxuan", "若曦 Ruoxi", "一诺 Yinuo", "嘉宁 Jianing", "海燕 Haiyan", "建国 Jianguo", "雪 Xue", "晨 Chen",
    "悦 Yue", "安琪 Anqi", "书瑶 Shuyao", "文博 Wenbo", "清 Qing", "子墨 Zimo",
)  # fmt: skip
FIRST_NAMES: Final = (
    "Emma", "Olivia", "Sophia", "Liam", "Noah", "Ava", "Mia", "Lucas", "Amelia", "Ethan", "Isla", "Jack", "Grace",
    "Leo", "Chloe", "Hannah", "Oscar", "Julia", "Theo", "Maya", "Nora", "Adam", "Elena", "Marco", "Clara", "Felix",
    "Anna", "Ravi", "Priya", "Zoe",
)  # fmt: skip
LAST_NAMES: Final = (
    "Smith", "Johnson", "Brown", "Taylor", "Wilson", "Davies", "Evans", "Walker", "Wright", "Green", "Baker", "Hill",
    "Clarke", "Turner", "Cooper", "Ward", "Morgan", "Schmidt", "Weber", "Fischer", "Martin", "Bernard", "Moreau",
    "de Vries", "Jansen", "Patel", "Khan", "Nguyen", "Rossi", "Kowalski",
)  # fmt: skip
VIDEO_TITLES: Final = (
    "Three minutes in the tea garden 茶园三分钟", "How to brew white tea 白茶怎么泡", "Skin in spring 春日护肤",
    "What camellia oil does 山茶油的秘密", "Unboxing the gift case 开箱雾杉节礼",
)  # fmt: skip
LIVE_TITLES: Final = (
    "Friday tea live 周五茶会直播", "Harvest live 采茶直播", "Skin-care night 护肤之夜", "Fan day 粉丝日",
)  # fmt: skip
ARTICLE_TITLES: Final = (
    "A tea for every hour 一日六茶", "My oily-skin routine 油皮日常", "Reading a tea label 看懂茶标",
    "Desk tea 办公室茶单",
)  # fmt: skip
QUESTIONS: Final = (
    "Is this fine for sensitive skin? 敏感肌可以用吗?", "When will it ship? 什么时候发货?",
    "Any discount for two? 两件有优惠吗?", "Which tea for the evening? 晚上喝哪款好?",
    "How do I store white tea? 白茶怎么保存?",
)  # fmt: skip
REPLIES: Final = (
    "Yes, it is mild. 可以的,很温和。", "Within 48 hours. 48 小时内发货。", "Here is a code for you. 给您一张券。",
)  # fmt: skip
