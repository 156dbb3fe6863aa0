"""The vectorised screening against a slow one, written apart, parcel by parcel.

The slow one reads a row of facts and the TOML of a need; it shares no code with
`siting`, counts in decimals and spells every rule out.
"""

import math
import tomllib
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from siting.explain import why
from siting.need import read_need
from siting.screen import screen

MU = Decimal(10_000) / 15
AREA = {"mu": (MU, 2), "ha": (Decimal(10_000), 4), "m2": (Decimal(1), 2)}
PRICE = {"wan_cny/mu": (Decimal(15), 2), "cny/m2": (Decimal(1), 2)}
LEVELS = ["present", "at_boundary", "planned", "none"]
WORTH = {"present": 1.0, "at_boundary": 0.75, "planned": 0.25, "none": 0.0}
ALL_SERVICES = ["road", "water", "drainage", "power", "heat", "gas", "telecom"]
MAPPING = {"C3849": ["1001"]}


def dec(number, digits, per=1):
    """Round half up to as many digits as are shown; None for the unknown."""
    if number is None or (isinstance(number, float) and math.isnan(number)):
        return None
    exact = Decimal(repr(float(number))) / Decimal(per)
    near = exact.quantize(Decimal(1).scaleb(-digits - 4), ROUND_HALF_UP)
    return near.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def quantity(text, units):
    number, unit = text.split()
    return Decimal(number), *units[unit]


def limits(least, most, low=None, high=None):
    """Return state and gap of a value known to lie between two others."""
    if least is None or most is None:
        return -1, None
    worst = [
        x
        for x in (
            None if low is None else least - low,
            None if high is None else high - most,
        )
        if x is not None
    ]
    best = [
        x
        for x in (
            None if low is None else most - low,
            None if high is None else high - least,
        )
        if x is not None
    ]
    if min(worst) >= 0:
        return 1, float(min(worst))
    if min(best) < 0:
        return 0, float(min(best))
    return -1, None


def area_between(row, ask):
    unit = (ask.get("minimum") or ask.get("maximum")).split()[1]
    per, digits = AREA[unit]
    ends = {}
    for end, key in (("low", "minimum"), ("high", "maximum")):
        if key in ask:
            number, own, _ = quantity(ask[key], AREA)
            ends[end] = dec(float(number * own / per), digits)
    value = dec(row["area_m2"], digits, per)
    return limits(value, value, **ends)


def permits(code, wanted):
    return any(code.startswith(one) for one in wanted)


def land_use_permitted(row, ask):
    wanted = ask.get("codes") or MAPPING["C3849"]
    covered = row["zoning_covered_share"]
    if covered == 0:
        return -1, None
    sure = maybe = 0.0
    for name, part in row.items():
        if name.startswith("zoning_share_"):
            code = name.removeprefix("zoning_share_")
            if permits(code, wanted):
                sure += part
            elif any(one.startswith(code) for one in wanted):
                maybe += part
    most = min(1.0, sure + maybe + (1 - covered))
    return limits(dec(min(1.0, sure), 4), dec(most, 4), low=dec(ask["share"], 4))


def stock_status_in(row, ask):
    state = row["stock_status"]
    return (-1 if state == "" else int(state in ask["statuses"])), None


def region_in(row, ask):
    county = row["county_code"]
    if county == "":
        return -1, None
    for code in ask["codes"]:
        if code.endswith("00") and county[:4] == code[:4]:
            return 1, None
        if county == code:
            return 1, None
    return 0, None


def in_development_zone(row, ask):
    zone, wanted = row["zone_code"], ask.get("zones", "any")
    if row["zone_evidence"] not in {"hit", "clear"}:
        return -1, None
    if wanted == "any":
        return int(zone != ""), None
    if wanted == "none":
        return int(zone == ""), None
    return int(zone in wanted), None


def clear_of(row, ask):
    layer, up_to = ask["layer"], dec(ask.get("up_to_share", 0.0), 4)
    state = row[f"{layer}_evidence"]
    if state == "hit":
        part = max(dec(row[f"{layer}_share"], 4), Decimal("0.0001"))
        if part > up_to:
            return 0, float(up_to - part)
        if row[f"{layer}_covered_share"] < 1:
            return -1, None
        return 1, float(up_to - part)
    return (1, float(up_to)) if state == "clear" else (-1, None)


def inside(row, ask):
    layer = ask.get("layer", "urban_boundary")
    part, covered = row[f"{layer}_share"], row[f"{layer}_covered_share"]
    if math.isnan(part):
        return -1, None
    most = part if covered == 1 else min(1.0, part + 1 - covered)
    return limits(dec(part, 4), dec(most, 4), low=dec(ask["at_least_share"], 4))


def within_distance(row, ask):
    value = dec(row[f"{ask['layer']}_distance_m"], 1)
    return limits(value, value, high=dec(ask["within_m"], 1))


def beyond_distance(row, ask):
    far = dec(ask["beyond_m"], 1)
    value = dec(row[f"{ask['layer']}_distance_m"], 1)
    if value is not None:
        return limits(value, value, low=far)
    found = dec(row[f"{ask['layer']}_found_m"], 1)
    return (0, float(found - far)) if found < far else (-1, None)


def services_at_least(row, ask):
    states = []
    for name, level in ask["services"].items():
        have = row[f"service_{name}"]
        if have == "unknown":
            states.append(-1)
        else:
            states.append(int(LEVELS.index(have) <= LEVELS.index(level)))
    return (0 if 0 in states else min(states)), None


def price_at_most(row, ask):
    number, _, digits = quantity(ask["price"], PRICE)
    per = {"wan_cny/mu": Decimal(15), "cny/m2": Decimal(1)}[ask["price"].split()[1]]
    value = dec(row["price_cny_m2"], digits, per)
    return limits(value, value, high=number)


def far_allows(row, ask):
    need = dec(ask["far"], 2)
    low, high = dec(row["far_min"], 2), dec(row["far_max"], 2)
    room = [need - low] if low is not None else []
    room += [high - need] if high is not None else []
    if room and min(room) < 0:
        return 0, float(min(room))
    return (1, float(min(room))) if len(room) == 2 else (-1, None)


def width_at_least(row, ask):
    value = dec(row["width_min_m"], 1)
    return limits(value, value, low=dec(ask["width_m"], 1))


def available_by(row, ask):
    if not row["available_from"]:
        return -1, None
    left = date.fromisoformat(str(ask["by"])) - date.fromisoformat(
        row["available_from"]
    )
    return int(left.days >= 0), float(left.days)


RULES = [
    area_between, land_use_permitted, stock_status_in, region_in, in_development_zone,
    clear_of, inside, within_distance, beyond_distance, services_at_least,
    price_at_most, far_allows, width_at_least, available_by,
]  # fmt: skip
ASK = {rule.__name__: rule for rule in RULES}


def near(row, ask):
    return 1 - row[f"{ask['layer']}_distance_m"] / ask["within_m"]


def price_low(row, ask):
    number, _, _ = quantity(ask["at_most"], PRICE)
    return 1 - row["price_cny_m2"] / float(number * 15)


def services_level(row, ask):
    names = ask.get("services", ALL_SERVICES)
    return sum(WORTH.get(row[f"service_{n}"], math.nan) for n in names) / len(names)


def area_near_ideal(row, ask):
    (ideal, per, _), (off, per_off, _) = (
        quantity(ask[key], AREA) for key in ("ideal", "tolerance")
    )
    return 1 - abs(row["area_m2"] - float(ideal * per)) / float(off * per_off)


def compact(row, _ask):
    return row["compactness"]


def zone_matches_industry(row, _ask):
    if row["zone_evidence"] not in {"hit", "clear"}:
        return float("nan")
    return float(
        any(
            one and ("C3849".startswith(one) or one.startswith("C3849"))
            for one in row["zone_leading_industries"].split(";")
        )
    )


def in_key_zone(row, ask):
    if row["zone_evidence"] not in {"hit", "clear"}:
        return float("nan")
    return float(row["zone_code"] in ask["zones"])


WORTH_OF = {
    one.__name__: one
    for one in (
        near, price_low, services_level, area_near_ideal, compact,
        zone_matches_industry, in_key_zone
    )
}  # fmt: skip


def share_of(row, ask):
    """Return the share of a factor as it counts: cut to 0 to 1, 0 where unknown."""
    share = WORTH_OF[ask["use"]](row, ask)
    return 0.0 if math.isnan(share) else max(0.0, min(1.0, share))


def slowly(row, told):
    """Answer one parcel: states, gaps, eligible, score."""
    answers = [ASK[ask["use"]](row, ask) for ask in told.get("constraints", [])]
    out = False
    for (state, _), ask in zip(answers, told.get("constraints", []), strict=True):
        policy = ask.get("not_checked", told.get("not_checked", "keep"))
        out |= state == 0 or (state == -1 and policy == "exclude")
    factors = told.get("factors", [])
    total = sum(ask.get("weight", 1) for ask in factors)
    score = sum(ask.get("weight", 1) * share_of(row, ask) for ask in factors)
    return answers, not out, 100 * score / total if total else math.nan


def agree(facts, text):
    """Hold the screening against the slow one, parcel by parcel."""
    found, told = screen(read_need(text), facts), tomllib.loads(text)
    rows = facts.table.astype(object).to_dict("index")
    slow = {key: slowly(row, told) for key, row in rows.items()}
    for place, key in enumerate(found.parcel_ids):
        answers, eligible, score = slow[key]
        for answer, (state, gap) in zip(found.constraints, answers, strict=True):
            assert answer.state[place] == state, (key, answer.name)
            assert answer.gap_at(place) == (None if gap is None else gap), key
        assert found.eligible[place] == eligible
        assert np.isclose(found.score[place], score, atol=0.00501, equal_nan=True)
    best = sorted(
        (key for key in slow if slow[key][1]),
        key=lambda key: (-found.score[found.place(key)] if told["factors"] else 0, key),
    )
    assert [found.parcel_ids[place] for place in found.order] == best
    assert found.excluded_by == {
        answer.name: sum(
            slow[key][0][at][0] == 0
            or (slow[key][0][at][0] == -1 and not answer.keeps_unknown)
            for key in slow
        )
        for at, answer in enumerate(found.constraints)
    }
    return found


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 10**6))
def test_every_answer_equals_that_of_the_slow_screening(many, need_text, seed) -> None:
    agree(many(seed, 60), need_text)


areas = st.tuples(
    st.decimals(1, 250, places=2), st.sampled_from(["mu", "ha", "m2"])
).map(lambda one: one if one[1] == "mu" else (one[0] / 15, one[1]))
policies = st.sampled_from(["", 'not_checked = "keep"', 'not_checked = "exclude"'])
layers = st.sampled_from(["farmland", "redline", "geohazard", "urban_boundary"])
kinds = st.sampled_from(["interchange", "substation"])
shares = st.sampled_from([0.0, 0.0001, 0.05, 0.5, 0.95, 1.0])
metres = st.decimals(0, 12_000, places=1)
service_levels = st.dictionaries(
    st.sampled_from(ALL_SERVICES), st.sampled_from(LEVELS), min_size=1
)


def line(use, **settings):
    """Write one criterion as TOML."""
    return f'[[constraints]]\nuse = "{use}"\n' + "\n".join(
        f"{key} = {value}" for key, value in settings.items() if value is not None
    )


def words(*of):
    return st.lists(st.sampled_from(of), min_size=1, unique=True).map(
        lambda some: "[" + ", ".join(f'"{one}"' for one in some) + "]"
    )


asked = st.one_of(
    st.builds(
        lambda low: line("area_between", minimum=f'"{low[0]:.2f} {low[1]}"'), areas
    ),
    st.builds(
        lambda high: line("area_between", maximum=f'"{high[0]:.2f} {high[1]}"'), areas
    ),
    st.builds(
        lambda codes, share: line("land_use_permitted", codes=codes, share=share),
        words("100102", "1001", "0902", "10"),
        shares,
    ),
    st.builds(
        lambda some: line("stock_status_in", statuses=some),
        words("net_land", "planned", "inefficient"),
    ),
    st.builds(
        lambda some: line("region_in", codes=some), words("520115", "520300", "522300")
    ),
    st.builds(
        lambda some: line("in_development_zone", zones=some),
        st.sampled_from(['"any"', '"none"', '["52101001"]']),
    ),
    st.builds(
        lambda layer, share: line("clear_of", layer=f'"{layer}"', up_to_share=share),
        layers,
        shares,
    ),
    st.builds(
        lambda layer, share: line("inside", layer=f'"{layer}"', at_least_share=share),
        layers,
        shares,
    ),
    st.builds(
        lambda kind, far: line("within_distance", layer=f'"{kind}"', within_m=far),
        kinds,
        metres,
    ),
    st.builds(
        lambda kind, far: line("beyond_distance", layer=f'"{kind}"', beyond_m=far),
        kinds,
        metres,
    ),
    st.builds(
        lambda some: line(
            "services_at_least",
            services="{ " + ", ".join(f'{k} = "{v}"' for k, v in some.items()) + " }",
        ),
        service_levels,
    ),
    st.builds(
        lambda price: line("price_at_most", price=f'"{price} wan_cny/mu"'),
        st.decimals(1, 45, places=2),
    ),
    st.builds(lambda far: line("far_allows", far=far), st.decimals(0, 3, places=2)),
    st.builds(lambda far: line("width_at_least", width_m=far), metres),
    st.builds(
        lambda day: line("available_by", by=day.isoformat()),
        st.dates(date(2025, 12, 30), date(2027, 7, 2)),
    ),
)


@settings(max_examples=120, deadline=None)
@given(
    seed=st.integers(0, 10**6),
    criteria=st.lists(st.tuples(asked, policies), max_size=6),
    policy=policies,
)
def test_any_need_is_answered_as_the_slow_screening_does(
    many, seed, criteria, policy
) -> None:
    lines = "\n".join(f"{line}\n{own}" for line, own in criteria)
    factor = '[[factors]]\nuse = "compact"\n'

    agree(many(seed, 30), f'industry = "C3849"\n{policy}\n{lines}\n{factor}')


def test_the_reasons_of_a_parcel_are_those_of_the_slow_screening(
    many, need_text
) -> None:
    facts, told = many(7, 40), tomllib.loads(need_text)
    found = screen(read_need(need_text), facts)
    names = {1: "pass", 0: "fail", -1: "not_checked"}
    for key, row in facts.table.astype(object).to_dict("index").items():
        answers, eligible, _ = slowly(row, told)
        said = why(found, key)
        constraints = [one for one in said.criteria if one.kind == "constraint"]

        assert said.eligible is eligible
        assert [one.state for one in constraints] == [names[s] for s, _ in answers]
        assert [one.excludes for one in constraints] == [s == 0 for s, _ in answers]
