"""Settings: the only place that reads the environment (`LANDMAP_...`)."""

import os
from collections.abc import Mapping
from functools import cache
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    Field,
    IPvAnyNetwork,
    SecretStr,
    ValidationError,
    field_validator,
)
from pydantic_core import ErrorDetails
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from gis.errors import SettingsError
from gis.words import Title
from ui.online_base import OnlineBase, online_bases

ROOT = Path(__file__).resolve().parents[1]

SENTENCES: Mapping[str, str] = {
    "bool_parsing": Title("{variable} is {got}; it must be true or false."),
    "int_parsing": Title("{variable} is {got}; it must be a whole number."),
    "literal_error": Title("{variable} is {got}; allowed: {allowed}."),
    "greater_than_equal": Title("{variable} is {got}; that is too little."),
    "greater_than": Title("{variable} is {got}; it must be more than 0."),
    "float_parsing": Title("{variable} is {got}; it must be a number."),
    "ip_any_network": Title(
        "{variable} is {got}; it must be addresses or networks of proxies, such as"
        " 127.0.0.1, with commas between them."
    ),
    "less_than_equal": Title("{variable} is {got}; that is too much."),
}
NO_PORT = Title("{variable} is {got}; a port is 1 to 65535.")
RANGES = {"greater_than_equal", "less_than_equal"}
OTHER = Title("{variable} is {got}: {why}.")

Language = Literal["", "zh_CN", "en"]


class Settings(BaseSettings):
    """What an operator may choose; every field is told in the README.

    Attributes:
        home: Folder of the state: layers, facts, ledger.db, secret.key.
        database_url: Address of the PostgreSQL database that keeps the ledger, with
            its password; empty: ledger.db in the home folder.
        layers_url: Address of the PostGIS database that keeps the layers, with its
            password; empty: a folder in the home folder.
        port: TCP port of the server.
        address: Address the server listens on; the demo stays on this machine.
        catalog: More folders of layer declarations; later ones override.
        region: Name of a file of `layers/regions/`, or a path to another.
        language: Language of the pages and the command line; empty: as the reader asks.
        base_path: Path the app is served under behind a proxy, such as "gis".
        trusted_proxies: Addresses or networks of proxies whose word about a visitor's
            address is taken, separated by commas; empty: nobody's.
        public_url: Address of the app as its users see it, for copied links.
        public: Serve visitors without an account: nothing but what is published.
        publishing: An office's own rules of publishing (TOML); they go before the
            shipped ones.
        quota_requests: Requests a minute that one address may send to a public
            process.
        quota_sessions: Pages that one address may have open there.
        quota_inquiries: Inquiries an hour that one address may send.
        demo: Offer the switch between the demo's actors, one for each role.
        oidc_file: TOML file with the section `[auth]` of the provider people sign in
            with (OpenID Connect); needs `demo` off.
        login_hours: Hours after which who signed in signs in again.
        sample: Folder of the sample layers and the demo ledger.
        tianditu_key: The operator's key for Tianditu's maps; empty: not offered.
        osm: Offer OpenStreetMap as a base map.
        xyz: Another base map, as `title|template|attribution`.
        check_certain_m2: Overlaps that are larger than this at the least, given how
            exact both boundaries are, count as occupied for certain.
        check_template: An office's own template of the check report (DOCX); empty: the
            shipped one.
        upload_features: Most parcels a boundary file may hold.
        upload_vertices: Most boundary points it may hold.
        land_use_colours: TOML file of the colours of land-use classes; empty: the
            shipped one.
    """

    model_config = SettingsConfigDict(
        env_prefix="LANDMAP_", frozen=True, extra="ignore"
    )

    home: Path = ROOT / "var"
    database_url: SecretStr = SecretStr("")
    layers_url: SecretStr = SecretStr("")
    port: int = Field(default=8501, ge=1, le=65535)
    address: str = "127.0.0.1"
    catalog: Annotated[tuple[Path, ...], NoDecode] = ()
    region: str = "guizhou"
    language: Language = ""
    base_path: Annotated[str, Field(pattern=r"^/?[A-Za-z0-9._~/-]*$")] = ""
    trusted_proxies: Annotated[tuple[IPvAnyNetwork, ...], NoDecode] = ()
    public_url: str = ""
    public: bool = False
    publishing: Path | None = None
    quota_requests: int = Field(default=1_200, ge=1)
    quota_sessions: int = Field(default=100, ge=1)
    quota_inquiries: int = Field(default=5, ge=1)
    demo: bool = True
    oidc_file: Path | None = None
    login_hours: float = Field(default=12.0, gt=0)
    sample: Path = ROOT / "sample_data"
    tianditu_key: str = ""
    osm: bool = False
    xyz: str = ""
    check_certain_m2: float = Field(default=1.0, gt=0)
    check_template: Path | None = None
    upload_features: int = Field(default=20_000, ge=1)
    upload_vertices: int = Field(default=2_000_000, ge=3)
    land_use_colours: Path | None = None

    @field_validator("catalog", mode="before")
    @classmethod
    def _split_folders(cls, value: object) -> object:
        """Read folders as PATH is read: separated by `:` (`;` on Windows)."""
        if isinstance(value, str):
            return tuple(part for part in value.split(os.pathsep) if part)
        return value

    @field_validator("trusted_proxies", mode="before")
    @classmethod
    def _split_proxies(cls, value: object) -> object:
        """Read addresses separated by commas."""
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("home", "sample", mode="after")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        """Make a folder independent of the place the app is started from."""
        return value.expanduser().absolute()

    @property
    def acts_demo(self) -> bool:
        """Whether visitors choose a role; never among the public."""
        return self.demo and not self.public

    @property
    def ledger_file(self) -> Path:
        """Database of the ledger, unless `database_url` names another."""
        return self.home / "ledger.db"

    @property
    def online(self) -> tuple[OnlineBase, ...]:
        """Base maps of other hosts; none unless asked for."""
        return online_bases(tianditu_key=self.tianditu_key, osm=self.osm, xyz=self.xyz)

    @property
    def secret_file(self) -> Path:
        """Key that signs cookies and the audit chain."""
        return self.home / "secret.key"


def is_loopback(address: str) -> bool:
    """Tell whether an address is reached from this machine only."""
    if address == "localhost":
        return True
    try:
        number = ip_address(address)
    except ValueError:
        return False
    mapped = getattr(number, "ipv4_mapped", None)  # ::ffff:127.0.0.1, as IPv6 says it
    return (mapped or number).is_loopback


def read_settings(**given: Any) -> Settings:  # noqa: ANN401 - pydantic checks them
    """Read the settings from the environment.

    Args:
        **given: Settings that go before the environment's.

    Returns:
        The settings, checked.

    Raises:
        SettingsError: A value cannot be used; `faults` names each variable.
    """
    try:
        chosen = Settings(**given)
    except ValidationError as error:
        faults = [_fault_of(fault) for fault in error.errors()]
        raise SettingsError("Settings cannot be used:", faults=faults) from error
    if chosen.acts_demo and chosen.oidc_file is not None:
        raise SettingsError(
            "LANDMAP_OIDC_FILE lets people sign in, and the demo lets every visitor"
            " choose a role: set LANDMAP_DEMO=false beside it."
        )
    if chosen.acts_demo and not is_loopback(chosen.address):
        raise SettingsError(
            "LANDMAP_ADDRESS is {got}, but the demo lets every visitor choose a role,"
            " so it answers this machine only: set LANDMAP_DEMO=false to serve a"
            " network.",
            got=chosen.address,
        )
    _ = chosen.online  # refused here, not by the first page
    return chosen


@cache
def settings() -> Settings:
    """Return the settings of this process, read once."""
    return read_settings()


def serve_the_public() -> None:
    """Make this process and those it starts serve visitors without an account."""
    os.environ["LANDMAP_PUBLIC"] = "true"
    settings.cache_clear()


def _fault_of(fault: ErrorDetails) -> SettingsError:
    """Turn what pydantic found into a sentence that names the variable."""
    context = fault.get("ctx", {})
    sentence = SENTENCES.get(fault["type"], OTHER)
    if fault["loc"][0] == "port" and fault["type"] in RANGES:
        sentence = NO_PORT
    return SettingsError(
        sentence,
        variable="LANDMAP_" + str(fault["loc"][0]).upper(),
        got=repr(fault["input"]),
        allowed=context.get("expected", ""),
        why=fault["msg"],
    )
