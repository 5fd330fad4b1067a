"""T37, whole: the till of `machine` in a shop with operators, who come and go, mistype, and try what is not theirs."""

from collections.abc import Callable
from dataclasses import replace
from functools import cached_property, partial

from hypothesis import HealthCheck, seed, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, precondition, rule, run_state_machine_as_test

from pos_app.domain.catalogue import Post, draft_of
from pos_app.domain.kenya_time import shop_time
from pos_app.domain.operators import Act, Role
from pos_app.domain.withdrawal import ByHand, OfLine, Origin
from tests.faults.oracles.model import Gift, Sold
from tests.faults.oracles.staff import By, Need, Person, Standing
from tests.faults.scenarios.machine import (
    BASKETS,
    HERE,
    NO_PIN,
    TYPED,
    WRONG_PIN,
    Basket,
    TillMachine,
    Typed,
    refusal_of,
)
from tests.faults.simulation.threadless import PASSPHRASE, POSTS, Desk, second_desk

STEPS = 50  # in an example at full size
_NAMES = ("Achieng", "Baraka", "Chebet")
_BESIDE = "beside"  # the second till, where nobody signs in: the owner comes to it
_ROLES = st.sampled_from(Role)
_WHICH = st.integers(0, len(_NAMES) - 1)
_SLIPS = st.sampled_from(("", "", "", WRONG_PIN, NO_PIN))
_WHERE = st.sampled_from((HERE, _BESIDE))
_BASKETS = st.sampled_from(BASKETS)
_WITH_ACCESS = [post_id for post_id, _, days, _ in POSTS if days != 0]
_FOR_EVER = "for ever"


class ShopMachine(TillMachine):
    """A till with operators, and a second one beside it on the same database."""

    payments = TillMachine.payments

    @cached_property
    def _beside(self) -> Desk:
        return second_desk(self.kept.open(), self.clock)

    @initialize(
        roles=st.sampled_from(((), (Role.OPERATOR,), (Role.OPERATOR, Role.OWNER), tuple(Role))),
        all_day=st.sampled_from((True, True, True, False)),
    )
    def opens(self, roles: tuple[Role, ...], all_day: bool) -> None:
        """A shop has operators, or none; somebody always signs in before they want something, or may forget to."""
        self.attentive = all_day
        for which, role in enumerate(roles):
            self.operator_is_added(which, role, _BESIDE, PASSPHRASE)

    # --- coming and going

    @precondition(lambda self: self.staff.people)
    @rule(which=_WHICH, slip=_SLIPS)
    def signs_in(self, which: int, slip: str) -> None:
        """Somebody types a PIN, perhaps a wrong one or none at all, while others' payments are open."""
        self._sign_in(self._person(which), slip)

    @precondition(lambda self: self.staff.people)
    @rule(which=_WHICH, times=st.integers(4, 7), restart=st.booleans(), after=st.sampled_from((0.0, 3.3, 31.7, 951.3)))
    def guesses(self, which: int, times: int, restart: bool, after: float) -> None:
        """Somebody tries one PIN after the other, also after a new start; the right one may be too early."""
        for _ in range(times):
            self._sign_in(self._person(which), WRONG_PIN)
        if restart:
            self.kill()
        self.time_passes(after, "lost")
        self._sign_in(self._person(which))

    @rule()
    def locks(self) -> None:
        """F12, or nobody has touched it for a while."""
        self.run.desk.authority.end()
        self.staff.locked()

    @rule(typed=TYPED)
    def owner_comes(self, typed: Typed) -> None:
        """The owner comes in by the passphrase, without a PIN."""
        passes, run = self._confirmed_owner(typed), self.run
        if passes:
            self._unsaved_later(self.staff.owner_stands)
        with self._life():
            refusal = refusal_of(lambda: run.desk.operators.let_owner_stand(typed))
            assert passes == (refusal is None), f"came in: {refusal is None}, should: {passes}; {refusal}"

    @precondition(lambda self: self.staff.people)
    @rule(target=TillMachine.payments, number=st.integers(0, 1), basket=_BASKETS, which=_WHICH)
    def hands_change_before_it_is_saved(self, number: int, basket: Basket, which: int) -> object:
        """What somebody began is done after another has signed in: it is still the first one's."""
        stood, run, charged = self.staff.standing, self.run, []
        begun = run.desk.authority.of_this_shift(
            lambda: charged.append(self._charge(f"25471200000{number}", basket, set()))
        )
        self._sign_in(self._person(which))
        if run is not self.run:
            return self._charge(f"25471200000{number}", basket, set())
        with self.staff.as_begun(stood):
            begun()
        return charged[0]

    @precondition(lambda self: self.staff.people)
    @rule(
        target=TillMachine.payments,
        which=_WHICH,
        role=st.one_of(st.none(), _ROLES),
        stays=st.booleans(),
        post=st.integers(1, 3),
        basket=_BASKETS,
    )
    def loses_a_role_while_signed_in(
        self, which: int, role: Role | None, stays: bool, post: int, basket: Basket
    ) -> object:
        """The owner changes somebody from beside, who goes on at this till as if nothing had happened."""
        self._sign_in(self._person(which))
        self.operator_is_changed(which, role, stays, None, False, _BESIDE, PASSPHRASE)
        self.price_is_changed(post, 5, False, HERE, "")
        attentive, self.attentive = self.attentive, False
        charged = self._charge("254712000000", basket, set())
        self.attentive = attentive
        return charged

    @precondition(lambda self: self.staff.people)
    @rule(which=_WHICH, post=st.integers(1, 3), more=st.sampled_from((0, 5)))
    def next_one_finds_the_posts_open(self, which: int, post: int, more: int) -> None:
        """The owner lets somebody change a price; who signs in next may not go on with it."""
        self.price_is_changed(post, 5 - more, False, HERE, PASSPHRASE)
        self._sign_in(self._person(which))
        self.price_is_changed(post, more, False, HERE, "")

    # --- access by hand

    @precondition(lambda self: not self.run.store.broken)
    @rule(
        number=st.integers(0, 2),
        post=st.sampled_from(_WITH_ACCESS),
        days=st.sampled_from((1, 7, 30, None)),
        act=st.sampled_from(("give", "give", "withdraw all", "withdraw one")),
        later=st.sampled_from((0.0, 0.0, 90_000.1)),
        typed=TYPED,
    )
    def access_by_hand(self, number: int, post: int, days: int | None, act: str, later: float, typed: Typed) -> None:
        """Somebody gives a customer access, or withdraws all of a post or what one payment or one act has given."""
        self.clock.advance(later)
        self._somebody_serves()
        if self.run.store.broken:
            return
        model, run, phone = self.model, self.run, f"25471200000{number}"
        had = self._in_words(phone, post)
        lasting = model.lasting(phone, post)
        ending = lasting if act == "withdraw all" else lasting[-1:]
        if act == "withdraw one" and not ending:
            return
        allowed = bool(ending) if act != "give" else had != _FOR_EVER
        by, before = self._passes("access", typed), self._acts_on_access()

        def saved() -> None:
            if run.dead and self._acts_on_access() == before:
                return
            if act == "give":
                model.given_by_hand(phone, post, days)
            else:
                model.withdrawn_by_hand(phone, post, ending)
            assert by is not None
            subject = f"customer {self.kept.customer_id(phone)}, post {post}"
            self.staff.noted("access", by, subject, self._in_words(phone, post), had)

        if by and allowed:
            self.unsaved.append(saved)
        access = run.desk.access
        _, seen = access.look(phone, post)
        only = self._origin(ending[0], post) if act == "withdraw one" else None
        with self._life():
            refusal = refusal_of(
                lambda: (
                    access.give(seen, days, "a regular", typed)
                    if act == "give"
                    else access.withdraw(seen, "a mistake", typed, only=only)
                )
            )
            done = by is not None and allowed
            assert done == (refusal is None), f"{act}: {refusal is None}, allowed: {allowed} by {by}; {refusal}"

    def _in_words(self, phone: str, post: int) -> str:
        has, until = self.model.has(phone, post)
        return f"until {shop_time(until)}" if until else _FOR_EVER if has else "nothing"

    def _acts_on_access(self) -> int:
        return sum(line.act == "access" for line in self.kept.audit())

    def _origin(self, giver: Sold | Gift, post: int) -> Origin:
        if isinstance(giver, Gift):
            return ByHand(self.model.gifts.index(giver) + 1)
        return OfLine(self._id(giver.token), [ware.post for ware in giver.wares].index(post) + 1)

    # --- the owner and the operators

    @rule(which=_WHICH, role=_ROLES, where=_WHERE, typed=TYPED)
    def operator_is_added(self, which: int, role: Role, where: str, typed: Typed) -> None:
        """The owner adds somebody, perhaps one who is there already."""
        name, pin = _NAMES[which], f"{which + 1}234"
        is_new = all(person.name != name for person in self.staff.people.values())
        self._owner_does(
            where,
            typed,
            lambda by: partial(self.staff.added, by, name, role.value, pin) if is_new else None,
            lambda desk: desk.operators.add(name, role, pin, typed),
        )

    @precondition(lambda self: self.staff.people)
    @rule(
        which=_WHICH,
        role=st.one_of(st.none(), _ROLES),
        active=st.sampled_from((None, None, True, False)),
        pin=st.sampled_from((None, "4321", "87654321")),
        stale=st.booleans(),
        where=_WHERE,
        typed=TYPED,
    )
    def operator_is_changed(
        self, which: int, role: Role | None, active: bool | None, pin: str | None, stale: bool, where: str, typed: Typed
    ) -> None:
        """Another role or PIN, or off or on: also of whoever stands here, or of one whom somebody changed meanwhile."""
        person = self._person(which)
        after_role = role.value if role else person.role
        after_active = person.active if active is None else active

        def saved(by: By) -> Callable[[], None] | None:
            changed = partial(self.staff.changed, by, person, role=after_role, active=after_active, pin=pin)
            return None if stale else changed

        def change(desk: Desk) -> object:
            [seen] = [one for one in desk.operators.all() if one.id == person.id]
            seen = replace(seen, active=not seen.active) if stale else seen
            return desk.operators.change(seen, typed, role=role, active=active, pin=pin)

        self._owner_does(where, typed, saved, change)

    def _owner_does(
        self,
        where: str,
        typed: Typed,
        saved: Callable[[By], Callable[[], None] | None],
        act: Callable[[Desk], object],
    ) -> None:
        """What always takes the passphrase. `saved`: does to the model what saving it does; None: it is refused."""
        standing = self.staff.standing if where == HERE else Standing()
        passes = self._confirmed_at(where, typed)
        done = saved(self.staff.by(standing, owner=True)) if passes else None
        if done:
            self._saved_at(where, done)
        with self._life():
            desk = self._desk(where)
            refusal = refusal_of(lambda: act(desk))
            assert (done is not None) == (refusal is None), f"done: {refusal is None}; {refusal}"

    def _confirmed_at(self, where: str, typed: Typed) -> bool:
        if where == HERE:
            return self._confirmed_owner(typed)
        if not typed:
            return False
        tries = self.staff.passphrase
        passes, commits = self.staff.attempt(tries, *self._clocks(), where, right=typed == PASSPHRASE)
        for commit in commits:
            commit()
        return passes

    def _saved_at(self, where: str, done: Callable[[], None]) -> None:
        """The till here may have died before; beside it nothing dies, and it can save also where this one cannot."""
        if where == HERE:
            self._unsaved_later(done)
        else:
            done()

    # --- what a role may not do

    @rule(post=st.integers(1, 3), more=st.sampled_from((0, 5)), stale=st.booleans(), where=_WHERE, typed=TYPED)
    def price_is_changed(self, post: int, more: int, stale: bool, where: str, typed: Typed) -> None:
        """Somebody changes a price, with the passphrase or without, perhaps of a post that was changed meanwhile."""
        staff, run = self.staff, self.run
        standing = staff.standing if where == HERE else Standing()
        if typed:
            passes, boot = self._confirmed_at(where, typed), self.clock.monotonic()
            if passes:
                self._saved_at(where, partial(staff.posts_open, where, standing, boot))
            with self._life():
                refusal = refusal_of(lambda: self._desk(where).catalogue.unlock(typed))
                assert passes == (refusal is None), f"unlocked: {refusal is None}, should be: {passes}; {refusal}"
            if run is not self.run:
                return
        now, to = self._post(post), self.prices[post] + more
        opened = staff.are_posts_open(where, standing, self.clock.monotonic())
        allowed = (opened or staff.need("posts", standing) is Need.NOTHING) and not stale
        allowed = allowed and not (where == HERE and run.store.broken)
        if allowed and to != now.price:
            by = staff.by(standing, owner=opened)
            noted = partial(staff.noted, "posts", by, f"post {post} price", str(to), str(now.price))
            if where == HERE:
                self.unsaved.append(noted)
            else:
                noted()
        seen = replace(now, price=now.price + 1) if stale else now
        with self._life():
            draft = replace(draft_of(now), price=to)
            refusal = refusal_of(lambda: self._desk(where).catalogue.change(post, draft, seen=seen))
            assert allowed == (refusal is None), f"changed: {refusal is None}, should be: {allowed}; {refusal}"

    @rule(target=TillMachine.payments, number=st.integers(0, 1), basket=_BASKETS, more=st.sampled_from((0, 5)))
    def price_changes_in_the_basket(self, number: int, basket: Basket, more: int) -> object:
        """What lies in the basket has another price by the time it is charged: nothing is sent."""
        self._somebody_serves()
        seen: dict[int, Post] = {ware.post: self._post(ware.post) for ware in basket}
        if basket[0].post in self.prices:
            self.price_is_changed(basket[0].post, more, False, _BESIDE, PASSPHRASE)
        return self._charge(f"25471200000{number}", basket, set(), seen=seen)

    @precondition(lambda self: not self.run.store.broken)
    @rule(typed=TYPED)
    def reads_the_audit(self, typed: Typed) -> None:
        """Who may read it sees the newest line first."""
        by, run = self._passes("audit", typed), self.run
        with self._life():
            refusal = refusal_of(lambda: run.desk.audit.newest(1, typed))
            assert (by is not None) == (refusal is None), f"read: {refusal is None}, by {by}; {refusal}"

    @rule(act=st.sampled_from((Act.REVEAL, Act.SETTINGS)))
    def shows_a_number_or_sets_something(self, act: Act) -> None:
        """It is recorded, or it may not be done."""
        staff, run = self.staff, self.run
        allowed = not run.store.broken and staff.need(act.value, staff.standing) is Need.NOTHING
        new, old = ("shown", None) if act is Act.REVEAL else ("18", "20")
        subject = "somebody's" if act is Act.REVEAL else "setting LOCK"
        if allowed:
            self.unsaved.append(partial(staff.noted, act.value, staff.by(staff.standing), subject, new, old))
        audit = run.desk.audit
        with self._life():
            refusal = refusal_of(
                lambda: (
                    audit.reveal(subject)
                    if act is Act.REVEAL
                    else audit.settings_changed(act, {"LOCK": ("20", "18")}, owner=False)
                )
            )
            assert allowed == (refusal is None), f"{act}: {refusal is None}, should be: {allowed}; {refusal}"

    def _desk(self, where: str) -> Desk:
        return self.run.desk if where == HERE else self._beside

    def _person(self, which: int) -> Person:
        people = list(self.staff.people.values())
        return people[which % len(people)]


def explore(number: int, examples: int, steps: int) -> None:
    """So many examples, the same for the same number; raises AssertionError with the steps that break a rule."""
    chosen = settings(
        max_examples=examples,
        stateful_step_count=steps,
        database=None,
        deadline=None,
        report_multiple_bugs=False,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )
    try:
        run_state_machine_as_test(seed(number)(ShopMachine), settings=chosen)
    except Exception as error:
        steps_told = "\n".join(getattr(error, "__notes__", ()))
        raise AssertionError(f"{error or type(error).__name__}\n{steps_told}") from error


def anything(number: int, steps: int) -> None:
    """T37: so many steps in all, in examples of fifty."""
    explore(number, -(-steps // STEPS), STEPS)
