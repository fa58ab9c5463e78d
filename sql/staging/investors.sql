-- One row per investor as a source lists it or names it in a deal. Which rows are the same investor is decided in core.names.
with named as (
    select
        mention,
        dataset,
        investor,
        investor_other,
        case when is_home then place_key end as place_key,
        true as is_listed,
        source_file,
        source_row
    from staging.listed_investors
    union all
    select
        investor_mention as mention,
        dataset,
        investor,
        null as investor_other,
        place_key,
        false as is_listed,
        source_file,
        source_row
    from staging.deal_investors
),

-- A list of investors goes before the names in deals.
numbered as (
    select *, row_number() over (partition by mention order by case when is_listed then 0 else 1 end, source_file, source_row) as turn
    from named
)

select
    n.mention,  -- Source and its own key. #unique #not_null
    n.dataset,  -- Source. #not_null
    n.investor,  -- Name as printed. #not_null
    n.investor_other,  -- Name in another language, or a former name.
    n.is_listed,  -- A list of the source has it; otherwise it is only named in deals. #not_null
    n.place_key,  -- Country, region and place of its home joined by |, where printed.
    n.source_file,  -- File that holds the row. #not_null
    n.source_row  -- Row of that file; the first one if there are several. #not_null
from numbered as n
where n.turn = 1
