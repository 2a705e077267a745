"""Reads the files editors link to: PDF, DOCX, XLSX, CSV and plain text; see docs/adr/0031."""

from .contents import Contents, Flaw, FlawFound, FlawReason, Passage, Place
from .reading import read_document

__all__ = ["Contents", "Flaw", "FlawFound", "FlawReason", "Passage", "Place", "read_document"]
