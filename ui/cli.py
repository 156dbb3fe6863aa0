"""The command line: `landmap sample | ingest | publish | screen | check | ledger ...`.

It answers 0 when all went well, 1 with a sentence on the error stream when something
was refused, 2 when it was called wrongly. `--json` prints what scripts read.
"""

import sys
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, ParamSpec, overload

import typer

from gis.errors import LandMapError
from gis.words import Title
from ui import i18n, start, terminal
from ui.cli_ledger import account, ledger
from ui.cli_policies import policies
from ui.i18n import t
from ui.progress import Progress
from ui.refusing import refusing
from ui.settings import Settings, read_settings

if TYPE_CHECKING:
    from layers.cluster import Cluster
    from ui.terminal_answer import Answer

P = ParamSpec("P")

app = typer.Typer(
    name="landmap",
    help=Title("Match investment projects and construction land."),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.add_typer(ledger)
app.add_typer(account)
app.add_typer(policies)
Json = Annotated[bool, typer.Option("--json", help=Title("Print JSON for scripts."))]
NeedFile = Annotated[Path, typer.Argument(help=Title("The need: a TOML or JSON file."))]
OnCluster = Annotated[
    str | None,
    typer.Option(
        "--cluster",
        help=Title("Address of a Dask scheduler, or `local` to start one here."),
    ),
]
Workers = Annotated[
    int, typer.Option(min=1, help=Title("How many workers a local cluster has."))
]
Accept = Annotated[
    bool,
    typer.Option(
        "--accept-unconfirmed",
        help=Title("Use land-use classes of the industry that no source confirms."),
    ),
]


@app.command()
@refusing
def sample(
    out: Annotated[Path, typer.Option(help=Title("Folder to write into."))],
    parcels: Annotated[
        int, typer.Option(min=1, help=Title("How many parcels."))
    ] = 20_000,
    seed: Annotated[int, typer.Option(help=Title("Same seed, same bytes."))] = 1,
    json: Json = False,
) -> None:
    """Generate a synthetic province: layers, parcels and a ledger of projects."""
    with Progress() as progress:
        terminal.generate(out, parcels=parcels, seed=seed, say=progress.say)
    terminal.print_or(json, {"out": str(out)}, t("The sample lies in {out}.", out=out))


@app.command()
@refusing
def ingest(
    what: Annotated[
        list[str] | None,
        typer.Argument(
            help=Title(
                "Layers, files, folders, or a layer and the table it is read from "
                "(postgresql://...?table=...); nothing: all declared."
            )
        ),
    ] = None,
    cluster: OnCluster = None,
    workers: Workers = 2,
    share: Annotated[
        str | None,
        typer.Option(
            help=Title(
                "Storage that all workers reach, as s3://bucket/folder; without it "
                "they see the same folders as this machine."
            )
        ),
    ] = None,
    json: Json = False,
) -> None:
    """Load layers into the store and measure the parcels anew."""
    with Progress() as progress:
        done = terminal.ingest(
            read_settings(),
            what or [],
            cluster=_cluster(cluster, workers, share),
            say=progress.say,
        )
    terminal.print_or(json, done, terminal.ingested_table(done))


@app.command()
@refusing
def publish(json: Json = False) -> None:
    """Publish what the rules let out, for visitors without an account."""
    with Progress() as progress:
        done = terminal.publish(read_settings(), say=progress.say)
    told = t(
        "Published: {count} parcels, {layers} layers; kept inside: {inside}.",
        count=done["parcels"],
        layers=len(done["layers"]),
        inside=", ".join(done["inside"]) or t("nothing"),
    )
    terminal.print_or(json, done, told)


@app.command()
@refusing
def screen(  # noqa: PLR0913, PLR0917 - a command's options
    need: NeedFile,
    top: Annotated[int, typer.Option(min=1, help=Title("How many candidates."))] = 20,
    kind: Annotated[
        terminal.Format, typer.Option("--format", help=Title("How to print them."))
    ] = terminal.Format.TABLE,
    out: Annotated[
        Path | None,
        typer.Option(help=Title("Write to this file; gpkg and xlsx need one.")),
    ] = None,
    accept_unconfirmed: Accept = False,
    cluster: OnCluster = None,
    workers: Workers = 2,
    json: Json = False,
) -> None:
    """Rank the parcels that meet a need."""
    kind = terminal.Format.JSON if json else kind
    if kind in terminal.IN_FILES and out is None:
        raise typer.BadParameter(
            t("Say where to write: --out FILE"), param_hint="--out"
        )
    if cluster is None:
        answer = _answer(need, accept_unconfirmed=accept_unconfirmed)
    else:
        from ui.terminal_answer import Answer  # noqa: PLC0415 - heavy

        answer = Answer.in_partitions(
            _prepared(),
            need,
            _cluster(cluster, workers),
            top=top,
            accept_unconfirmed=accept_unconfirmed,
        )
    written = answer.written(kind, top=top)
    if out is None:
        sys.stdout.write(written.decode("utf-8"))
        return
    terminal.write_whole(out, written)
    typer.echo(t("Written: {file}", file=out), err=True)


@app.command()
@refusing
def why(
    need: NeedFile,
    parcel_id: Annotated[str, typer.Argument(help=Title("The parcel."))],
    accept_unconfirmed: Accept = False,
    json: Json = False,
) -> None:
    """Tell why a parcel meets a need, or what keeps it out."""
    answer = _answer(need, accept_unconfirmed=accept_unconfirmed)
    terminal.print_or(json, answer.why(parcel_id), answer.why_table(parcel_id))


@app.command()
@refusing
def check(  # noqa: PLR0913, PLR0917 - a command's options
    file: Annotated[Path, typer.Argument(help=Title("The boundary file."))],
    layers: Annotated[
        list[str] | None,
        typer.Option(help=Title("Only this layer; may be given several times.")),
    ] = None,
    report: Annotated[
        list[terminal.ReportKind] | None,
        typer.Option(help=Title("Write a report; may be given several times.")),
    ] = None,
    each: Annotated[
        bool, typer.Option("--each", help=Title("A report for each parcel, packed."))
    ] = False,
    out: Annotated[
        Path, typer.Option(help=Title("Folder that reports are written into."))
    ] = Path(),
    crs: Annotated[
        str, typer.Option(help=Title("CRS of a file that tells none, as EPSG:4545."))
    ] = "",
    precision: Annotated[
        float | None,
        typer.Option(
            min=0.0, max=100.0, help=Title("How exact the boundary is, in metres.")
        ),
    ] = None,
    swap_axes: Annotated[
        bool, typer.Option("--swap-axes", help=Title("Exchange X and Y."))
    ] = False,
    table: Annotated[
        str, typer.Option(help=Title("Layer inside a file that holds several."))
    ] = "",
    encoding: Annotated[
        str, typer.Option(help=Title("Encoding of names, as gb18030."))
    ] = "",
    undo_gcj02: Annotated[
        bool,
        typer.Option("--undo-gcj02", help=Title("Undo the offset of maps in GCJ-02.")),
    ] = False,
    json: Json = False,
) -> None:
    """Check land against control lines, zoning, other parcels and claims.

    Exit codes: 0 clear, 10 conflict or to be verified, 11 nothing found but not fully
    checked, 12 the file cannot be read.

    Raises:
        Exit: With the code that tells what was found.
    """
    from ui import terminal_check  # noqa: PLC0415 - heavy

    wish = terminal_check.Wish(
        crs=crs,
        precision_m=precision,
        swap_axes=swap_axes,
        undo_gcj02=undo_gcj02,
        table=table,
        encoding=encoding,
        layers=tuple(layers or ()),
    )
    chosen = _prepared()
    try:
        submission = terminal_check.read(file, wish, chosen)
    except LandMapError as error:
        typer.echo(i18n.tell(error), err=True)
        raise typer.Exit(terminal_check.UNREADABLE) from error
    with Progress() as progress:
        found = terminal_check.check(submission, wish, chosen, say=progress.say)
        files = terminal_check.write_reports(
            found, report or [], out, chosen, each=each, say=progress.say
        )
    told = terminal_check.told(found, files)
    terminal.print_or(json, told, terminal_check.people(found))
    for written in files:
        typer.echo(t("Written: {file}", file=written), err=True)
    raise typer.Exit(terminal_check.exit_code(found))


@app.command()
@refusing
def rectangles(json: Json = False) -> None:
    """Find the largest rectangle in every parcel, for needs that ask for one."""
    with Progress() as progress:
        told = terminal.rectangles(read_settings(), say=progress.say)
    people = t("Rectangles were looked for in {count} parcels.", count=told["parcels"])
    terminal.print_or(json, told, people)


@app.command()
@refusing
def layers(json: Json = False) -> None:
    """List the declared layers and what is loaded."""
    told = terminal.layers(read_settings())
    terminal.print_or(json, told, terminal.layers_table(told))


@app.command()
@refusing
def doctor(json: Json = False) -> None:
    """Check data, store, ledger, versions, fonts and browser."""
    from ui.doctor import examine  # noqa: PLC0415 - heavy

    findings = examine(read_settings())
    rows = [finding.told() for finding in findings]
    terminal.print_or(json, rows, terminal.findings_table(rows))
    if not all(finding.good for finding in findings):
        raise typer.Exit(1)


def main() -> None:
    """Run the command line, its help in the reader's language."""
    command = typer.main.get_command(app)
    with suppress(LandMapError):
        i18n.speak(i18n.terminal_language(read_settings()))
        _say_help(command)
    command()


def _say_help(command: Any) -> None:  # noqa: ANN401 - a command or a group
    """Translate the help of a command, its options and its commands."""
    command.help = t(command.help) if command.help else None
    for option in command.params:
        if getattr(option, "help", None):
            option.help = t(option.help)
    for one in getattr(command, "commands", {}).values():
        _say_help(one)


def _answer(need: Path, *, accept_unconfirmed: bool) -> "Answer":
    """Answer a need; what is missing is built first, told on the error stream."""
    from ui.terminal_answer import Answer  # noqa: PLC0415 - heavy

    return Answer.of(_prepared(), need, accept_unconfirmed=accept_unconfirmed)


def _prepared() -> Settings:
    """Read the settings; build what is missing."""
    chosen = read_settings()
    with Progress() as progress:
        start.prepare(chosen, say=progress.say)
    return chosen


@overload
def _cluster(address: str, workers: int, share: str | None = None) -> "Cluster": ...


@overload
def _cluster(address: None, workers: int, share: str | None = None) -> None: ...


def _cluster(
    address: str | None, workers: int, share: str | None = None
) -> "Cluster | None":
    """Name the cluster that an option asks for; None where it does not."""
    if address is None:
        return None
    from layers.cluster import Cluster  # noqa: PLC0415 - heavy

    return Cluster(address, workers=workers, share=share)


if __name__ == "__main__":
    main()
