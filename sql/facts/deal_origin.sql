-- What each source's deals credit to the places of their investors.
select * exclude (source, url, source_file, source_row) from marts.deal_origin where dataset <> 'all'
