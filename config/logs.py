"""What must not stand in a log."""

import logging
import re

SCORING_PATH = re.compile(r"(/serve/)[^/\s\"]+")


class ScoringTokenFilter(logging.Filter):
    """Takes the token out of the scoring addresses before a record is written."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Keep every record, its message cleaned."""
        message = record.getMessage()
        cleaned = SCORING_PATH.sub(r"\1***", message)
        if cleaned != message:
            record.msg, record.args = cleaned, None
        return True
