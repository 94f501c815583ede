"""Errors whose sentence is meant for the person who asked, at the terminal or in front of a form.

Anything else is a defect and shows its traceback; whoever catches more than this hides one.
"""

from __future__ import annotations

from sql.refusal import Refusal


def expected_errors() -> tuple[type[Exception], ...]:
    """Return the errors that refuse an input or name something outside that must be put right."""
    import duckdb

    return (Refusal, duckdb.IOException, OSError)


def sentence_of(error: Exception) -> str:
    """Return what to tell the person about an expected *error*."""
    import duckdb

    if isinstance(error, duckdb.Error):
        return f"数据目录中的文件打不开：{error}；请核对 JUZHEN_HOME，或从备份恢复该文件"
    if isinstance(error, OSError):
        return f"{error.filename or '文件'}：{error.strerror or error}"
    return str(error)
