-- Erase what reaches the reporters of a case who were answered: the purpose is served.
-- params: $case_id text
delete from reporter_contact
where
    report_id in (
        select case_event.reference
        from case_event
        where case_event.case_id = $case_id and case_event.event_type = 'reporter_answered'
    )
