"""All checks of a till together, as its window and the command line use them."""

import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from datetime import date
from functools import partial
from pathlib import Path

from pos_app import logs
from pos_app.bootstrap.data_folder import hold_data_dir
from pos_app.bootstrap.till import OpenTill
from pos_app.check_result import Check, Finding, Verdict, green
from pos_app.diagnostics import callback_route as results
from pos_app.diagnostics import computer, data, mpesa, network
from pos_app.diagnostics import support_file as support
from pos_app.diagnostics.links import links
from pos_app.diagnostics.run import LIMIT, Tell, run_checks
from pos_app.errors import Occupied, PosError
from pos_app.printers.escpos_printer import EscposPrinter
from pos_app.settings.settings import Settings
from pos_app.system_clock import SystemClock
from pos_app.vault.vault import Vault, open_vault

Look = Callable[[], Verdict]


class Diagnostics:
    """Fits `ui.diagnostics_page.Diagnostics`.

    Args:
        vault: where the secrets are, if it was opened already.
        opened: gives the till of this very program while it is open.
        turn: of this program's till and its checks to take the data folder; held while no till is open and they run.
        limit: seconds that a check may take.
    """

    def __init__(
        self,
        settings: Settings,
        vault: Vault | None = None,
        *,
        opened: Callable[[], OpenTill | None] = lambda: None,
        turn: "threading.Lock | None" = None,
        limit: float = LIMIT,
    ) -> None:
        self._settings = settings
        self._vault = vault or open_vault(settings)
        self._opened = opened
        self._turn = turn or threading.Lock()
        self._clock = SystemClock()
        self._limit = limit

    def names(self) -> list[str]:
        """What is looked at, in order."""
        return [check.name for check in self._checks(computer.printer_in_window, None, None)]

    def run(self, tell: Tell = lambda _: None, printer: Look = computer.printer_in_window) -> list[Finding]:
        """Look at everything; about 12 seconds at most.

        Where no till is open the data folder is held meanwhile, so that none opens on what is being looked at.

        Args:
            tell: told each finding as soon as it is there.
            printer: looks at the system's printers, where the till drives none itself.
        """
        with ExitStack() as stack:
            opened, trouble = self._opened(), None
            if opened is None:
                try:
                    self._take_turn(stack)
                    stack.callback(hold_data_dir(self._settings).release)
                    stack.callback(logs.take_down, logs.set_up(self._settings.data_dir))
                except PosError as error:
                    trouble = error
                except OSError:  # no log can be written: what is wrong is what the check of the disk says
                    pass
            return run_checks(self._checks(printer, opened, trouble), tell, self._limit)

    def _take_turn(self, stack: ExitStack) -> None:
        if not self._turn.acquire(blocking=False):
            raise Occupied("This till is just being opened or checked. Nothing was sent. Run the checks again after.")
        stack.callback(self._turn.release)

    def start(self, tell: Tell, done: Callable[[], object], printer: Look) -> None:
        """The same without waiting, on a thread that does not keep the program from ending.

        Args:
            tell, done: called on that thread.
        """

        def work() -> None:
            try:
                self.run(tell, printer)
            finally:
                done()

        threading.Thread(target=work, name="checks", daemon=True).start()

    def save(self, file: Path, findings: Sequence[Finding]) -> None:
        """Write a support file.

        Raises:
            BadInput: it is there already, or cannot be written.
        """
        support.write(file, self._settings, findings, self._clock.now(), vault=self._vault)

    def days(self) -> list[date]:
        """The days there is a log of, newest first."""
        return list(logs.days(self._settings.data_dir))

    def log(self, day: date) -> list[str]:
        """The lines of a day, oldest first.

        Raises:
            PosError: they cannot be read.
        """
        path = logs.days(self._settings.data_dir).get(day)
        return logs.read(path) if path else []

    def _checks(self, printer: Look, opened: OpenTill | None, trouble: PosError | None) -> list[Check]:
        """What to look at.

        Args:
            trouble: why the data folder is not held, where no till of this program holds it.
        """
        settings, now = self._settings, self._clock.now
        till_open = opened is not None or isinstance(trouble, Occupied)
        return [
            Check("Settings", partial(computer.settings_complete, settings)),
            Check("Keys", partial(computer.keys, settings, self._vault)),
            *(self._practice() if settings.practice else self._mpesa(opened, trouble)),
            Check("Results", self._results(opened, trouble)),
            Check("Data folder", partial(computer.data_folder, settings, trouble, open_here=opened is not None)),
            Check("Database", partial(data.database, settings, self._vault)),
            Check("Links", partial(links, settings, self._vault)),
            Check("M-PESA's record", partial(data.record, settings, self._clock.corrected, self._vault)),
            Check("Copies", partial(data.copies, settings, now, till_open=till_open)),
            Check("Disk", partial(computer.disk, settings.data_dir)),
            Check("Printer", self._printer(opened) or printer),
        ]

    def _printer(self, opened: OpenTill | None) -> Look | None:
        """Looks at the printer that the till drives itself; None where it drives none."""
        address = self._settings.receipt_printer
        if address is None:
            return None
        printer = opened.till.printing.printer if opened else None
        return (printer if isinstance(printer, EscposPrinter) else EscposPrinter(address)).look

    def _mpesa(self, opened: OpenTill | None, trouble: PosError | None) -> list[Check]:
        settings, url = self._settings, self._settings.daraja_url
        return [
            Check("Short code", partial(mpesa.shortcode, settings)),
            Check("Name look-up", partial(network.name_look_up, url)),
            Check("Connection", self._connection(opened, url)),
            Check("Access token", self._token(opened, trouble)),
            Check("Clock", partial(network.clock, url, self._clock.now)),
        ]

    @staticmethod
    def _connection(opened: OpenTill | None, url: str) -> Look:
        look = partial(network.connection, url)
        return partial(mpesa.contact_of_till, opened.till.contact, look) if opened else look

    def _practice(self) -> list[Check]:
        played = green("Not needed: in practice M-PESA is played on this computer")
        names = ("Short code", "Name look-up", "Connection", "Access token")
        return [
            *(Check(name, lambda: played) for name in names),
            Check("Clock", partial(network.local_clock, self._clock.now)),
        ]

    def _token(self, opened: OpenTill | None, trouble: PosError | None) -> Look:
        if opened:
            gateway = opened.gateway
            return partial(mpesa.token_of_till, gateway.token_left, gateway.tokens_ended, self._settings.environment)
        if trouble and not isinstance(trouble, Occupied):
            return computer.no_folder
        return partial(mpesa.shop_token, self._settings, self._vault, till_open=trouble is not None)

    def _results(self, opened: OpenTill | None, trouble: PosError | None) -> Look:
        if opened:
            route = opened.till.route
            return partial(results.of_open_till, lambda: route.status, self._clock.now)
        if isinstance(trouble, Occupied):
            return partial(results.of_another_till, self._settings, self._clock.now)
        if trouble:
            return computer.no_folder
        return partial(results.tried, self._settings, self._vault, self._clock)
