"""A stream of blocks cut at its headings, so that a page has real sections."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from wagtail.blocks import StreamValue


@dataclass(kw_only=True)
class Section:
    """A heading (empty for what stands before the first one) and the blocks below it."""

    heading: str = ""
    blocks: list["StreamValue.StreamChild"] = field(default_factory=list)


def sections(stream: "Iterable[StreamValue.StreamChild]") -> list[Section]:
    """Return the sections of a stream, in their order; none is empty."""
    found = [Section()]
    for block in stream:
        if block.block_type == "heading":
            found.append(Section(heading=str(block.value)))
        else:
            found[-1].blocks.append(block)
    return [section for section in found if section.heading or section.blocks]
