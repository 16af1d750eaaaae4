"""What the product stands on: PostgreSQL, the lake, the engine, access, HTTP."""
