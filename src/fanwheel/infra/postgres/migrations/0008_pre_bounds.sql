-- What all looks at a holdout so far have left possible, so that the next look goes on from there.

SET LOCAL lock_timeout = '10s';

-- Of the return (revenue by spend); all NULL where nothing may be concluded, changed_on mostly.
ALTER TABLE verdict_day
    ADD COLUMN compared      text,                    -- how: ghost exposure, intent to treat
    ADD COLUMN since         date,                    -- the first day of the comparison
    ADD COLUMN return_low    double precision,
    ADD COLUMN return_high   double precision,
    ADD COLUMN return_least  double precision,        -- these two bound it from one side each
    ADD COLUMN return_most   double precision,
    ADD COLUMN changed_on    date;                    -- the last day that contradicted those before it
