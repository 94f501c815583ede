-- Figures of a day that the packets count and no mart had: replies, and what kind of publication.
alter table account_day add column replies_sent double;
alter table account_day add column original_count double;
alter table account_day add column reposted_count double;
alter table account_day add column interpretation_count double;

-- The rows that are there lack what was observed before; the next build makes them anew.
insert into touched_day
select distinct
    account_id,
    stat_date
from observation
where
    content_id = ''
    and metric in ('replies_sent', 'original_count', 'reposted_count', 'interpretation_count');
