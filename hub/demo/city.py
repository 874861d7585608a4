"""The demonstration city: enterprises that nobody knows, the same for the same seed, day and size.

Every enterprise has a generator of its own, seeded by the city's seed and its number, so that any part of the city
can be made without the rest and memory does not grow with it.
"""

import random
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from hub.demo.districts import BY_REGION, authority
from hub.demo.numbers import NumberFacts, credit_code, license_number
from hub.demo.permits import PermitFate, PermitKind, Validity, draw_fate, permit_kinds, predecessor, validity
from hub.demo.records import DemoEnterprise, DemoLicense, DemoPremises, Face, Punishment
from hub.demo.scopes import Needs, old_text, shipped_needs
from hub.demo.showcase import SHOWCASE, showcase_enterprise
from hub.demo.sites import area_share, draw_places
from hub.demo.sketch import PLANNED, PLANNED_TERM_ENDS, EnterpriseSketch, first_fate, sketch
from hub.demo.trades import SHOP
from hub.demo.words import ACTS, MAX_WORDS, person, shop_word
from hub.licenses.catalogue.loader import shipped_catalogue
from hub.licenses.colours.rules import ENTITY_ENDED
from hub.registry.rules import EntityType

MAX_PLACES = 3  # per enterprise; the serial of a license number leaves room for so many
NATIONAL_SINCE = date(2019, 3, 1)  # licenses from before may still carry free text
OLD_TEXT_SHARE = 0.4
TERM_SHARE = 0.25
FORGETFUL_SHARE = 0.04  # of those whose term ran out let it
OTHERS_SHARE = 0.5
PREDECESSOR_SHARE = 0.05
ENDED_SHARE = (
    0.5  # of the permits of enterprises that ended; the others were closed before anyone gathered them
)
PENALTY_SHARE = 0.06
PENALTY_DAYS = 900
PROVINCIAL: Mapping[str, str] = {
    "telecom-value-added": "浙江省通信管理局",
    "device-production": "浙江省药品监督管理局",
    "cosmetics-production": "浙江省药品监督管理局",
    "inspection-testing": "浙江省市场监督管理局",
    "travel-agency": "衢州市文化和广电旅游体育局",
}


@dataclass(frozen=True, slots=True)
class City:
    """A city of `size` enterprises as it stands on `today`."""

    seed: int
    today: date
    size: int
    needs: Needs
    kinds: Mapping[str, PermitKind]
    site_bound: frozenset[str]

    def __iter__(self) -> Iterator[DemoEnterprise]:
        return (self.enterprise(number) for number in range(self.size))

    def enterprise(self, number: int) -> DemoEnterprise:
        """Return enterprise `number`, from 0; number 0 is the showcase. Raises: ValueError beyond the words for names."""
        if not 0 <= number < MAX_WORDS:
            raise ValueError(f"a city has enterprises 0 to {MAX_WORDS - 1}, not {number}")
        if number == SHOWCASE:
            return showcase_enterprise(seed=self.seed, today=self.today, kinds=self.kinds, needs=self.needs)
        dice = random.Random(f"{self.seed}/{number}")
        plan = sketch(dice, number, today=self.today)
        word = shop_word(number, self.seed)
        name = _name(dice, plan, word)
        uscc = credit_code(plan.form.category, plan.district.region, number, self.seed)
        places = draw_places(dice, plan, name, share=area_share(self.size))
        permits = tuple(self._permits(dice, plan, uscc, places))
        born = [self.today - timedelta(days=plan.age), *(each.valid_from for each in permits)]
        established = min(born)
        return DemoEnterprise(
            number=number,
            face=self._face(dice, plan, uscc, name, established),
            places=places,
            listings=plan.listings,
            permits=permits,
            punishments=tuple(self._punishments(dice, plan, established)),
        )

    def _face(
        self, dice: random.Random, plan: EnterpriseSketch, uscc: str, name: str, established: date
    ) -> Face:
        is_old = established < NATIONAL_SINCE and dice.random() < OLD_TEXT_SHARE
        return Face(
            uscc=uscc,
            name=name,
            entity_type=EntityType(plan.form.entity_type),
            type_text=plan.form.type_text,
            person=person(dice),
            capital=str(dice.choice(plan.form.capital)) if plan.form.capital else None,
            established_on=established,
            term_to=self._term(dice, plan, established),
            authority=authority(plan.district.region, "市场监督管理局"),
            state=plan.state,
            region=plan.district.region,
            industry=plan.trade.industry,
            scope_text=old_text(dice, plan.items) if is_old else self.needs.national(plan.items),
        )

    def _term(self, dice: random.Random, plan: EnterpriseSketch, established: date) -> date | None:
        if plan.number in PLANNED_TERM_ENDS:
            return self.today + timedelta(days=PLANNED_TERM_ENDS[plan.number])
        if plan.form is SHOP or plan.number < PLANNED or dice.random() >= TERM_SHARE:
            return None
        years = dice.choice((10, 20, 30))
        while (end := _after_years(established, years)) < self.today and dice.random() >= FORGETFUL_SHARE:
            years += 10
        return end

    def _permits(
        self, dice: random.Random, plan: EnterpriseSketch, uscc: str, places: tuple[DemoPremises, ...]
    ) -> Iterator[DemoLicense]:
        fate = first_fate(dice, plan.number)
        needed = self.needs.of(plan.items)
        for code in needed:
            for place in range(len(places) if code in self.site_bound else 1):
                yield from self._permit(dice, plan, uscc, code, place, fate)
                fate = draw_fate(dice)
        for code in plan.trade.others:
            if code not in needed and dice.random() < OTHERS_SHARE:
                yield from self._permit(dice, plan, uscc, code, 0, fate)
                fate = draw_fate(dice)

    def _permit(
        self, dice: random.Random, plan: EnterpriseSketch, uscc: str, code: str, place: int, fate: PermitFate
    ) -> Iterator[DemoLicense]:
        """The license of one kind for one place; none when it was never applied for; sometimes its predecessor too."""
        has_ended = plan.state in ENTITY_ENDED
        if fate is PermitFate.MISSING or (has_ended and dice.random() >= ENDED_SHARE):
            return
        if has_ended:
            fate = PermitFate.DEREGISTERED
        kind = self.kinds[code]
        span = validity(dice, kind, fate, today=self.today, age=plan.age)
        permit = self._issue(plan, uscc, kind, place, span)
        yield permit
        earlier = predecessor(span, kind)
        if fate is PermitFate.FINE and earlier is not None and dice.random() < PREDECESSOR_SHARE:
            older = self._issue(plan, uscc, kind, place, earlier, generation=1)
            if older.number != permit.number:
                yield older

    def _issue(
        self,
        plan: EnterpriseSketch,
        uscc: str,
        kind: PermitKind,
        place: int,
        span: Validity,
        *,
        generation: int = 0,
    ) -> DemoLicense:
        region = plan.district.region
        facts = NumberFacts(
            region=region,
            short=BY_REGION[region].short,
            year=span.issued_on.year,
            year_to=(span.valid_to or span.issued_on).year,
            serial=plan.number * MAX_PLACES + place + generation * 100_000,
            uscc=uscc,
            food_form=2 if "餐饮服务" in plan.items else 1,
        )
        return DemoLicense(
            type_code=kind.code,
            number=license_number(kind.code, facts),
            issuer=PROVINCIAL.get(kind.code) or authority(region, kind.office),
            issued_on=span.issued_on,
            valid_from=span.valid_from,
            valid_to=span.valid_to,
            state=span.state,
            place=place if kind.code in self.site_bound else None,
        )

    def _punishments(
        self, dice: random.Random, plan: EnterpriseSketch, established: date
    ) -> Iterator[Punishment]:
        oldest = min(PENALTY_DAYS, (self.today - established).days)
        for turn in range(2):
            if dice.random() >= PENALTY_SHARE or oldest < 1:
                return
            act, kind, low, high, level = dice.choice(ACTS)
            decided = self.today - timedelta(days=dice.randint(1, oldest))
            yield Punishment(
                decision_no=f"衢市监处罚〔{decided.year}〕{plan.number * 2 + turn + 1}号",
                act=act,
                kind=kind,
                fine_yuan=dice.randrange(low, high + 1, 500),
                level=level,
                decided_on=decided,
                authority=authority(plan.district.region, "市场监督管理局"),
            )


def build_city(*, seed: int, today: date, size: int) -> City:
    """Build the city of these three; needs the catalogues that ship with the hub."""
    catalogue = shipped_catalogue()
    return City(
        seed=seed,
        today=today,
        size=size,
        needs=shipped_needs(catalogue),
        kinds=permit_kinds(catalogue, today=today),
        site_bound=frozenset(kind.code for kind in catalogue.types if kind.site_bound),
    )


def _name(dice: random.Random, plan: EnterpriseSketch, word: str) -> str:
    trade, district = plan.trade, plan.district
    return plan.form.pattern.format(
        city=dice.choice(("衢州", "衢州", "衢州市", "浙江", district.short)),
        district=dice.choice((district.name, f"衢州市{district.name}"))
        if "市" not in district.name
        else district.name,
        word=word,
        company=trade.company,
        shop=dice.choice(trade.shops) if trade.shops else trade.company,
    )


def _after_years(day: date, years: int) -> date:
    """The last day of a term of so many years: the day before its anniversary."""
    return day.replace(year=day.year + years, day=min(day.day, 28)) - timedelta(days=1)
