"""The batch door: the `buurtwaarde` command. It parses arguments and calls the rooms, nothing else."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from batch import ClusterGone, WorkerGone, parts_of, value_portfolio, working_folder
from exports.as_json import problem_object, result_object, to_json
from exports.documents import Kind, business_case, challenge_application, council_brief
from exports.line_table import NoLineFile, line_file
from exports.parquet import as_parquet
from exports.portfolio_values import TooManyObjects, beside, read_values, values_workbook
from exports.whole_file import STANDARD_OUTPUT, NotWrittenError, whole_file
from exports.workbook import results_workbook
from intake import UnreadableFile, build_case, load_reference, read_workbook, template
from intake.line_table import UnusableLines
from register import LOCAL, ROLES, Actor, Register, RegisterError, backup, open_register, restore
from valuation.appraisal import Result, appraise
from valuation.business_case import plan_of
from valuation.messages import problem_text
from valuation.object_draws import LEAST_DRAWS
from valuation.problems import Problem, ValuationError
from valuation.uncertainty import DRAWS, MOST_DRAWS, MOST_SEED, SEED, simulate

RESULTS, ERRORS, UNREADABLE, STOPPED = 0, 1, 2, 130
MOST_WORKERS = 1_000


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; the exit code says 0 results, 1 errors in the workbook, 2 called wrongly or no workbook.

    A file that cannot be written, since the disk is full for instance, is a call that cannot be answered: 2.
    """
    options = _parser().parse_args(arguments)
    try:
        return int(options.run(options))
    except (NotWrittenError, OntoInputError) as error:
        return _complain(error.message(options.language))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="buurtwaarde", description="Maatschappelijke waarde naast boekwaarde. / Social value beside book value."
    )
    parser.add_argument("--taal", "--language", dest="language", choices=("nl", "en"), default="nl")
    commands = parser.add_subparsers(
        required=True,
        metavar="{value,brief,application,plan,template,prices,lines,portfolio,backup,restore,members}",
    )

    value = commands.add_parser("value", help="value every object and initiative of a workbook")
    value.add_argument("workbook", type=Path)
    value.add_argument("--json", metavar="FILE|-", help="write the results as JSON; - is standard output")
    value.add_argument("--xlsx", metavar="FILE", type=Path, help="write the results as a workbook with live formulas")
    value.add_argument(
        "--draws",
        metavar="N",
        type=_whole_number(1, MOST_DRAWS),
        help=f"add how sure the outcomes are, from N draws; rounded up to a power of two (reports use {DRAWS})",
    )
    value.add_argument(
        "--seed",
        metavar="S",
        type=_whole_number(0, MOST_SEED),
        default=SEED,
        help="with --draws: same workbook and seed, same digits (default: %(default)s)",
    )
    value.set_defaults(run=_value)

    _add_document(commands, "brief", _brief, ("assets", "asset_id"), "the council brief of one object, two pages")
    _add_document(
        commands,
        "application",
        _application,
        ("initiatives", "initiative_id"),
        "the right-to-challenge application of one initiative",
    )
    _add_document(commands, "plan", _plan, ("initiatives", "initiative_id"), "the business case of one initiative")

    blank = commands.add_parser("template", help="write an empty workbook with explanations")
    blank.add_argument("file", type=Path)
    blank.set_defaults(run=_template)

    prices = commands.add_parser("prices", help="search the reference prices")
    prices.add_argument("words", nargs="*", help="all of these words, in Dutch or English; none lists everything")
    prices.add_argument("--year", type=int, help="price year to convert to (default: latest of the price index)")
    prices.set_defaults(run=_prices)
    _add_portfolio_commands(commands)
    _add_register_commands(commands)
    return parser


def _add_document(
    commands: argparse._SubParsersAction[argparse.ArgumentParser],
    name: str,
    make: Callable[[argparse.Namespace, Result, Sequence[Problem]], bytes],
    place: tuple[str, str],
    what: str,
) -> None:
    """A command that writes one document about one row of the workbook: table and column of its number."""
    command = commands.add_parser(name, help=f"write {what}, as PDF or Word")
    command.add_argument("workbook", type=Path)
    option = f"--{place[1].removesuffix('_id')}"
    command.add_argument(option, dest="subject", metavar="ID", required=True, help="its number in the workbook")
    command.add_argument(
        "--out", metavar="FILE", type=_file_of(".pdf", ".docx"), required=True, help="ends in .pdf or .docx"
    )
    command.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="printed in the document")
    command.set_defaults(run=_document, make=make, place=place)


def _add_portfolio_commands(commands: Any) -> None:
    """Very many objects at once: their lines as a file, and what they are worth."""
    lines = commands.add_parser("lines", help="write the lines of workbooks' objects to a file for `portfolio`")
    lines.add_argument("workbooks", type=Path, nargs="+")
    lines.add_argument("--out", metavar="FILE", type=_file_of(".parquet"), required=True, help="ends in .parquet")
    lines.set_defaults(run=_lines)

    portfolio = commands.add_parser("portfolio", help="value every object of a file of lines, or of a workbook")
    portfolio.add_argument("input", type=_file_of(".parquet", ".xlsx"), help="ends in .parquet or .xlsx")
    portfolio.add_argument(
        "--out", metavar="FILE", type=_file_of(".parquet", ".xlsx"), required=True, help="ends in .parquet or .xlsx"
    )
    portfolio.add_argument(
        "--draws",
        metavar="N",
        type=_whole_number(1, MOST_DRAWS),
        help=f"add how sure the outcomes are, from N draws; rounded up to a power of two, at least {LEAST_DRAWS}",
    )
    portfolio.add_argument("--seed", metavar="S", type=_whole_number(0, MOST_SEED), default=SEED)
    portfolio.add_argument(
        "--workers",
        metavar="W",
        type=_whole_number(1, MOST_WORKERS),
        help="how many parts are worked on at a time on this machine; default: as many as it has cores",
    )
    portfolio.add_argument("--scheduler", metavar="ADDRESS", help="of a Dask cluster, such as tcp://10.0.0.1:8786")
    portfolio.set_defaults(run=_portfolio)


def _file_of(*endings: str) -> Callable[[str], Path]:
    """How the name of a file that has to end in one of these is read."""

    def read(text: str) -> Path:
        path = Path(text)
        if path.suffix.lower() not in endings:
            raise argparse.ArgumentTypeError(f"{text!r} does not end in {' or '.join(endings)}")
        return path

    return read


def _add_register_commands(commands: Any) -> None:
    """What an administrator does with kept cases; the register is that of DATABASE_URL, or data/register.db."""
    keep = commands.add_parser("backup", help="write the whole register of kept cases to a file")
    keep.add_argument("file", type=Path)
    keep.set_defaults(run=_backup)

    back = commands.add_parser("restore", help="put a backup back into an empty register")
    back.add_argument("file", type=Path)
    back.add_argument("--overwrite", action="store_true", help="replace everything that the register holds now")
    back.set_defaults(run=_restore)

    members = commands.add_parser("members", help="who may sign in with which roles, where sign-in uses the table")
    members.add_argument("--organisation", default=LOCAL.organisation, help="default: %(default)s")
    what = members.add_subparsers(required=True, metavar="{list,set,withdraw}")
    what.add_parser("list", help="everybody of the organisation").set_defaults(run=_list_members)
    give = what.add_parser("set", help="give somebody exactly these roles")
    give.add_argument("user_id", help="what the sign-in calls this person: the subject or e-mail address")
    give.add_argument("roles", nargs="+", choices=ROLES)
    give.add_argument("--name", required=True)
    give.add_argument("--why", required=True)
    give.set_defaults(run=_set_member)
    take = what.add_parser("withdraw", help="take all roles of somebody away")
    take.add_argument("user_id")
    take.add_argument("--why", required=True)
    take.set_defaults(run=_withdraw_member)


def _whole_number(least: int, most: int) -> Callable[[str], int]:
    """How an option with a whole number between two bounds is read."""

    def read(text: str) -> int:
        number = int(text) if text.isdecimal() and len(text) <= len(str(most)) else -1
        if not least <= number <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from {least} to {most}")
        return number

    return read


def _value(options: argparse.Namespace) -> int:
    language = options.language
    _spare(options.workbook, (Path(place) for place in (options.json, options.xlsx) if place is not None))
    try:
        intake = build_case(read_workbook(options.workbook.read_bytes(), options.workbook.name), load_reference())
    except OSError as error:
        return _complain(f"{options.workbook}: {error.strerror}")
    except UnreadableFile as error:
        _tell([error.problem], language)
        return _write_problems(options, [error.problem], UNREADABLE)
    if intake.case is None:
        _tell(intake.problems, language)
        return _write_problems(options, intake.problems, ERRORS)
    try:
        result = appraise(intake.case)
        simulation = None if options.draws is None else simulate(intake.case, options.draws, options.seed)
    except ValuationError as error:
        return _complain(error.message(language), ERRORS)
    problems = [*intake.problems, *result.problems]
    _tell(problems, language)
    if options.json is None and options.xlsx is None:
        options.json = "-"
    if options.json is not None:
        _write(options.json, lambda: _as_bytes(result_object(result, problems, language, simulation)))
    if options.xlsx is not None:
        _write(str(options.xlsx), lambda: results_workbook(result, language))
    return RESULTS


def _document(options: argparse.Namespace) -> int:
    """One document; 0 written, 1 errors in the workbook, 2 called wrongly, no workbook or no such object."""
    result, problems, code = _appraised(options.workbook, options.language)
    if result is None:
        return code
    table, column = options.place
    if options.subject not in set(getattr(result.case, table)[column]):
        return _complain(_unknown(options.subject, options.language))
    try:
        _write(str(options.out), lambda: options.make(options, result, problems))
    except ValuationError as error:
        return _complain(error.message(options.language), ERRORS)
    return RESULTS


def _appraised(workbook: Path, language: str) -> tuple[Result | None, Sequence[Problem], int]:
    """The result of a workbook and what was wrong in it, or no result and the exit code; the wrong is said."""
    try:
        intake = build_case(read_workbook(workbook.read_bytes(), workbook.name), load_reference())
        _tell(intake.problems, language)
        result = None if intake.case is None else appraise(intake.case)
        return result, intake.problems, ERRORS if result is None else RESULTS
    except OSError as error:
        return None, (), _complain(f"{workbook}: {error.strerror}")
    except UnreadableFile as error:
        _tell([error.problem], language)
        return None, (), UNREADABLE
    except ValuationError as error:
        return None, (), _complain(error.message(language), ERRORS)


def _unknown(subject: str, language: str) -> str:
    return {
        "nl": f"'{subject}' staat niet in de werkmap. Kijk op het blad Objecten of Initiatieven.",
        "en": f"'{subject}' is not in the workbook. See the sheet Objecten or Initiatieven.",
    }[language]


class OntoInputError(Exception):
    """A result would be written over the file that it comes from."""

    def message(self, language: str) -> str:
        """Which file, in Dutch (`nl`) or English (`en`)."""
        return problem_text("onto_input", language, {"value": str(self)})


def _spare(source: Path, results: Iterable[Path]) -> None:
    """Refuse to write any of the results over what they come from."""
    if source.exists() and any(result.exists() and result.samefile(source) for result in results):
        raise OntoInputError(source)


def _kind(path: Path) -> Kind:
    return "pdf" if path.suffix.lower() == ".pdf" else "docx"


def _brief(options: argparse.Namespace, result: Result, problems: Sequence[Problem]) -> bytes:
    kind = _kind(options.out)
    return council_brief(result, options.subject, options.language, kind, problems=problems, date=options.date)


def _application(options: argparse.Namespace, result: Result, problems: Sequence[Problem]) -> bytes:
    del problems  # the application names what is open instead
    return challenge_application(result, options.subject, options.language, _kind(options.out), date=options.date)


def _plan(options: argparse.Namespace, result: Result, problems: Sequence[Problem]) -> bytes:
    del problems  # the chapters say what is open
    plan = plan_of(result.case, options.subject)
    return business_case(result, plan, options.language, _kind(options.out), date=options.date)


def _template(options: argparse.Namespace) -> int:
    _write(str(options.file), lambda: template(options.language))
    return RESULTS


def _prices(options: argparse.Namespace) -> int:
    reference = load_reference()
    year = options.year or reference.latest_price_year()
    wanted = [word.casefold() for word in options.words]
    lines = []
    for key in dict.fromkeys(reference.unit_values["key"]):
        try:
            price = reference.price(key, year)
        except LookupError as error:
            return _complain(str(error))
        text = f"{key} {price.name_nl} {price.name_en}".casefold()
        if all(word in text for word in wanted):
            name = price.name_nl if options.language == "nl" else price.name_en
            lines.append(
                f"{key}\t{price.value:.6g}\t{price.unit}\t{price.basis}\t{name} ({price.own_year}, {price.source_id})"
            )
    _say(lines)
    return RESULTS


def _lines(options: argparse.Namespace) -> int:
    """The lines of workbooks; 0 written, 1 errors in a workbook or terms that differ, 2 no workbook."""
    results = []
    for workbook in options.workbooks:
        result, _problems, code = _appraised(workbook, options.language)
        if result is None:
            return code
        results.append(result)
    try:
        table = line_file(results)
    except NoLineFile as error:
        return _complain(error.message(options.language), ERRORS)
    _write(str(options.out), lambda: as_parquet(table))
    return RESULTS


def _portfolio(options: argparse.Namespace) -> int:
    """Every object of a file; 0 written, 1 errors in it or whoever works on it is gone, 2 no file, 130 stopped."""
    _spare(options.input, (options.out, beside(options.out)))
    try:
        with working_folder(options.out.absolute().parent) as folder:
            source, out = options.input, options.out
            if source.suffix.lower() == ".xlsx":
                result, _problems, code = _appraised(source, options.language)
                if result is None:
                    return code
                source = folder / "lines.parquet"
                source.write_bytes(as_parquet(line_file([result])))
            if out.suffix.lower() == ".xlsx":
                out = folder / "values.parquet"
            found = value_portfolio(
                source,
                out,
                draws=options.draws,
                seed=options.seed,
                scheduler=options.scheduler,
                workers=options.workers,
                progress=_show_progress,
            )
            if out != options.out:
                _write(str(options.out), lambda: values_workbook(*read_values(out), options.language))
    except UnusableLines as error:
        _tell(error.problems, options.language)
        return ERRORS
    except (ClusterGone, WorkerGone, TooManyObjects, NoLineFile) as error:
        return _complain(error.message(options.language), ERRORS)
    except OSError as error:
        place = options.input if error.filename == str(options.input.absolute()) else options.out
        return _complain(f"{place}: {os.strerror(error.errno) if error.errno else error}")
    except KeyboardInterrupt:
        kept = parts_of(options.out)
        rule = "portfolio_stopped_kept" if kept.exists() else "portfolio_stopped"
        return _complain(problem_text(rule, options.language, {"value": str(kept)}), STOPPED)
    print(found.message(options.language))
    return RESULTS


def _show_progress(finished: int, parts: int) -> None:
    """One line that is written over, where somebody watches."""
    if sys.stderr.isatty():
        print(f"\r{finished}/{parts}", end="" if finished < parts else "\n", file=sys.stderr, flush=True)


def _backup(options: argparse.Namespace) -> int:
    def write(register: Register) -> None:
        with whole_file(options.file) as file:
            counts = backup(register, file)
        _say_rows(counts)

    return _with_register(options, write)


def _restore(options: argparse.Namespace) -> int:
    return _with_register(
        options, lambda register: _say_rows(restore(register, options.file, overwrite=options.overwrite))
    )


def _list_members(options: argparse.Namespace) -> int:
    def show(register: Register) -> None:
        found = register.members(_at_the_keyboard(options))
        _say(
            f"{one.user_id}\t{one.name}\t{' '.join(sorted(one.roles)) or '-'}\t{one.at:%Y-%m-%d}\t{one.why}"
            for one in found
        )

    return _with_register(options, show)


def _set_member(options: argparse.Namespace) -> int:
    def give(register: Register) -> None:
        actor = _at_the_keyboard(options)
        register.set_member(actor, options.user_id, name=options.name, roles=options.roles, why=options.why)

    return _with_register(options, give)


def _withdraw_member(options: argparse.Namespace) -> int:
    return _with_register(
        options,
        lambda register: register.withdraw_member(_at_the_keyboard(options), options.user_id, why=options.why),
    )


def _at_the_keyboard(options: argparse.Namespace) -> Actor:
    """Whoever may run commands on the server is administrator of every organisation on it."""
    return Actor("command", "buurtwaarde members", options.organisation, frozenset({"administrator"}))


def _with_register(options: argparse.Namespace, act: Callable[[Register], object]) -> int:
    try:
        register = open_register()
        try:
            act(register)
        finally:
            register.close()
    except (RegisterError, NotWrittenError) as error:
        return _complain(error.message(options.language), ERRORS)
    return RESULTS


def _say_rows(counts: Mapping[str, int]) -> None:
    _say(f"{table}\t{rows}" for table, rows in counts.items())


def _say(lines: Iterable[str]) -> None:
    _print("".join(f"{line}\n" for line in lines).encode())


def _tell(problems: Iterable[Problem], language: str) -> None:
    for problem in problems:
        print(f"{_level(problem, language)}: {problem.message(language)}", file=sys.stderr)


def _level(problem: Problem, language: str) -> str:
    words = {"nl": {"error": "Fout", "warning": "Let op"}, "en": {"error": "Error", "warning": "Warning"}}
    return words[language][problem.level]


def _write_problems(options: argparse.Namespace, problems: Iterable[Problem], code: int) -> int:
    """The problems as JSON where asked for; no results stand beside errors."""
    if options.json is not None:
        content = {"problems": [problem_object(problem, options.language) for problem in problems]}
        _write(options.json, lambda: _as_bytes(content))
    return code


def _as_bytes(content: Mapping[str, Any]) -> bytes:
    return to_json(content).encode()


def _write(place: str, make: Callable[[], bytes]) -> None:
    """Write what is made to a file or, for `-`, to standard output."""
    if place == STANDARD_OUTPUT:
        _print(make() + b"\n")
        return
    with whole_file(Path(place)) as file:
        file.write_bytes(make())


def _print(content: bytes) -> None:
    """Write to standard output, and hear at once whether it went well."""
    try:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
    except OSError as error:
        # What is left over would be tried again at the very end, with a trace that says nothing to a user.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise NotWrittenError(STANDARD_OUTPUT, error) from error


def _complain(text: str, code: int = UNREADABLE) -> int:
    print(text, file=sys.stderr)
    return code


if __name__ == "__main__":
    sys.exit(main())
