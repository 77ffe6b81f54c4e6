"""Settings of e-mail and webhooks from the environment, and the file of recipients.

Owns their names and checks. Without a file of recipients nothing is sent.
"""

import stat
import tomllib
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings

from models.environment import ENVIRONMENT
from models.errors import NotificationError
from models.policy.sections.alerts import SEVERITIES, Severity
from pipelines.notifications.signatures import signing_key

_PATTERN_NAME = r"^[A-Za-z0-9][A-Za-z0-9._-]{0,49}$"


class NotificationSettings(BaseSettings):
    """Settings from `ENCOURS_…` variables and a file `.env`.

    Parameters
    ----------
    recipients
        `ENCOURS_RECIPIENTS`: TOML file of those who get e-mails and webhooks; nothing is sent without it.
    public_url
        `ENCOURS_PUBLIC_URL`: address of the pages, for links in e-mails; no links without it.
    smtp_host
        `ENCOURS_SMTP_HOST`: server that takes e-mails.
    smtp_port
        `ENCOURS_SMTP_PORT`: its port.
    smtp_security
        `ENCOURS_SMTP_SECURITY`: `starttls`, `tls` from the first byte, or `none`, without a password unless
        the server is on this machine.
    smtp_user
        `ENCOURS_SMTP_USER`: user at the server; no sign-in without it.
    smtp_password
        `ENCOURS_SMTP_PASSWORD`: its password.
    smtp_from
        `ENCOURS_SMTP_FROM`: address of the sender.
    """

    model_config = ENVIRONMENT

    recipients: Path | None = None
    public_url: str = ""
    smtp_host: str = ""
    smtp_port: int = Field(default=587, ge=1, le=65535)
    smtp_security: Literal["starttls", "tls", "none"] = "starttls"
    smtp_user: str = ""
    smtp_password: SecretStr = SecretStr("")
    smtp_from: str = ""

    @model_validator(mode="after")
    def _refuse_passwords_in_clear(self) -> Self:
        is_clear = self.smtp_security == "none" and self.smtp_host not in ("127.0.0.1", "::1", "localhost")
        if is_clear and self.smtp_user:
            raise ValueError("with ENCOURS_SMTP_SECURITY=none the password is sent in clear; use starttls")
        return self


class _Recipient(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    name: Annotated[str, Field(pattern=_PATTERN_NAME)]
    severity: Severity = "medium"

    def wants(self, severity: str) -> bool:
        """Return whether alerts of a severity go to this recipient."""
        return SEVERITIES.index(severity) <= SEVERITIES.index(self.severity)


class EmailRecipient(_Recipient):
    """Somebody who gets the digest of a night.

    Parameters
    ----------
    name
        Its name in the outbox.
    severity
        The least severity that it is told.
    address, language
        Where to, and in which language.
    """

    address: Annotated[str, Field(pattern=r"^[^@\s<>,;]+@[^@\s<>,;]+$", max_length=254)]
    language: Literal["fr", "en"] = "fr"


class WebhookEndpoint(_Recipient):
    """A program that gets the alerts of a night.

    Parameters
    ----------
    url
        `https://…`; `http://` where it is internal.
    secrets
        Keys of the signature, `whsec_…`, the newest first; several while one replaces another.
    internal
        Whether it is in the own network: private addresses and `http://` are then allowed.
    """

    url: str
    secrets: Annotated[tuple[SecretStr, ...], Field(min_length=1, max_length=3)]
    internal: bool = False

    @field_validator("secrets")
    @classmethod
    def _refuse_weak_secrets(cls, value: tuple[SecretStr, ...]) -> tuple[SecretStr, ...]:
        for secret in value:
            signing_key(secret.get_secret_value())
        return value

    @model_validator(mode="after")
    def _refuse_open_addresses(self) -> Self:
        parsed = urlsplit(self.url)
        allowed = ("https", "http") if self.internal else ("https",)
        if parsed.scheme not in allowed or not parsed.hostname or parsed.username or parsed.fragment:
            raise ValueError(
                f"url needs {' or '.join(f'{one}://' for one in allowed)}, a host and no password"
            )
        return self


class RecipientList(BaseModel):
    """The file of recipients."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    email: tuple[EmailRecipient, ...] = ()
    webhook: tuple[WebhookEndpoint, ...] = ()

    @model_validator(mode="after")
    def _refuse_twins(self) -> Self:
        for some in (self.email, self.webhook):
            names = [one.name for one in some]
            if twins := {name for name in names if names.count(name) > 1}:
                raise ValueError(f"each name is used once; {', '.join(sorted(twins))} is used again")
        return self


def load_recipients(settings: NotificationSettings) -> RecipientList:
    """Read the file of recipients; nobody without one.

    Raises
    ------
    NotificationError
        The file cannot be read, holds what it may not, or is readable by every user; or it has recipients of
        e-mails and no server is set. No value is shown.
    """
    if settings.recipients is None:
        return RecipientList()
    found = _read(settings.recipients)
    if found.email and not (settings.smtp_host and settings.smtp_from):
        raise NotificationError(
            "there are recipients of e-mails; set ENCOURS_SMTP_HOST and ENCOURS_SMTP_FROM, or remove them"
        )
    return found


def _read(path: Path) -> RecipientList:
    try:
        if path.stat().st_mode & (stat.S_IROTH | stat.S_IWOTH):
            raise NotificationError(f"{path} holds secrets and is open to every user; run `chmod 640 {path}`")
        return RecipientList.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except ValidationError as error:
        faults = [f"{'.'.join(map(str, one['loc'])) or 'the file'}: {one['msg']}" for one in error.errors()]
        raise NotificationError(f"{path} cannot be used: {'; '.join(faults)}") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is no TOML"
        raise NotificationError(f"{path} cannot be read: {reason}; correct ENCOURS_RECIPIENTS") from None
