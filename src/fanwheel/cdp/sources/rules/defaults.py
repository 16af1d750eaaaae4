"""The rules that every workspace starts with: Western and Chinese platforms.

Order matters. What a marketer wrote (utm) and what only paid clicks carry go before what a browser
happens to tell (referrer).
"""

from typing import Final

from fanwheel.cdp.sources.contracts import Condition, Op, Rule
from fanwheel.kernel.domain import Domain

_Row = tuple[str, Op, str, str, Domain]
_PUB, _COM, _PRI, _UNK = Domain.PUBLIC, Domain.COMMERCIAL, Domain.PRIVATE, Domain.UNKNOWN
_UTM: Final = "{utm_source}/{utm_medium}"

PAID_MEDIUMS: Final = (
    "cpc ppc cpm cpv cpa cps ocpc ocpm ocpx cpl cpt paid paid_social paid-social paidsocial paid_search paid-search "
    "paidsearch paid_video sem ads ad display banner retargeting remarketing programmatic dsp affiliate affiliates "
    "cps_union sponsored native kol koc influencer infofeed info_flow feed_ads feeds newsfeed splash qianchuan "
    "dou+ douplus 信息流 付费 广告 竞价 达人"
)
PRIVATE_MEDIUMS: Final = (
    "email e-mail edm newsletter sms mms wechat weixin wecom work_wechat qywx wechat_oa oa official_account gzh "
    "gongzhonghao subscription community group wechat_group wecom_group fan_group miniprogram mini_program "
    "mini-program push app_push web_push inapp in_app dm direct_message douyin_dm private_message whatsapp line "
    "telegram messenger member crm 公众号 企微 企业微信 社群 短信 小程序 私信 私域"
)
PUBLIC_MEDIUMS: Final = (
    "organic organic_social organic-social social social-media social_media sm referral video short_video shortvideo "
    "live livestream live_stream article content blog post note search seo story reel qr qrcode poster offline store "
    "packaging leaflet event pr share invite fission word_of_mouth ugc 直播 短视频 搜索 内容 文章 笔记 海报 门店 包装"
)
PRIVATE_CHANNELS: Final = (
    "email sms mms wechat wechat_oa wechat_official official_account wecom wecom_group work_wechat douyin_dm "
    "douyin_group douyin_fans kuaishou_dm xiaohongshu_dm weibo_dm bilibili_dm tiktok_dm instagram_dm messenger "
    "whatsapp line telegram push app_push web_push in_app community fan_group miniprogram mini_program member web_chat"
)
PRIVATE_SOURCES: Final = (
    "newsletter email edm sms wecom qywx work_wechat wechat_oa gzh gongzhonghao community miniprogram push crm "
    "mailchimp klaviyo sendgrid hubspot_email 公众号 企业微信 社群 短信"
)
PUBLIC_SOURCES: Final = (
    "google bing yahoo duckduckgo yandex naver ecosia baidu sogou so 360 shenma toutiao facebook fb instagram ig "
    "threads x twitter t.co linkedin youtube tiktok pinterest reddit snapchat quora medium douyin kuaishou "
    "xiaohongshu xhs rednote weibo zhihu bilibili douban tieba wechat_channels shipinhao weixin_video taobao tmall "
    "jd pdd pinduoduo chatgpt.com perplexity 抖音 快手 小红书 微博 知乎 哔哩哔哩 视频号 百度"
)

_CLICK_IDS: Final[list[tuple[str, str]]] = [
    ("gclid", "google/cpc"),
    ("gbraid", "google/cpc"),
    ("wbraid", "google/cpc"),
    ("gad_source", "google/cpc"),
    ("dclid", "google/display"),
    ("msclkid", "bing/cpc"),
    ("ttclid", "tiktok/cpc"),
    ("twclid", "x/cpc"),
    ("li_fat_id", "linkedin/cpc"),
    ("sccid", "snapchat/cpc"),
    ("yclid", "yandex/cpc"),
    ("rdt_cid", "reddit/cpc"),
    ("epik", "pinterest/cpc"),
    ("ctwa_clid", "facebook/cpc"),
    ("bd_vid", "baidu/cpc"),
    ("qz_gdt", "tencent/cpc"),
    ("gdt_vid", "tencent/cpc"),
    ("clickid", "oceanengine/cpc"),
    ("ksclickid", "kuaishou/cpc"),
    ("ks_callback", "kuaishou/cpc"),
    ("xhs_click_id", "xiaohongshu/cpc"),
    ("weibo_mark_id", "weibo/cpc"),
    ("bili_track_id", "bilibili/cpc"),
    ("zhihu_cb", "zhihu/cpc"),
    ("qhclickid", "360/cpc"),
    ("ali_trackid", "taobao/cpc"),
]

_HOSTS: Final[list[tuple[str, str, Domain]]] = [
    # Coming back from a cashier or a login is no arrival.
    (
        "paypal.com checkout.stripe.com alipay.com wx.tenpay.com klarna.com adyen.com accounts.google.com "
        "appleid.apple.com open.weixin.qq.com login.microsoftonline.com",
        "",
        _UNK,
    ),
    (
        "mail.google.com com.google.android.gm outlook.live.com outlook.office.com outlook.office365.com "
        "mail.yahoo.com mail.qq.com mail.163.com mail.126.com mail.sina.com.cn mail.aliyun.com mail.proton.me",
        "email/webmail",
        _PRI,
    ),
    ("work.weixin.qq.com", "wecom", _PRI),
    # An article on mp.weixin.qq.com may be anybody's; one's own menu links should carry utm_medium=oa.
    ("mp.weixin.qq.com", "wechat/article", _PUB),
    ("channels.weixin.qq.com", "wechat_channels/video", _PUB),
    ("com.google.android.googlequicksearchbox", "google/organic", _PUB),
    ("bing.com cn.bing.com", "bing/organic", _PUB),
    ("tieba.baidu.com", "tieba/social", _PUB),
    ("baidu.com", "baidu/organic", _PUB),
    ("sogou.com", "sogou/organic", _PUB),
    ("so.com", "360/organic", _PUB),
    ("sm.cn", "shenma/organic", _PUB),
    ("duckduckgo.com", "duckduckgo/organic", _PUB),
    ("ecosia.org", "ecosia/organic", _PUB),
    ("yandex.ru yandex.com ya.ru", "yandex/organic", _PUB),
    ("naver.com", "naver/organic", _PUB),
    ("facebook.com fb.com fb.me l.facebook.com messenger.com", "facebook/social", _PUB),
    ("instagram.com", "instagram/social", _PUB),
    ("threads.net threads.com", "threads/social", _PUB),
    ("t.co twitter.com x.com", "x/social", _PUB),
    ("linkedin.com lnkd.in", "linkedin/social", _PUB),
    ("youtube.com youtu.be", "youtube/video", _PUB),
    ("tiktok.com", "tiktok/video", _PUB),
    ("pinterest.com pin.it", "pinterest/social", _PUB),
    ("reddit.com redd.it", "reddit/social", _PUB),
    ("snapchat.com", "snapchat/social", _PUB),
    ("douyin.com iesdouyin.com amemv.com", "douyin/video", _PUB),
    ("kuaishou.com gifshow.com chenzhongtech.com kuaishouapp.com", "kuaishou/video", _PUB),
    ("xiaohongshu.com xhslink.com rednote.com", "xiaohongshu/note", _PUB),
    ("weibo.com weibo.cn t.cn sina.cn", "weibo/social", _PUB),
    ("zhihu.com", "zhihu/article", _PUB),
    ("bilibili.com b23.tv", "bilibili/video", _PUB),
    ("toutiao.com snssdk.com ixigua.com", "toutiao/article", _PUB),
    ("douban.com", "douban/social", _PUB),
    ("tmall.com", "tmall/shop", _PUB),
    ("taobao.com tb.cn", "taobao/shop", _PUB),
    ("jd.com 3.cn", "jd/shop", _PUB),
    ("pinduoduo.com yangkeduo.com", "pdd/shop", _PUB),
    ("chatgpt.com chat.openai.com", "chatgpt/assistant", _PUB),
    ("perplexity.ai", "perplexity/assistant", _PUB),
    ("gemini.google.com", "gemini/assistant", _PUB),
    ("deepseek.com", "deepseek/assistant", _PUB),
    ("doubao.com", "doubao/assistant", _PUB),
    ("kimi.com kimi.moonshot.cn", "kimi/assistant", _PUB),
]

_SEARCH: Final[list[tuple[str, str]]] = [
    (r"(^|\.)google\.[a-z.]{2,6}$", "google/organic"),
    (r"(^|\.)yahoo\.[a-z.]{2,6}$", "yahoo/organic"),
    (r"(^|\.)amazon\.[a-z.]{2,6}$", "amazon/shop"),
]


def _click_id_rows() -> list[_Row]:
    return [(f"click_id.{kind}", "present", "", slug, _COM) for kind, slug in _CLICK_IDS]


def _host_rows() -> list[_Row]:
    named: list[_Row] = [("referrer_host", "domain", hosts, slug, domain) for hosts, slug, domain in _HOSTS]
    patterns: list[_Row] = [("referrer_host", "regex", pattern, slug, _PUB) for pattern, slug in _SEARCH]
    return [*named, *patterns, ("referrer_host", "present", "", "{referrer_host}/referral", _PUB)]


def _rows() -> list[_Row]:
    return [
        ("utm_medium", "one_of", PRIVATE_MEDIUMS, _UTM, _PRI),
        ("utm_medium", "one_of", PAID_MEDIUMS, _UTM, _COM),
        *_click_id_rows(),
        ("channel", "one_of", PRIVATE_CHANNELS, "{channel}", _PRI),
        ("link", "present", "", "link/{link}", _PUB),
        ("utm_medium", "one_of", PUBLIC_MEDIUMS, _UTM, _PUB),
        ("utm_source", "one_of", PRIVATE_SOURCES, _UTM, _PRI),
        ("utm_source", "one_of", PUBLIC_SOURCES, _UTM, _PUB),
        ("utm_source", "present", "", _UTM, _UNK),
        # fbclid stands on every link out of Facebook and Instagram, paid or not.
        ("click_id.fbclid", "present", "", "facebook/social", _PUB),
        *_host_rows(),
    ]


def _condition(field: str, op: Op, value: str) -> Condition:
    return Condition(field, op, (value,) if op == "regex" else tuple(value.split()))


DEFAULT_RULES: Final[tuple[Rule, ...]] = tuple(
    Rule(number * 10, (_condition(field, op, value),), slug, domain, is_builtin=True)
    for number, (field, op, value, slug, domain) in enumerate(_rows(), start=1)
)
