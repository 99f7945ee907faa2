"""What every response tells a browser: to guess, tell, remember and allow as little as it can."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

# For what is no page: even opened as one it can load, run and send nothing.
_NO_PAGE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_NOT_NEEDED = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "geolocation", "gyroscope",
    "magnetometer", "microphone", "midi", "payment", "publickey-credentials-get", "serial", "usb",
)  # fmt: skip
_PERMISSIONS = ", ".join(f"{feature}=()" for feature in _NOT_NEEDED)
_A_YEAR = "max-age=31536000"
# The widget looks here from other websites whether the server is down or has refused the website.
_FOR_ALL = "/healthz"

_ALWAYS = {"X-Content-Type-Options": "nosniff", "Permissions-Policy": _PERMISSIONS}
_UNLESS_SET = {
    "Referrer-Policy": "same-origin",
    "Content-Security-Policy": _NO_PAGE,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}


class SecurityHeaders:
    """Adds them, to Gradio's responses and to problems as well."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        path = scope.get("path", "").removeprefix(scope.get("root_path", ""))
        is_secure = scope.get("scheme") == "https"

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                headers.update(_ALWAYS)
                if path == _FOR_ALL:
                    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
                for name, value in _UNLESS_SET.items():
                    headers.setdefault(name, value)
                if is_secure:
                    headers["Strict-Transport-Security"] = _A_YEAR
                if path.startswith("/api/"):
                    headers["Cache-Control"] = "no-store"
            await send(message)

        await self._app(scope, receive, send_with_headers)
