-- One row per number of a source in the counted tables and source, or all sources together, for which its rows count. A deal that
-- counts alike for its source and for all sources together has its rows once, under the negative number of the source.
select
    dataset_number,  -- Number of the source; its negative where all sources together count alike; 0 for these alone. #not_null
    dataset  -- Source, or all. #not_null #unique with dataset_number
from staging.datasets
union all
select -d.dataset_number as dataset_number, t.dataset
from staging.datasets as d
inner join staging.datasets as t on t.dataset_number = d.dataset_number or t.dataset = 'all'
where d.dataset <> 'all'
