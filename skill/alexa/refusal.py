"""Why a request is refused: all that may be said of it."""

from enum import StrEnum


class Cause(StrEnum):
    """Why a request was refused: the only words about it that are counted and logged."""

    HTTP = "http"
    PATH = "path"
    METHOD = "method"
    SIZE = "size"
    MEDIA_TYPE = "media-type"
    BODY = "body"
    NO_CHAIN_URL = "no-chain-url"
    CHAIN_URL = "chain-url"
    NO_SIGNATURE = "no-signature"
    SIGNATURE = "signature"
    FETCH = "fetch"
    FETCH_LIMIT = "fetch-limit"
    CHAIN = "chain"
    NAME = "name"
    KEY = "key"
    JSON = "json"
    SHAPE = "shape"
    TIMESTAMP = "timestamp"
    SKILL_ID = "skill-id"
    FORWARDED = "forwarded"
    HOST = "host"
    UNFORESEEN = "unforeseen"


class Refusal(Exception):
    """The request is refused. Carries a `Cause` and nothing of the request."""

    def __init__(self, cause: Cause) -> None:
        super().__init__(cause.value)
        self.cause = cause
