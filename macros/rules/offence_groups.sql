{# The twenty offence groups of OGRS3, in the words of offence_codes. #}
{% macro offence_groups() -%}
    {{ return([
        'violence', 'robbery', 'public_order', 'sexual_not_child', 'sexual_child',
        'soliciting_prostitution', 'burglary_domestic', 'burglary_other', 'theft_non_motor',
        'handling', 'fraud_forgery', 'absconding_bail', 'taking_driving_away',
        'theft_from_vehicles', 'other_motoring', 'drink_driving', 'criminal_damage',
        'drug_import_export_production', 'drug_possession_supply', 'other',
    ]) }}
{%- endmacro %}
