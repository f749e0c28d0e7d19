"""Every exception this package raises."""

from __future__ import annotations

import errno

__all__ = [
    "CancelledError",
    "InternalError",
    "InvalidLogError",
    "InvalidMapError",
    "InvalidOptionError",
    "InvalidStateError",
    "IoError",
    "JourneyError",
    "LimitExceededError",
    "MissingFileError",
    "UnknownStageError",
    "UnknownTouchpointError",
]


class JourneyError(Exception):
    """The base of them all; `code` is the same string in every language. Places that are not known are `None`."""

    code: str = "unknown"
    """The kind of the error."""
    file: str | None = None
    """The file, as it was named."""
    line: int | None = None
    """Line in the text, from 1."""
    column: int | None = None
    """Character in the line, from 1."""
    record: int | None = None
    """Data record of a table, from 1; the header does not count."""
    field: str | None = None
    """Column of a table, path in a map file or name of an option."""


class InvalidLogError(JourneyError, ValueError):
    """The event data cannot be read as a log."""

    code = "invalid_log"


class InvalidMapError(JourneyError, ValueError):
    """The map breaks one of its rules, or its file cannot be read."""

    code = "invalid_map"


class InvalidOptionError(JourneyError, ValueError):
    """An option has a value outside its range, or no such option exists."""

    code = "invalid_option"


class UnknownTouchpointError(JourneyError, LookupError):
    """A touchpoint is named that the map or log does not have."""

    code = "unknown_touchpoint"


class UnknownStageError(JourneyError, LookupError):
    """A stage is named that the map does not have."""

    code = "unknown_stage"


class InvalidStateError(JourneyError, ValueError):
    """Bytes are not those of a state, or two states do not go together."""

    code = "invalid_state"


class LimitExceededError(JourneyError, ValueError):
    """The data is larger than the library can hold."""

    code = "limit_exceeded"


class IoError(JourneyError, OSError):
    """Reading or writing failed."""

    code = "io"


class MissingFileError(IoError, FileNotFoundError):
    """The file does not exist."""


class CancelledError(JourneyError, RuntimeError):
    """It was broken off from outside."""

    code = "cancelled"


class InternalError(JourneyError, RuntimeError):
    """A bug in this package; please report it."""

    code = "internal"


_BY_CODE = {
    error.code: error
    for error in (
        InvalidLogError,
        InvalidMapError,
        InvalidOptionError,
        UnknownTouchpointError,
        UnknownStageError,
        InvalidStateError,
        LimitExceededError,
        IoError,
        CancelledError,
        InternalError,
    )
}


def make(code: str, message: str, **place: str | int | None) -> JourneyError:
    """The exception of a code, with the place of the problem."""
    kind = MissingFileError if place.get("errno") == errno.ENOENT else _BY_CODE.get(code, JourneyError)
    error = kind(message)
    for name, value in place.items():
        if name != "errno" or isinstance(error, OSError):
            setattr(error, name, value)
    return error
