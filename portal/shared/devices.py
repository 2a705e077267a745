"""What kind of browser a session was begun in, in words its owner knows again; kept instead of the browser's own text.

The order matters: nearly every browser names others as well.
"""

from collections.abc import Mapping

from django.http import HttpRequest

BROWSERS: Mapping[str, str] = {
    "MicroMessenger": "WeChat",
    "DingTalk": "DingTalk",
    "HuaweiBrowser": "Huawei Browser",
    "Edg": "Edge",
    "Firefox": "Firefox",
    "Chrome": "Chrome",
    "Safari": "Safari",
}
SYSTEMS: Mapping[str, str] = {
    "HarmonyOS": "HarmonyOS",
    "OpenHarmony": "HarmonyOS",
    "Android": "Android",
    "iPhone": "iPhone",
    "iPad": "iPad",
    "Windows": "Windows",
    "Macintosh": "Mac",
    "Linux": "Linux",
}


def device_of(request: HttpRequest) -> str:
    """Return browser and system as one short text, such as "Chrome · Windows"; empty where neither is known."""
    told = request.headers.get("User-Agent", "")
    names = (
        next((name for sign, name in known.items() if sign in told), "") for known in (BROWSERS, SYSTEMS)
    )
    return " · ".join(name for name in names if name)
