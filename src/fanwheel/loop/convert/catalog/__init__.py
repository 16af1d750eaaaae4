"""The catalog: products as orders know them, with what the brand says of them."""
