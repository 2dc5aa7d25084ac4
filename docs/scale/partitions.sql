-- Partitions by month for the two tables that grow, on PostgreSQL 13 or newer. Run it with psql, collectors and workers
-- stopped or their requests held at the proxy: the middle part locks both tables for as long as it takes to look through them
-- once.
--
-- Rows are placed by the time in their submission's id (UUIDv7), not by when they were received, because whatever is unique has
-- to hold the column that rows are placed by: so site and submission stay unique over all months. What is there already stays
-- where it is, in the default partition, with everything that has an id of another kind.

-- Before, while everything runs: the new keys. CONCURRENTLY cannot stand in a transaction.
create unique index concurrently if not exists pk_response_month on response (id, submission_id);
create unique index concurrently if not exists pk_follow_up_month on follow_up (id, submission_id);

begin;
lock table response, follow_up in access exclusive mode;

-- Keys that name rows of the two tables would go on to look into the old parts only; they come again at the end.
alter table contact_response drop constraint fk_contact_response_site_id_submission_id_response;
alter table response_case drop constraint fk_response_case_site_id_submission_id_response;
alter table response_set_aside drop constraint fk_response_set_aside_site_id_submission_id_response;
alter table reaching_plan drop constraint fk_reaching_plan_site_id_submission_id_follow_up;

-- The tables that are there become the default partitions, under names of their own.
do $$
declare
    name text;
    item record;
begin
    foreach name in array array['response', 'follow_up'] loop
        execute format('alter table %I drop constraint %I', name, 'pk_' || name);
        execute format('alter table %I add constraint %I primary key using index %I',
                       name, 'pk_' || name, 'pk_' || name || '_month');
        execute format('alter table %I rename to %I', name, name || '_other');
        for item in select indexrelid::regclass::text as called from pg_index
                    where indrelid = (name || '_other')::regclass loop
            execute format('alter index %s rename to %I', item.called, replace(item.called, name, name || '_other'));
        end loop;
        execute format('create table %I (like %I including defaults) partition by range (submission_id)',
                       name, name || '_other');
        execute format('alter sequence %I owned by %I.id', name || '_id_seq', name);
    end loop;
end $$;

alter table response
    add constraint pk_response primary key (id, submission_id),
    add constraint uq_response_site_id_submission_id unique (site_id, submission_id),
    add constraint fk_response_team_id_team foreign key (team_id) references team (id),
    add constraint fk_response_site_id_site foreign key (site_id) references site (id),
    add constraint fk_response_survey_id_survey foreign key (survey_id) references survey (id);
create index ix_response_team_id_id on response (team_id, id);
create index ix_response_site_id_received_at on response (site_id, received_at);

alter table follow_up
    add constraint pk_follow_up primary key (id, submission_id),
    add constraint uq_follow_up_site_id_submission_id unique (site_id, submission_id),
    add constraint fk_follow_up_team_id_team foreign key (team_id) references team (id);
create index ix_follow_up_expires_at on follow_up (expires_at) where state = 'offered';

-- The months to come, three years of them. Until the first of them begins, rows go into the default partition.
do $$
declare
    name text;
    month timestamptz;
    function_of constant text := 'lpad(to_hex((extract(epoch from $1) * 1000)::bigint), 12, ''0'')';
    low text;
    high text;
begin
    for step in 1..36 loop
        month := (date_trunc('month', now() at time zone 'UTC') + make_interval(months => step)) at time zone 'UTC';
        execute 'select ' || function_of into low using month;
        execute 'select ' || function_of into high using month + interval '1 month';
        foreach name in array array['response', 'follow_up'] loop
            execute format('create table %I partition of %I for values from (%L) to (%L)',
                           name || to_char(month at time zone 'UTC', '_YYYY_MM'), name,
                           rpad(low, 32, '0')::uuid, rpad(high, 32, '0')::uuid);
        end loop;
    end loop;
end $$;

-- This looks through what is there: nothing in it may belong to a month to come.
alter table response attach partition response_other default;
alter table follow_up attach partition follow_up_other default;
alter table contact_response add constraint fk_contact_response_site_id_submission_id_response
    foreign key (site_id, submission_id) references response (site_id, submission_id) on delete cascade;
alter table response_case add constraint fk_response_case_site_id_submission_id_response
    foreign key (site_id, submission_id) references response (site_id, submission_id) on delete cascade;
alter table response_set_aside add constraint fk_response_set_aside_site_id_submission_id_response
    foreign key (site_id, submission_id) references response (site_id, submission_id) on delete cascade;
alter table reaching_plan add constraint fk_reaching_plan_site_id_submission_id_follow_up
    foreign key (site_id, submission_id) references follow_up (site_id, submission_id) on delete cascade;
commit;

analyze response, follow_up;
