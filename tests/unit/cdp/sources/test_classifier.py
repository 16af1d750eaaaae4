"""The default rules tell source and domain for Western and Chinese platforms."""

import json

import pytest

from fanwheel.cdp.sources import DEFAULT_RULES, Classifier, Evidence, click_ids_of, read_evidence
from fanwheel.cdp.sources.contracts import Condition, Rule
from fanwheel.kernel.domain import Domain

PAGE = "https://www.shop.example/tea"
CLASSIFIER = Classifier(DEFAULT_RULES)


def place(evidence: Evidence, classifier: Classifier = CLASSIFIER) -> str | None:
    """Domain and source in one text, such as ``public google/organic``."""
    match = classifier.classify(evidence)
    return None if match is None else f"{match.domain.label} {match.source_slug}"


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        # What a marketer wrote: paid.
        ("utm_source=google&utm_medium=cpc", "commercial google/cpc"),
        ("utm_source=Google&utm_medium=CPC", "commercial google/cpc"),
        ("utm_source=bing&utm_medium=ppc", "commercial bing/ppc"),
        ("utm_source=facebook&utm_medium=paid_social", "commercial facebook/paid_social"),
        ("utm_source=facebook&utm_medium=paid-social&fbclid=F", "commercial facebook/paid-social"),
        ("utm_source=criteo&utm_medium=retargeting", "commercial criteo/retargeting"),
        ("utm_source=blog&utm_medium=affiliate", "commercial blog/affiliate"),
        ("utm_source=xiaohongshu&utm_medium=kol", "commercial xiaohongshu/kol"),
        ("utm_source=douyin&utm_medium=qianchuan", "commercial douyin/qianchuan"),
        ("utm_source=douyin&utm_medium=dou%2B", "commercial douyin/dou"),
        ("utm_source=toutiao&utm_medium=%E4%BF%A1%E6%81%AF%E6%B5%81", "commercial toutiao/信息流"),
        ("utm_source=baidu&utm_medium=sem", "commercial baidu/sem"),
        # Public.
        ("utm_source=newspaper&utm_medium=referral", "public newspaper/referral"),
        ("utm_source=douyin&utm_medium=video", "public douyin/video"),
        ("utm_source=douyin&utm_medium=live", "public douyin/live"),
        ("utm_source=%E6%8A%96%E9%9F%B3&utm_medium=%E7%9B%B4%E6%92%AD", "public 抖音/直播"),
        ("utm_source=zhihu&utm_medium=article", "public zhihu/article"),
        ("utm_source=shop12&utm_medium=poster", "public shop12/poster"),
        ("utm_source=box&utm_medium=packaging", "public box/packaging"),
        ("utm_source=xiaohongshu", "public xiaohongshu"),
        ("utm_source=youtube", "public youtube"),
        ("utm_source=%E5%B0%8F%E7%BA%A2%E4%B9%A6", "public 小红书"),
        # Private.
        ("utm_source=may&utm_medium=email", "private may/email"),
        ("utm_source=may&utm_medium=sms", "private may/sms"),
        ("utm_source=menu&utm_medium=oa", "private menu/oa"),
        ("utm_source=sop3&utm_medium=wecom", "private sop3/wecom"),
        ("utm_source=vip&utm_medium=community", "private vip/community"),
        ("utm_source=vip&utm_medium=miniprogram", "private vip/miniprogram"),
        ("utm_source=vip&utm_medium=%E7%A4%BE%E7%BE%A4", "private vip/社群"),
        ("utm_source=app&utm_medium=push", "private app/push"),
        ("utm_source=newsletter", "private newsletter"),
        ("utm_source=%E5%85%AC%E4%BC%97%E5%8F%B7", "private 公众号"),
        # Written, but not known.
        ("utm_source=partner7&utm_medium=bundle", "unknown partner7/bundle"),
        ("utm_source=a/b/c", "unknown a-b-c"),
        ("utm_source=!!!", "unknown other"),
        # Click ids that only paid clicks carry.
        ("gclid=1", "commercial google/cpc"),
        ("gbraid=1", "commercial google/cpc"),
        ("wbraid=1", "commercial google/cpc"),
        ("dclid=1", "commercial google/display"),
        ("msclkid=1", "commercial bing/cpc"),
        ("ttclid=1", "commercial tiktok/cpc"),
        ("twclid=1", "commercial x/cpc"),
        ("li_fat_id=1", "commercial linkedin/cpc"),
        ("ScCid=1", "commercial snapchat/cpc"),
        ("yclid=1", "commercial yandex/cpc"),
        ("bd_vid=1", "commercial baidu/cpc"),
        ("qz_gdt=1", "commercial tencent/cpc"),
        ("gdt_vid=1", "commercial tencent/cpc"),
        ("clickid=1", "commercial oceanengine/cpc"),
        ("ksclickid=1", "commercial kuaishou/cpc"),
        ("utm_source=kuaishou&callback=1", "commercial kuaishou/cpc"),
        ("utm_source=xiaohongshu&click_id=1", "commercial xiaohongshu/cpc"),
        ("utm_source=weibo&mark_id=1", "commercial weibo/cpc"),
        ("utm_source=bilibili&track_id=1", "commercial bilibili/cpc"),
        ("qhclickid=1", "commercial 360/cpc"),
        # A paid click id goes before an organic medium that somebody wrote.
        ("utm_source=google&utm_medium=organic&gclid=1", "commercial google/cpc"),
        # fbclid stands on every link out of Facebook.
        ("fbclid=1", "public facebook/social"),
        # Common names are click ids only beside their platform.
        ("callback=1", None),
        ("click_id=1&page=2", None),
        ("gclid=", None),
        ("q=tea&page=2", None),
        # Behind a "#", as single-page shops do it; and sent by a tracked link.
        ("x=1#/item?utm_source=douyin&utm_medium=cpc", "commercial douyin/cpc"),
        ("fw_link=AB12", "public link/ab12"),
    ],
)
def test_an_address_tells_its_source(query: str, expected: str | None) -> None:
    assert place(Evidence(url=f"{PAGE}?{query}")) == expected


@pytest.mark.parametrize(
    ("referrer", "expected"),
    [
        ("https://www.google.com/", "public google/organic"),
        ("https://www.google.co.uk/search?q=tea", "public google/organic"),
        ("https://notgoogle.com/", "public notgoogle.com/referral"),
        ("https://google.evil.example/", "public google.evil.example/referral"),
        ("https://mail.google.com/", "private email/webmail"),
        ("android-app://com.google.android.gm/", "private email/webmail"),
        ("android-app://com.google.android.googlequicksearchbox/", "public google/organic"),
        ("https://www.bing.com/", "public bing/organic"),
        ("https://duckduckgo.com/", "public duckduckgo/organic"),
        ("https://yandex.ru/", "public yandex/organic"),
        ("https://search.naver.com/", "public naver/organic"),
        ("https://www.baidu.com/link?url=x", "public baidu/organic"),
        ("https://m.baidu.com/", "public baidu/organic"),
        ("https://tieba.baidu.com/p/1", "public tieba/social"),
        ("https://www.sogou.com/", "public sogou/organic"),
        ("https://www.so.com/", "public 360/organic"),
        ("https://m.sm.cn/", "public shenma/organic"),
        ("https://l.facebook.com/", "public facebook/social"),
        ("https://www.instagram.com/", "public instagram/social"),
        ("https://t.co/abc", "public x/social"),
        ("https://x.com/", "public x/social"),
        ("https://netflix.com/", "public netflix.com/referral"),  # ends in x.com, and is not x.com
        ("https://lnkd.in/a", "public linkedin/social"),
        ("https://www.youtube.com/", "public youtube/video"),
        ("https://www.tiktok.com/", "public tiktok/video"),
        ("https://www.douyin.com/", "public douyin/video"),
        ("https://live.kuaishou.com/", "public kuaishou/video"),
        ("https://www.xiaohongshu.com/explore/1", "public xiaohongshu/note"),
        ("https://m.weibo.cn/", "public weibo/social"),
        ("https://zhuanlan.zhihu.com/p/1", "public zhihu/article"),
        ("https://b23.tv/x", "public bilibili/video"),
        ("https://www.toutiao.com/", "public toutiao/article"),
        ("https://mp.weixin.qq.com/s/1", "public wechat/article"),
        ("https://work.weixin.qq.com/", "private wecom"),
        ("https://detail.tmall.com/", "public tmall/shop"),
        ("https://item.jd.com/", "public jd/shop"),
        ("https://mobile.yangkeduo.com/", "public pdd/shop"),
        ("https://chatgpt.com/", "public chatgpt/assistant"),
        # Coming back from a cashier, or from one's own pages, is no arrival.
        ("https://checkout.stripe.com/pay", None),
        ("https://openapi.alipay.com/", None),
        ("https://www.shop.example/cart", None),
        ("https://blog.shop.example/", None),
        ("https://shop.example/", None),
        ("$direct", None),
        ("about:blank", None),
        ("http://[broken", None),
        ("", None),
    ],
)
def test_a_referrer_tells_its_source(referrer: str, expected: str | None) -> None:
    assert place(Evidence(url=PAGE, referrer=referrer)) == expected


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        ("wecom", "private wecom"),
        ("WeChat OA", "private wechat_oa"),
        ("email", "private email"),
        ("sms", "private sms"),
        ("douyin_dm", "private douyin_dm"),
        ("community", "private community"),
        ("server", None),  # what RudderStack's SDKs call themselves
        ("web", None),
        ("sources", None),
    ],
)
def test_a_channel_tells_a_private_source(channel: str, expected: str | None) -> None:
    assert place(Evidence(channel=channel)) == expected


def test_hosts_that_belong_to_the_brand_are_no_arrival() -> None:
    evidence = Evidence(url="https://shop.co.uk/", referrer="https://tea.co.uk/")
    assert place(evidence) == "public tea.co.uk/referral"  # co.uk is nobody's

    assert place(evidence._replace(own_hosts=frozenset({"tea.co.uk"}))) is None
    assert place(Evidence(url="https://a.shop.co.uk/", referrer="https://b.shop.co.uk/")) is None
    assert place(Evidence(url="http://10.0.0.1/", referrer="http://10.0.0.2/")) == "public 10.0.0.2/referral"


def test_the_match_names_campaign_and_every_click_id() -> None:
    match = CLASSIFIER.classify(Evidence(url=f"{PAGE}?gclid=Ab%2Bc&fbclid=F&utm_campaign=Spring+Sale"))

    assert match is not None
    assert (match.campaign, dict(match.click_ids)) == ("Spring Sale", {"gclid": "Ab+c", "fbclid": "F"})


def test_the_first_rule_that_matches_wins_and_an_empty_slug_means_nowhere() -> None:
    def rule(position: int, value: str, slug: str) -> Rule:
        return Rule(position, (Condition("utm_source", "prefix", (value,)),), slug, Domain.PUBLIC)

    ours = Classifier([rule(30, "a", "third"), rule(10, "ab", "first"), rule(20, "abc", "never"), rule(5, "ax", "")])

    assert place(Evidence(campaign_source="abcd"), ours) == "public first"
    assert place(Evidence(campaign_source="acid"), ours) == "public third"
    assert place(Evidence(campaign_source="axle"), ours) is None
    assert place(Evidence(campaign_source="b"), ours) is None


def test_every_condition_of_a_rule_must_hold() -> None:
    both = (Condition("utm_source", "equals", ("douyin",)), Condition("url_path", "contains", ("/618/",)))
    ours = Classifier([Rule(10, both, "big-day", Domain.COMMERCIAL)])

    assert place(Evidence(url="https://a.example/x/618/?utm_source=douyin"), ours) == "commercial big-day"
    assert place(Evidence(url="https://a.example/x/?utm_source=douyin"), ours) is None


def test_a_long_text_cannot_hold_up_a_pattern() -> None:
    ours = Classifier([Rule(10, (Condition("referrer", "regex", ("a.*b.*c$",)),), "x", Domain.PUBLIC)])

    assert place(Evidence(referrer="https://a.example/" + "ab" * 100_000), ours) is None


def read(properties: object, context: object) -> Evidence | None:
    return read_evidence(json.dumps(properties).encode(), json.dumps(context).encode())


def test_evidence_is_read_from_segment_and_posthog_alike() -> None:
    segment = read({}, {"page": {"url": PAGE, "referrer": "https://t.co/"}, "campaign": {"source": "x", "name": "May"}})
    posthog = read({"$current_url": f"{PAGE}?a=1", "$referrer": "$direct", "utm_medium": "cpc", "gclid": "G"}, {})

    assert segment == Evidence(url=PAGE, referrer="https://t.co/", campaign_source="x", campaign_name="May")
    assert posthog is not None
    assert (posthog.url, posthog.campaign_medium, click_ids_of(posthog)) == (f"{PAGE}?a=1", "cpc", {"gclid": "G"})


@pytest.mark.parametrize(
    ("properties", "context"),
    [
        ({"price": 5}, {"page": {"url": PAGE}}),  # an own address alone says nothing
        ({}, {"library": {"name": "x"}}),
        ([], []),
        ({"url": 5, "channel": ["email"]}, {"page": "x", "campaign": 7, "referrer": None}),
    ],
)
def test_what_says_nothing_is_no_evidence(properties: object, context: object) -> None:
    assert read(properties, context) is None


def test_an_odd_part_of_a_context_costs_no_other() -> None:
    found = read({}, {"page": "home", "campaign": {"source": "douyin", "medium": 7, "name": {"a": 1}}})

    assert found == Evidence(campaign_source="douyin", campaign_medium="7")


def test_baidu_feedback_needs_the_whole_landing_address() -> None:
    url = f"{PAGE}?bd_vid=B&k=1"

    assert click_ids_of(Evidence(url=url)) == {"bd_vid": "B", "bd_landing_url": url}
