"""What a setting takes, and what is said when it doesn't."""

import pytest

from assistant.errors import WrongUse
from assistant.settings import Settings, load_settings


@pytest.fixture(autouse=True)
def _elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))  # where there is no .env


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("", ""),
        ("https://www.locality.org.uk", "https://www.locality.org.uk"),
        (
            " HTTPS://Locality.org.uk , http://localhost:8080,",
            "https://locality.org.uk,http://localhost:8080",
        ),
        ("https://locality.org.uk:443,http://a.test:80", "https://locality.org.uk,http://a.test"),
        ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
    ],
)
def test_origins_are_kept_as_browsers_send_them(
    monkeypatch: pytest.MonkeyPatch, written: str, meant: str
) -> None:
    monkeypatch.setenv("KIL_ALLOWED_ORIGINS", written)

    assert load_settings().allowed_origins == meant


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("locality.org.uk", "'locality.org.uk' is not an origin; write the scheme and the host"),
        ("*", "'\\*' is not an origin"),
        ("https://*.locality.org.uk", "is not an origin"),
        ("null", "'null' is not an origin"),
        ("ftp://locality.org.uk", "is not an origin"),
        ("https://a.test https://b.test", "goes on after the host; write only https://a.test"),
        ("https://locality.org.uk/", "goes on after the host; write only https://locality.org.uk"),
        ("https://locality.org.uk/ask?x", "write only https://locality.org.uk"),
        ("https://locality.org.uk:443/", "write only https://locality.org.uk"),
        ("https://a.test:99999999", "goes on after the host"),
        ("https://b@a.test", "goes on after the host"),
        ("https://a.test,javascript:alert(1)", "'javascript:alert\\(1\\)' is not an origin"),
        ("https://bücher.example", "goes on after the host"),
    ],
)
def test_what_is_no_origin_is_wrong_use_and_says_what_to_write(
    monkeypatch: pytest.MonkeyPatch, written: str, said: str
) -> None:
    monkeypatch.setenv("KIL_ALLOWED_ORIGINS", written)

    with pytest.raises(WrongUse, match=f"KIL_ALLOWED_ORIGINS: .*{said}"):
        load_settings()


def test_by_default_nobody_else_is_trusted() -> None:
    defaults = Settings.model_fields

    assert defaults["allowed_origins"].default == ""
    assert defaults["trusted_proxies"].default == 0
