"""What the routes of the catalog take and give."""

from typing import Annotated

from pydantic import BaseModel, Field, StringConstraints

Address = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2_000, pattern=r"^(https?://\S+)?$")]
Currency = Annotated[str, StringConstraints(pattern=r"^([A-Z]{3})?$")]


class NewProduct(BaseModel):
    """What the brand says of a product; without a name or a price, those of the last order count."""

    name: str = Field(default="", max_length=300)
    url: Address = ""
    image_url: Address = ""
    price_minor: int | None = Field(default=None, ge=0)
    currency: Currency = ""


class Product(NewProduct):
    """A product; ``times`` is how often it stands in the newest orders."""

    product_id: str
    category: str
    times: int


class Products(BaseModel):
    """Products, those bought most first."""

    items: list[Product]


class UsedCoupon(BaseModel):
    """A coupon's code, and how often it was used in the newest orders."""

    code: str
    times: int


class UsedCoupons(BaseModel):
    """Codes, those used most first."""

    items: list[UsedCoupon]
