-- The register of document numbers (发文字号): reserved before a letter is rendered, never reused.
-- A number whose letter was withdrawn stays here as evidence of the gap.

create table document_number (
    year integer not null,
    number integer not null,
    case_id varchar not null,
    letter varchar not null,
    step_id varchar not null,
    visit integer not null,
    reserved_at timestamp not null,
    primary key (year, number)
);
