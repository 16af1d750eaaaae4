"""A thousand rules asked for each message: its processor time, and for how many messages a second on one core."""

import random
import time
from statistics import median

from _bench import report
from fanwheel.loop.operate.autoreply import learning, model
from fanwheel.loop.operate.autoreply.contracts import (
    Comment,
    Definition,
    Intent,
    Keyword,
    Otherwise,
    Rule,
    SayText,
    Word,
)
from fanwheel.loop.operate.autoreply.matching import Matcher, Said

RULES = 1_000
MESSAGES = 10_000
WARM_UP = 500
LIMIT_MS = 1.0
SYLLABLES = (
    "多少钱价格发货快递退款优惠券包邮尺码颜色库存新品直播会员积分售后保修安装说明书怎么用什么时候到哪里买能不能便宜点"
)
WORDS = "price ship refund coupon size color stock new live member points service repair install manual cheap where buy"


def chinese(rng: random.Random, low: int, high: int) -> str:
    return "".join(rng.choice(SYLLABLES) for _ in range(rng.randint(low, high)))


def english(rng: random.Random, low: int, high: int) -> str:
    return " ".join(rng.choice(WORDS.split()) for _ in range(rng.randint(low, high)))


def a_rule(number: int, rng: random.Random) -> Rule:
    """Of 100 rules 80 have words in the usual ways, 10 patterns, 5 meanings, 5 look below posts."""
    kind = number % 100
    if kind < 80:
        how = ("contains", "contains", "exact", "fuzzy")[kind % 4]
        words = tuple(
            Word(chinese(rng, 2, 6) if rng.random() < 0.6 else english(rng, 1, 2), how)  # type: ignore[arg-type]
            for _ in range(5)
        )
        trigger = Keyword(words)
    elif kind < 90:
        trigger = Keyword((Word(f"({chinese(rng, 2, 3)}|{english(rng, 1, 1)}).{{0,5}}{number}\\d+", "regex"),))
    elif kind < 95:
        trigger = Intent(tuple(chinese(rng, 4, 10) for _ in range(5)) + tuple(english(rng, 3, 6) for _ in range(3)))  # type: ignore[assignment]
    else:
        trigger = Comment((Word(chinese(rng, 2, 4)),))  # type: ignore[assignment]
    return Rule(number, f"rule {number}", 100, Definition(trigger, (SayText("said"),)))


def main() -> None:
    rng = random.Random(7)
    rules = [a_rule(number, rng) for number in range(1, RULES)]
    rules.append(Rule(RULES, "otherwise", 900, Definition(Otherwise(), (SayText("said"),))))
    began = time.perf_counter()
    matcher = Matcher(rules)
    report("autoreply_compile_1000_rules", time.perf_counter() - began, "s", limit=0, target=5, at_most=True)

    meanings = {
        rule.rule_id: rule.definition.trigger.examples for rule in rules if isinstance(rule.definition.trigger, Intent)
    }
    began = time.perf_counter()
    learned = model.Model(model.decode(model.encode(learning.learn(meanings))).model)
    report("autoreply_learn_50_meanings", time.perf_counter() - began, "s", limit=0, target=60, at_most=True)

    # Every message is another one, so that nothing is kept of it; only this thread's processor time counts, so that it
    # does not matter what else the machine does. The first ones warm up what every worker has warm.
    texts = [chinese(rng, 3, 30) if rng.random() < 0.6 else english(rng, 2, 12) for _ in range(MESSAGES + WARM_UP)]
    each = []
    for text in texts:
        start = time.thread_time()
        matcher.find(Said.of("message", text), learned.guess)
        each.append((time.thread_time() - start) * 1_000)
    each = each[WARM_UP:]
    report("autoreply_1000_rules_median", median(each), "ms", limit=0, target=LIMIT_MS, at_most=True)
    report(
        "autoreply_1000_rules_p99", sorted(each)[int(len(each) * 0.99)], "ms", limit=0, target=LIMIT_MS, at_most=True
    )
    report("autoreply_messages_per_core", 1_000 / (sum(each) / len(each)), "messages/s", limit=0, target=1_000)


if __name__ == "__main__":
    main()
