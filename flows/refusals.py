"""Errors whose sentence is meant for the person who asked, at the terminal or in front of a form.

Anything else is a defect and shows its traceback; whoever catches more than this hides one.
"""

from __future__ import annotations


def expected_errors() -> tuple[type[Exception], ...]:
    """Return the errors that refuse an input or name something outside that must be put right."""
    import duckdb

    from connectors.capture.page import CaptureError
    from connectors.report_sources import SourceError
    from connectors.spreadsheet import UnreadableFileError
    from connectors.yaml_lines import DeclarationError
    from flows.operations.files import FileProblemError
    from flows.settings import SettingsError
    from playbooks.appraisal.rules import RulesError as AppraisalRulesError
    from playbooks.core.cases.forms import AnswerError
    from playbooks.core.cases.rebuild import BrokenLedgerError
    from playbooks.core.cases.store import CaseNotFoundError
    from playbooks.core.drafting import DraftingError
    from playbooks.core.playbook import PlaybookError
    from playbooks.core.register.plan import ImportRefusedError
    from playbooks.core.register.table_mapping import MappingError
    from playbooks.core.working_hours import CalendarError
    from playbooks.impersonation.channels import ChannelError
    from playbooks.major_incident.content_leads import WordsError
    from playbooks.major_incident.lead_rules import RulesError as LeadRulesError
    from playbooks.spot_check.indicators import IndicatorError
    from playbooks.statistics.corrections import CorrectionError
    from playbooks.statistics.import_records import RevocationError
    from playbooks.statistics.packet_record import PacketError
    from playbooks.statistics.period import PeriodError
    from playbooks.statistics.scope import ScopeError
    from playbooks.statistics.trace import TraceError
    from sql.catalogs import CatalogBusyError, CatalogTooNewError

    return (
        UnreadableFileError,
        SourceError,
        CaptureError,
        ChannelError,
        WordsError,
        LeadRulesError,
        DeclarationError,
        RevocationError,
        FileProblemError,
        SettingsError,
        AnswerError,
        BrokenLedgerError,
        CaseNotFoundError,
        DraftingError,
        PlaybookError,
        ImportRefusedError,
        CalendarError,
        CatalogBusyError,
        CatalogTooNewError,
        PeriodError,
        ScopeError,
        PacketError,
        TraceError,
        CorrectionError,
        AppraisalRulesError,
        MappingError,
        IndicatorError,
        duckdb.IOException,
        OSError,
    )


def sentence_of(error: Exception) -> str:
    """Return what to tell the person about an expected *error*."""
    import duckdb

    if isinstance(error, duckdb.Error):
        return f"数据目录中的文件打不开：{error}；请核对 JUZHEN_HOME，或从备份恢复该文件"
    if isinstance(error, OSError):
        return f"{error.filename or '文件'}：{error.strerror or error}"
    return str(error)
