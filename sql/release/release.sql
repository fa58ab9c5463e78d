-- One row: what this release is.
select
    $content_hash as content_hash,
    $input_fingerprint as input_fingerprint,
    $method_version as method_version,
    $method_hash as method_hash,
    (select scope from published.index.headline) as scope,
    $redistribution as redistribution,
    $made_at as made_at
