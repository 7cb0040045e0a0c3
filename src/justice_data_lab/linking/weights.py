"""From Splink's predictions to match weights against chance, relatives and namesakes, as SQL."""

from math import log2

from justice_data_lab.linking.comparisons import FIELDS, OTHER_FORMS
from justice_data_lab.linking.model import LinkModel
from justice_data_lab.linking.settings import LinkSettings

_NAMES = ("forename", "surname")
_WITH_FREQUENCIES = ("forename", "surname", "date_of_birth", "pncid", "prison_number")


def _splinks_weight(field: str) -> str:
    """Splink's match weight of a field in bits, its term frequency included."""
    adjusted = f" + mw_tf_adj_{field}" if field in _WITH_FREQUENCIES else ""
    return f"(mw_{field}{adjusted})"


def _name_weight(model: LinkModel, field: str) -> str:
    """Weight of a name, counted anew where another name of the register stands for it.

    The odds that an error or a nickname makes this one form of the person's name, against the share
    of the register that bears it or is written so for the same reason. Splink's term frequency is
    that of the more frequent of the two names, which says little where the other is rare. No
    agreement in part counts for less than names that differ.
    """
    levels = model.levels_of(field)
    labels = [level["label_for_charts"] for level in levels]
    different = log2(levels[-1]["m_probability"] / levels[-1]["u_probability"])
    cases = ""
    for label, (source, forms) in OTHER_FORMS.items():
        if label in labels:
            odds = levels[labels.index(source)]["m_probability"] / forms
            cases += (
                f" when {len(levels) - 1 - labels.index(label)}"
                f" then log2({odds} / ({field}_share_l + {odds} * {field}_share_r))"
            )
    return (
        f"greatest({different}, case gamma_{field} {cases} else {_splinks_weight(field)} end)"
        f" * (gamma_{field} >= 0)::int"
    )


def _weight(model: LinkModel, field: str) -> str:
    """Match weight of a field in bits."""
    return _name_weight(model, field) if field in _NAMES else _splinks_weight(field)


def _date_among_relatives(model: LinkModel, settings: LinkSettings) -> str:
    """Weight of the date of birth where relatives of one birthday are as likely as twins are."""
    same = len(model.levels_of("date_of_birth")) - 1
    m = model.levels_of("date_of_birth")[0]["m_probability"]
    twins = settings.twin_rate / settings.relatives_n
    return (
        f"case when gamma_date_of_birth = {same}"
        f" then -log2(power(2, -date_of_birth_weight) + {twins / m})"
        " else date_of_birth_weight end"
    )


def weighed_sql(predicted: str, *, model: LinkModel, settings: LinkSettings) -> str:
    """Return one row per record and person: its best name row, weights and probability."""
    rate = settings.expected_match_rate
    personal = "forename_weight + other_forenames_weight + gender_weight"
    identifiers = "pncid_weight + prison_number_weight"
    same = {field: len(model.levels_of(field)) - 1 for field in _NAMES}
    corrected = "".join(
        f" + {_weight(model, field)} - {_splinks_weight(field)}" for field in _NAMES
    )
    fields = ", ".join(f"round({field}_weight, 6) as {field}_weight" for field in FIELDS)
    return f"""
    with fields as (
        select
            unique_id_l as reading_id,
            unique_id_r as candidate_id,
            match_weight{corrected} as chance_weight,
            gamma_pncid > 0 or gamma_prison_number > 0 as is_identified,
            gamma_date_of_birth > 0 as is_dated,
            gamma_forename = {same["forename"]} and gamma_surname = {same["surname"]}
                as has_same_name,
            gamma_date_of_birth = -1
            and (gamma_gender > 0 or gamma_other_forenames > 0 or is_identified)
                as agrees_undated,
            gamma_date_of_birth,
            {", ".join(f"{_weight(model, field)} as {field}_weight" for field in FIELDS)}
        from {predicted}
    ),

    against_each as (
        select
            *,
            log2({rate / settings.relatives_n}) + {personal} + {identifiers}
            + {_date_among_relatives(model, settings)} as relative_weight,
            log2({rate / settings.namesakes_n}) + date_of_birth_weight + {identifiers}
                as namesake_weight
        from fields
    ),

    against_all as (
        select
            *,
            round(
                -log2(
                    power(2, -chance_weight) + power(2, -relative_weight)
                    + power(2, -namesake_weight)
                ), 6
            ) as match_weight
        from against_each
    ),

    best_rows as (
        select distinct on (candidates.record_id, candidates.person_id)
            candidates.record_id,
            candidates.person_id,
            against_all.*,
            candidates.forenames,
            candidates.surname_key,
            candidates.date_of_birth,
            readings.name_order,
            readings.is_named
        from against_all
        inner join link_candidates as candidates
            on against_all.candidate_id = candidates.candidate_id
        inner join link_readings as readings on against_all.reading_id = readings.reading_id
        order by
            candidates.record_id, candidates.person_id, match_weight desc, readings.name_order,
            candidates.forenames, candidates.surname_key, candidates.date_of_birth
    ),

    best_people as (
        select
            *,
            has_same_name
            and agrees_undated
            and count(*) filter (has_same_name) over (partition by record_id) = 1
                as is_only_namesake
        from best_rows
    ),

    known as (
        select distinct request_id, record_number from link_known
    )

    select
        records.request_id,
        records.record_number,
        best_people.person_id,
        match_weight,
        round(1 / (1 + power(2, -match_weight)), 9) as match_probability,
        (is_identified and forename_weight + surname_weight + date_of_birth_weight > 0)
        or (is_named and is_dated) as is_acceptable,
        is_identified,
        is_dated,
        is_only_namesake,
        round(chance_weight, 6) as chance_weight,
        round(relative_weight, 6) as relative_weight,
        round(namesake_weight, 6) as namesake_weight,
        best_people.name_order,
        best_people.forenames,
        best_people.surname_key,
        best_people.date_of_birth,
        known.request_id is not null as is_known,
        {fields}
    from best_people
    inner join link_records as records on best_people.record_id = records.record_id
    left join known
        on
            records.request_id = known.request_id
            and records.record_number = known.record_number
    where
        known.request_id is not null
        or match_weight >= {settings.floor_bits}
        or is_only_namesake
    order by records.request_id, records.record_number, match_weight desc, best_people.person_id
    """
