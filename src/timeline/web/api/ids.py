"""Ids of records in addresses: any text, with slashes and line feeds in it."""

from __future__ import annotations

from starlette.convertors import StringConvertor, register_url_convertor


class IdConvertor(StringConvertor):
    """What stands in an address as `{id:record}`; Starlette's own `path` stops at a line feed."""

    regex = "(?s:.+)"


register_url_convertor("record", IdConvertor())
