"""Environment to :class:`Settings`. Every setting has a default that works on one machine."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from pipeline.errors import SettingsError

ROOT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What can be set. Names in the environment are the upper-case aliases; ``.env`` is read by compose, not here."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    database_url: SecretStr | None = Field(
        None, validation_alias="DATABASE_URL", description="Postgres of your own; unset: the embedded one."
    )
    archive_url: str = Field("", validation_alias="ARCHIVE_URL", description="Folder or fsspec address of the archive.")
    var: Path = Field(
        ROOT / "var", validation_alias="WIRE_VAR", description="Where the embedded server and reports live."
    )
    drop: Path | None = Field(
        None, validation_alias="WIRE_DROP", description="Folder of files that agencies deliver, one folder a feed."
    )
    feeds: Path = Field(ROOT / "feeds", validation_alias="WIRE_FEEDS", description="Folder of the feed registry.")
    sql: Path = Field(ROOT / "sql", validation_alias="WIRE_SQL", description="Folder of the SQL.")
    gazetteer: Path | None = Field(
        None,
        validation_alias="WIRE_GAZETTEER",
        description="TOML file, or folder of them, with gazetteer rows of yours.",
    )
    contact: str = Field(
        "https://github.com/wireledger/wireledger",
        validation_alias="WIRE_CONTACT",
        description="Address in the User-Agent, so that a publisher can reach you.",
    )
    connect_to: dict[str, str] = Field(
        default_factory=dict,
        validation_alias="WIRE_CONNECT_TO",
        description="Host to address:port, as JSON; honoured only for feeds with allow_loopback (the demo).",
    )
    log: Literal["", "json", "text"] = Field(
        "", validation_alias="WIRE_LOG", description="Events of the command line to stderr: json or text, one a line."
    )
    batch_size: int = Field(100, ge=1, le=1000, validation_alias="WIRE_BATCH_SIZE", description="Revisions a batch.")

    @field_validator("gazetteer", mode="before")
    @classmethod
    def unset(cls, value: object) -> object:
        """An empty variable is none."""
        return value or None

    @property
    def archive(self) -> str:
        """The archive's address; ``var/archive`` unless set."""
        return self.archive_url or str(self.var / "archive")

    @property
    def drop_folder(self) -> Path:
        """Where agencies deliver; ``var/drop`` unless set."""
        return self.drop or self.var / "drop"

    @property
    def drop_flag(self) -> Path:
        """A file beside the drop folder: who has delivered touches it, and the delivery is taken at once."""
        return self.drop_folder.with_name(f"{self.drop_folder.name}.ready")

    @property
    def is_embedded(self) -> bool:
        """Whether the embedded Postgres serves."""
        return self.database_url is None


@cache
def get_settings() -> Settings:
    """Settings of this process; raises :class:`SettingsError` naming the variable at fault, never its value."""
    try:
        return Settings()
    except ValidationError as error:
        faults = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
        raise SettingsError(f"environment: {faults}") from None
