"""The interface's description as a page; drawn here, as the usual viewers load scripts from elsewhere."""

import re
from collections.abc import Iterable
from html import escape
from typing import Any

from fastapi.responses import HTMLResponse

from assistant.web import labels
from assistant.web.problems import STATUS

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    )
}
_CODE = re.compile(r"`([^`]+)`")
_STYLE = """
body { font: 1rem/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff;
  max-width: 60rem; margin: 0 auto; padding: 1rem }
code { background: #f0f0f0; padding: 0 .2rem }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem }
th, td { border-bottom: 1px solid #767676; padding: .3rem .5rem; text-align: left; vertical-align: top }
section { border-top: 2px solid #1a1a1a; margin-top: 2rem }
"""


def docs_page(document: dict[str, Any]) -> HTMLResponse:
    """Draw the OpenAPI document."""
    info = document["info"]
    shapes = document["components"]["schemas"]
    parts = [
        f"<h1>{escape(info['title'])}: the interface</h1><p>{escape(info['description'])}</p>",
        '<p>For programs: <a href="openapi.json">openapi.json</a>.</p>',
        *(
            _operation(method, path, operation)
            for path, operations in document["paths"].items()
            for method, operation in operations.items()
        ),
        "<section><h2>Shapes</h2>",
        *(_shape(name, shape) for name, shape in shapes.items()),
        "</section>",
        _problems(),
    ]
    return HTMLResponse(_page(info["title"], "".join(parts)), headers=_HEADERS)


def _page(title: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}: the interface</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    request = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    return (
        f"<section><h2><code>{method.upper()} {escape(path)}</code></h2>"
        f"<p>{_text(operation)}</p>"
        + _parameters(operation.get("parameters", []))
        + (f"<p>Body: {_type(request['schema'])}</p>" if request else "")
        + _table(("Status", "Answer"), (_response(*response) for response in operation["responses"].items()))
        + "</section>"
    )


def _parameters(parameters: list[dict[str, Any]]) -> str:
    rows = ((f"<code>{escape(p['name'])}</code>", _type(p["schema"]), _text(p)) for p in parameters)
    return _table(("Parameter", "Type", "Meaning"), rows) if parameters else ""


def _response(status: str, response: dict[str, Any]) -> tuple[str, str]:
    content = response.get("content", {})
    kinds = (
        f"<code>{escape(kind)}</code>: {_type(body.get('schema', {}))}" for kind, body in content.items()
    )
    return escape(status), "<br>".join([*kinds, _text(response)])


def _shape(name: str, shape: dict[str, Any]) -> str:
    needed = shape.get("required", [])
    rows = (
        (
            f"<code>{escape(field)}</code>" + ("" if field in needed else " (optional)"),
            _type(schema),
            _text(schema),
        )
        for field, schema in shape.get("properties", {}).items()
    )
    heading = f'<h3 id="{escape(name)}">{escape(name)}</h3><p>{_text(shape)}</p>'
    return heading + (_table(("Field", "Type", "Meaning"), rows) if "properties" in shape else _type(shape))


def _type(schema: dict[str, Any]) -> str:
    """Say in short what a schema admits."""
    match schema:
        case {"$ref": ref}:
            name = escape(ref.rsplit("/", 1)[-1])
            return f'<a href="#{name}">{name}</a>'
        case {"anyOf": kinds} | {"oneOf": kinds}:
            return " or ".join(_type(kind) for kind in kinds)
        case {"type": "array", "items": items}:
            return f"list of {_type(items)}"
        case {"enum": values}:
            return " or ".join(f"<code>{escape(str(value))}</code>" for value in values)
        case {"const": value}:
            return f"<code>{escape(str(value))}</code>"
        case _:
            return escape(str(schema.get("type", "anything")))


def _text(described: dict[str, Any]) -> str:
    """Take a description over; what stands between backticks is code."""
    return _CODE.sub(r"<code>\1</code>", escape(described.get("description", "")))


def _problems() -> str:
    rows = (
        (
            f'<span id="{name}">{status}</span>',
            escape(labels.PROBLEMS[name][0]),
            escape(labels.PROBLEMS[name][1]),
        )
        for name, status in STATUS.items()
    )
    return f"<section><h2>Problems</h2>{_table(('Status', 'Title', 'What to do'), rows)}</section>"


def _table(heads: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Lay out rows of HTML."""
    head = "".join(f'<th scope="col">{text}</th>' for text in heads)
    body = "".join("<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in rows)
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
