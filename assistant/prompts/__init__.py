"""What a language model is told: one Markdown file for each task, its two parts split by a line of `=`."""

from importlib.resources import files
from string import Template

_SPLIT = "\n=====\n"


def fill(name: str, **values: str) -> tuple[str, str]:
    """Return the system's and the reader's part of a prompt; values that don't fit it are an error."""
    template = Template(files(__name__).joinpath(f"{name}.md").read_text(encoding="utf-8"))
    wanted, given = set(template.get_identifiers()), set(values)
    if wanted != given:
        raise ValueError(f"{name}.md takes {sorted(wanted)}, and was given {sorted(given)}")
    system, user = (Template(part).substitute(values) for part in template.template.split(_SPLIT))
    return system.strip(), user.strip()
