"""Recipients are read from a file; what is wrong is named, and no secret is shown."""

from pathlib import Path

import pytest

from models.errors import NotificationError
from pipelines.notifications.settings import NotificationSettings, RecipientList, load_recipients

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
GOOD = f"""
[[email]]
name = "credit"
address = "credit@example.org"
severity = "high"

[[webhook]]
name = "erp"
url = "https://erp.example.org/encours"
secrets = ["{SECRET}"]
"""


def settings(path: Path | None, **told: object) -> NotificationSettings:
    return NotificationSettings(
        _env_file=None, recipients=path, smtp_host="smtp.example.org", smtp_from="a@example.org", **told
    )


def a_file(folder: Path, text: str, mode: int = 0o600) -> Path:
    path = folder / "recipients.toml"
    path.write_text(text, encoding="utf-8")
    path.chmod(mode)
    return path


def test_without_a_file_nobody_gets_anything():
    assert load_recipients(NotificationSettings(_env_file=None)) == RecipientList()


def test_recipients_are_read_with_what_they_want(tmp_path: Path):
    found = load_recipients(settings(a_file(tmp_path, GOOD)))
    assert [found.email[0].wants(one) for one in ("high", "medium")] == [True, False]
    assert [found.webhook[0].wants(one) for one in ("high", "medium", "low")] == [True, True, False]
    assert "MfKQ9r8" not in repr(found)


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("https://", "http://", "url needs https"),
        (SECRET, "whsec_MfKQ", "webhook.0.secrets"),
        ("credit@example.org", "credit", "email.0.address"),
        ("credit@example.org", "a@example.org\\r\\nBcc: b@example.org", "email.0.address"),
        ('severity = "high"', 'severty = "high"', "email.0.severty"),
        ("[[email]]", "[[email", "it is no TOML"),
    ],
)
def test_a_fault_is_named_without_a_value(tmp_path: Path, old: str, new: str, fault: str):
    assert old in GOOD
    with pytest.raises(NotificationError, match=fault) as refused:
        load_recipients(settings(a_file(tmp_path, GOOD.replace(old, new))))
    assert "MfKQ" not in str(refused.value)


def test_a_file_that_everybody_reads_and_one_that_is_not_there_are_refused(tmp_path: Path):
    with pytest.raises(NotificationError, match="open to every user"):
        load_recipients(settings(a_file(tmp_path, GOOD, 0o644)))
    with pytest.raises(NotificationError, match="cannot be read"):
        load_recipients(settings(tmp_path / "none.toml"))


def test_a_name_is_used_once_and_emails_need_a_server(tmp_path: Path):
    twice = a_file(tmp_path, GOOD + '[[email]]\nname = "credit"\naddress = "b@example.org"\n')
    with pytest.raises(NotificationError, match="used once"):
        load_recipients(settings(twice))
    told = NotificationSettings(_env_file=None, recipients=a_file(tmp_path, GOOD))
    with pytest.raises(NotificationError, match="ENCOURS_SMTP_HOST"):
        load_recipients(told)


def test_a_password_is_not_sent_in_clear():
    with pytest.raises(ValueError, match="in clear"):
        settings(None, smtp_security="none", smtp_user="u")
