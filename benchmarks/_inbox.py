"""A large inbox: some conversations taken in through the front door, and the rest copies of them.

What comes in goes the whole way: callbacks of a simulated platform, the worker, agents over HTTP, answers sent. Then
every row that this left behind is written again and again with other numbers, times, addresses and words. ``prove``
compares copies with what they are copies of, column by column.
"""

import hashlib
import itertools
import json
import random
import secrets
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import psycopg
from psycopg import sql
from psycopg.rows import dict_row

from fanwheel.cdp.persons import identifier_hash
from fanwheel.loop.operate.conversations.rules import threads, words

Connection = psycopg.Connection[dict[str, Any]]
DAYS: Final = 90
_SPREAD: Final = 8_000  # different texts among the messages of a portion, besides those with a number in them
_ORDER: Final = (
    "identifier", "person", "conversation", "conversation_round", "conversation_tag", "conversation_watch", "mention",
    "intent",
)  # fmt: skip
_NUMBERS: Final = {
    "home_id": "home", "person_id": "home", "conversation_id": "conversation", "message_id": "message",
    "last_message_id": "message", "seen_message_id": "message", "intent_id": "intent",
}  # fmt: skip
# The worker would wake all of them up while this measures; and what is told by the database itself.
_STAYS: Final = frozenset({"snoozed_until", "bare_openid"})
_BATCH: Final = 1_000

_GOODS: Final = (
    "外套", "连衣裙", "运动鞋", "乌龙茶", "普洱茶", "保温杯", "面霜", "洗面奶", "耳机", "背包", "羽绒服", "牛仔裤",
    "书桌", "台灯", "咖啡豆",
)  # fmt: skip
_CITIES: Final = (
    "上海", "北京", "广州", "成都", "杭州", "武汉", "西安", "南京", "长沙", "沈阳", "苏州", "厦门", "昆明", "青岛",
    "郑州", "合肥", "南宁", "兰州",
)  # fmt: skip
_WHY: Final = (
    "尺码不对", "颜色不对", "有点破损", "不想要了", "买错了", "少了一件", "味道太重", "拉链坏了", "收到的不是这个",
    "包装湿了",
)  # fmt: skip
_CHINESE: Final = (
    "请问{goods}还有货吗", "我的订单{order}什么时候发货", "想退货，{why}", "{goods}能换大一号吗，{why}",
    "快递一直显示在{city}，三天没动了", "优惠券怎么用不了", "麻烦开一下发票，抬头稍后发您",
    "地址写错了，改到{city}可以吗",
    "订单{order}的{goods}{why}，怎么办", "在吗？", "好的谢谢", "会员积分可以换{goods}吗", "支付失败了，钱扣了吗",
    "{city}几天能到", "{goods}洗了会缩水吗", "上次的{goods}很好喝，还有别的推荐吗", "满减活动到什么时候",
    "发一张{goods}的照片给我看看",
    "客服在吗，等了很久了", "退款{order}到账了吗",
)  # fmt: skip
_ENGLISH: Final = (
    "Hi, where is my order {order}?", "My parcel never arrived, please refund me", "Does it come in another size?",
    "Can I change the delivery address?", "Thanks, that helps", "The zipper is broken, can I return it?",
    "Is there a discount for members?", "I need an invoice for {order}", "How long does shipping to {city} take?",
    "The color is not what I ordered",
)  # fmt: skip
_ANSWERS: Final = (
    "您好，已经为您查询，订单{order}预计明天发货", "可以的，请把照片发给我们", "已经为您办理退款，3 个工作日到账",
    "抱歉让您久等了",
    "{goods}目前有货，{city}发出", "好的，地址已修改为{city}", "请您放心，我们会尽快处理", "发票已开，请查收邮箱",
    "Your parcel {order} left our warehouse today", "We have refunded you in full", "Sure, here is the return label",
)  # fmt: skip


def say(rng: random.Random, *, is_ours: bool = False) -> str:
    """Something a person writes, or an agent."""
    kind = _ANSWERS if is_ours else _ENGLISH if rng.random() < 0.2 else _CHINESE
    chosen = rng.choice(kind)
    text = chosen.replace("{goods}", rng.choice(_GOODS)).replace("{city}", rng.choice(_CITIES))
    text = text.replace("{why}", rng.choice(_WHY))
    return text.replace("{order}", f"DE{20260800 + rng.randrange(130)}{rng.randrange(10**6):06}")


class Wordings:
    """Texts with the numbers under which they are found, for messages in the order of their numbers."""

    def __init__(self, workspace: int, rng: random.Random) -> None:
        self._workspace = workspace
        self._rng = rng
        self._portion = -1
        self._pools: dict[bool, list[tuple[str, str]]] = {}

    def next(self, message_id: int, *, is_ours: bool) -> tuple[str, str]:
        """A text, and its numbers as PostgreSQL writes them."""
        if message_id // words.PORTION != self._portion:
            self._portion = message_id // words.PORTION
            self._pools = {True: [], False: []}
        pool = self._pools[is_ours]
        if len(pool) < _SPREAD // 2:
            pool.append(self._word(message_id, say(self._rng, is_ours=is_ours)))
            return pool[-1]
        if self._rng.random() < 0.05:  # a number that nobody else has
            return self._word(message_id, f"{say(self._rng)} {self._rng.randrange(10**12)}")
        return pool[int(self._rng.random() * len(pool))]

    def _word(self, message_id: int, text: str) -> tuple[str, str]:
        found = words.numbers(text, workspace=self._workspace, message_id=message_id)
        return text, "{" + ",".join(map(str, found)) + "}"


class Copier:
    """Writes what was taken in again, as often as needed."""

    def __init__(self, conn: Connection, workspace: int) -> None:
        self.conn = conn
        self.workspace = workspace
        self.bases = {table: self._rows(table) for table in (*_ORDER, "message")}
        self.strides = {
            kind: 1 + max(ids) - min(ids)
            for kind, table, column in (
                ("home", "identifier", "home_id"),
                ("conversation", "conversation", "conversation_id"),
                ("message", "message", "message_id"),
                ("intent", "intent", "intent_id"),
            )
            if (ids := [row[column] for row in self.bases[table]])
        }
        self.copies = 0

    def _rows(self, table: str) -> list[dict[str, Any]]:
        query = sql.SQL("SELECT * FROM {table} WHERE workspace_id = %s").format(table=sql.Identifier(table))
        return self.conn.execute(query, [self.workspace]).fetchall()

    def fill(self, conversations: int) -> None:
        """Copy until there are about so many conversations."""
        have = len(self.bases["conversation"])
        self.copies = max(0, round(conversations / have) - 1)
        with self.conn.transaction():
            self._fill()
        for table in (*_ORDER, "message"):
            self.conn.execute(sql.SQL("VACUUM ANALYZE {}").format(sql.Identifier(table)))

    def _fill(self) -> None:
        self.conn.execute("SET LOCAL session_replication_role = replica")
        self.conn.execute("SET LOCAL maintenance_work_mem = '1GB'")
        # Building them afterwards takes a tenth of the time.
        indexes = self._drop_indexes()
        self._give(self._write_messages())
        for table in _ORDER:
            self._copy(table)
        for index in indexes:
            self.conn.execute(index.encode())
        for kind, sequence in (("message", "message_number"), ("home", "person_home_id")):
            self.conn.execute("SELECT setval(%s, nextval(%s) + %s)", [sequence, sequence, self._far(kind)])
        for table in ("conversation", "intent"):
            query = "SELECT setval(pg_get_serial_sequence(%s, %s), (SELECT max({}) FROM {}))"
            named = sql.SQL(query).format(sql.Identifier(f"{table}_id"), sql.Identifier(table))
            self.conn.execute(named, [table, f"{table}_id"])

    def prove(self) -> int:
        """How many rows of some copies are what their originals are, but for what was to be different."""
        proved = 0
        for table, number in itertools.product((*_ORDER, "message"), {1, self.copies // 2, self.copies}):
            for base, copy in zip(self.bases[table], self._copies(table, number), strict=True):
                self._require_same(table, base, copy, number)
                proved += 1
        return proved

    # ------------------------------------------------------------ writing
    def _write_messages(self) -> list[tuple[int, str]]:
        """The messages; what conversations show of the last one."""
        wordings = Wordings(self.workspace, random.Random(7))
        base = sorted(self.bases["message"], key=lambda row: row["message_id"])
        columns = list(base[0])
        last: dict[int, str] = {}
        ends = {row["conversation_id"]: row["last_message_id"] for row in self.bases["conversation"]}
        fixed = [{name: _copied(row[name], is_array=name == "words") for name in columns} for row in base]
        statement = sql.SQL("COPY message ({}) FROM STDIN").format(sql.SQL(", ").join(map(sql.Identifier, columns)))
        with self.conn.cursor() as cursor, cursor.copy(statement) as copy:
            for number in range(1, self.copies + 1):
                shift = self._shift(number)
                lines = []
                for row, told in zip(base, fixed, strict=True):
                    message_id = row["message_id"] + number * self.strides["message"]
                    home = row["conversation_id"] + number * self.strides["conversation"]
                    line = {**told, "message_id": str(message_id), "conversation_id": str(home)}
                    line["said_at"] = (row["said_at"] + shift).isoformat()
                    if row["intent_id"] is not None:
                        line["intent_id"] = str(row["intent_id"] + number * self.strides["intent"])
                    if row["words"]:
                        text, line["words"] = wordings.next(message_id, is_ours=row["kind"] != "in")
                        line["body"], line["parts"] = text, f'[{{"type": "text", "text": "{text}"}}]'
                        if ends[row["conversation_id"]] == row["message_id"]:
                            last[home] = text
                    lines.append("\t".join(line.values()))
                copy.write("\n".join(lines) + "\n")
        return [(home, threads.preview(text)) for home, text in last.items()]

    def _give(self, shown: Sequence[tuple[int, str]]) -> None:
        """Lay out what copies cannot be told from their originals: previews, addresses and how often to copy."""
        self.conn.execute("CREATE TEMPORARY TABLE shown (conversation_id bigint PRIMARY KEY, preview text)")
        self.conn.execute("CREATE TEMPORARY TABLE address (home_id bigint PRIMARY KEY, value text, hash uuid)")
        with self.conn.cursor() as cursor:
            with cursor.copy("COPY shown FROM STDIN") as copy:
                for row in shown:
                    copy.write_row(row)
            with cursor.copy("COPY address FROM STDIN") as copy:
                for row in self._addresses():
                    copy.write_row(row)
        self.conn.execute("ANALYZE shown")
        self.conn.execute("ANALYZE address")

    def _addresses(self) -> Iterator[tuple[int, str, str]]:
        for number, base in itertools.product(range(1, self.copies + 1), self.bases["identifier"]):
            home = base["home_id"] + number * self.strides["home"]
            value = str(10_000_000 + home)
            yield home, value, str(identifier_hash(base["kind"], value))

    def _copy(self, table: str) -> None:
        if not self.bases[table]:
            return
        columns = [name for name in self.bases[table][0] if name != "bare_openid"]
        types = {name: type(value) for row in self.bases[table] for name, value in row.items() if value is not None}
        query = sql.SQL(
            "INSERT INTO {table} ({columns}) OVERRIDING SYSTEM VALUE SELECT {values} FROM {table} AS base"
            " CROSS JOIN generate_series(%(first)s::bigint, %(last)s::bigint) AS number"
        ).format(
            table=sql.Identifier(table),
            columns=sql.SQL(", ").join(map(sql.Identifier, columns)),
            values=sql.SQL(", ").join(self._value(table, name, types.get(name)) for name in columns),
        )
        more = {
            "conversation": " JOIN shown ON"
            " shown.conversation_id = base.conversation_id + number * %(conversation)s::bigint",
            "identifier": " JOIN address ON address.home_id = base.home_id + number * %(home)s::bigint",
        }
        query += sql.SQL(
            more.get(table, "") + " WHERE base.workspace_id = %(workspace)s AND base.{key} <= %(top)s"
        ).format(key=sql.Identifier(_key(table)))
        top = max(row[_key(table)] for row in self.bases[table])
        given = {**self.strides, "workspace": self.workspace, "top": top, "copies": self.copies, "days": DAYS}
        for first in range(1, self.copies + 1, _BATCH):
            self.conn.execute(query, {**given, "first": first, "last": min(first + _BATCH - 1, self.copies)})

    def _value(self, table: str, name: str, kind: type | None) -> sql.Composable:
        """What a column of a copy holds."""
        told = {
            ("conversation", "preview"): "shown.preview",
            ("identifier", "value"): "address.value",
            ("identifier", "identifier_hash"): "address.hash",
            ("intent", "step"): "'agent:' || (substr(base.step, 7)::bigint + number * %(message)s::bigint)",
        }.get((table, name))
        if told is not None:
            return sql.SQL(told)
        column = sql.SQL("base.{}").format(sql.Identifier(name))
        if (number := _NUMBERS.get(name)) is not None:
            return sql.SQL("{} + number * {}::bigint").format(column, sql.Placeholder(number))
        if kind is datetime and name not in _STAYS:
            step = "(make_interval(days => %(days)s::integer) / %(copies)s::float)"
            moved = f"{{}} - (%(copies)s::bigint - number + 1) * {step}"
            return sql.SQL(moved).format(column)
        return column

    def _drop_indexes(self) -> list[str]:
        """How the indexes were made that no constraint needs."""
        found = self.conn.execute(
            "SELECT indexrelid::regclass::text AS name, pg_get_indexdef(indexrelid) AS made FROM pg_index"
            " WHERE indrelid::regclass::text = ANY (%s)"
            " AND NOT EXISTS (SELECT FROM pg_constraint WHERE conindid = indexrelid)",
            [[*_ORDER, "message"]],
        ).fetchall()
        for row in found:
            self.conn.execute(sql.SQL("DROP INDEX {}").format(sql.Identifier(row["name"])))
        return [row["made"] for row in found]

    def _far(self, kind: str) -> int:
        return self.strides[kind] * (self.copies + 1)

    def _shift(self, number: int) -> timedelta:
        return -(self.copies - number + 1) * (timedelta(days=DAYS) / self.copies)

    # ------------------------------------------------------------ proving
    def _copies(self, table: str, number: int) -> list[dict[str, Any]]:
        """The rows of one copy, in the order of their originals."""
        key = _key(table)
        stride = number * self.strides[_NUMBERS[key]]
        query = sql.SQL("SELECT * FROM {} WHERE workspace_id = %s AND {} = ANY (%s)").format(
            sql.Identifier(table), sql.Identifier(key)
        )
        keys = [row[key] + stride for row in self.bases[table]]
        found = self.conn.execute(query, [self.workspace, keys]).fetchall()
        other = "tag" if table == "conversation_tag" else "round" if table == "conversation_round" else "user_id"
        places = {(row[key], row.get(other)): row for row in found}
        return [places[row[key] + stride, row.get(other)] for row in self.bases[table]]

    def _require_same(self, table: str, base: dict[str, Any], copy: dict[str, Any], number: int) -> None:
        for name, value in base.items():
            expected = value
            if name in _NUMBERS and value is not None:
                expected = value + number * self.strides[_NUMBERS[name]]
            elif isinstance(value, datetime) and name not in _STAYS:
                assert abs(copy[name] - value - self._shift(number)) < timedelta(seconds=1), (table, name)
                continue
            elif table == "identifier" and name == "identifier_hash":
                expected = identifier_hash(copy["kind"], copy["value"])
            elif table == "intent" and name == "step":
                expected = f"agent:{int(value.removeprefix('agent:')) + number * self.strides['message']}"
            elif (table, name) in {("identifier", "value"), ("message", "body"), ("conversation", "preview")}:
                assert bool(copy[name]) == bool(value), (table, name)
                continue
            elif table == "message" and name == "words" and value:
                expected = words.numbers(copy["body"], workspace=self.workspace, message_id=copy["message_id"])
            elif table == "message" and name == "parts" and value:
                expected = [{"type": "text", "text": copy["body"]}]
            assert copy[name] == expected, (table, name, copy[name], expected)


def _key(table: str) -> str:
    return {
        "identifier": "home_id", "person": "person_id", "message": "message_id", "mention": "message_id",
        "intent": "intent_id",
    }.get(table, "conversation_id")  # fmt: skip


def _copied(value: Any, *, is_array: bool) -> str:
    """A value as COPY takes it."""
    if value is None:
        return "\\N"
    if is_array:
        return "{" + ",".join(map(str, value)) + "}"
    told = json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
    return told.replace("\\", "\\\\")


def connect(dsn: str) -> Connection:
    """A connection of the tables' owner."""
    return psycopg.connect(dsn, autocommit=True, row_factory=dict_row)


def a_session(conn: Connection, workspace: int, user: int) -> tuple[str, str]:
    """The cookie and the token of somebody who is signed in."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    conn.execute(
        "INSERT INTO login_session (token_hash, user_id, workspace_id, csrf_token, expires_at)"
        " VALUES (%s, %s, %s, %s, %s)",
        [hashlib.sha256(token.encode()).digest(), user, workspace, csrf, datetime.now(UTC) + timedelta(days=14)],
    )
    return token, csrf
