"""Settings of the mail server: what can work, and everything else refused at the start."""

from email.message import EmailMessage

import pytest

from collector.channels.providers import providers_for
from collector.channels.providers.folder import Folder
from collector.channels.providers.smtp import Smtp
from collector.config import SettingsError, read_settings

WHO = {"LUKEWARM_MAIL_FROM": "ask@example.com", "LUKEWARM_PUBLIC_URL": "https://ask.example.com"}


@pytest.mark.parametrize(
    "url",
    [
        "smtp://mail.example.com",
        "smtp://user:p%40ss@mail.example.com:587",
        "smtps://user:pass@mail.example.com:465",
        "smtp://127.0.0.1:25?tls=off",
        "smtp://user:pass@localhost:25?tls=off",
    ],
)
def test_a_mail_server_opens_the_channel(url: str):
    settings = read_settings({"LUKEWARM_SMTP_URL": url, **WHO})
    assert settings.channels == ("email",)
    assert isinstance(providers_for(settings.smtp_url, None, settings.mail_from)["email"], Smtp)


@pytest.mark.parametrize(
    "environ",
    [
        {"LUKEWARM_SMTP_URL": "http://mail.example.com", **WHO},
        {"LUKEWARM_SMTP_URL": "smtp://", **WHO},
        {"LUKEWARM_SMTP_URL": "smtp://mail.example.com/path", **WHO},
        {"LUKEWARM_SMTP_URL": "smtp://mail.example.com?tls=maybe", **WHO},
        {"LUKEWARM_SMTP_URL": "smtps://mail.example.com?tls=off", **WHO},
        {"LUKEWARM_SMTP_URL": "smtp://user:pass@mail.example.com?tls=off", **WHO},
        {"LUKEWARM_SMTP_URL": "smtp://mail.example.com"},
        {"LUKEWARM_SMTP_URL": "smtp://mail.example.com", "LUKEWARM_MAIL_FROM": "ask@example.com"},
        {**WHO, "LUKEWARM_MAIL_FROM": "Ask <ask@example.com>"},
        {**WHO, "LUKEWARM_MAIL_FROM": "ask@example.com\nBcc: eve@example.com"},
    ],
)
def test_what_cannot_work_is_said_at_the_start_without_the_password(environ: dict[str, str]):
    with pytest.raises(SettingsError) as refused:
        read_settings(environ)
    assert "pass" not in str(refused.value).replace("a password", "").replace("user:password@", "")


def test_without_a_mail_server_there_is_no_channel(tmp_path):
    assert read_settings({}).channels == ()
    assert providers_for(None, None, None) == {}
    assert isinstance(providers_for("smtp://x", tmp_path, "ask@example.com")["email"], Folder)


def test_a_folder_that_cannot_be_written_to_is_a_server_that_is_not_ready(tmp_path):
    (tmp_path / "taken").write_text("a file")
    mail = EmailMessage()
    mail["Message-ID"] = "<a@example.com>"
    assert Folder(tmp_path / "taken").send(mail, "ann@example.com").state == "deferred"
    assert Folder(tmp_path / "free").send(mail, "ann@example.com").state == "sent"
    assert [file.name for file in (tmp_path / "free").iterdir()] == ["a.eml"]
