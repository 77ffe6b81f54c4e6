"""The serving process: it answers until it is told to end, then drains.

Owns how the process ends. At SIGTERM no new connection is taken, requests in flight are answered, what
waits for the audit log is written, and the process ends with 0.
"""

from __future__ import annotations

import signal
import sys

APPLICATION = "serving.app:create_app"


def run(host: str, port: int, application: str = APPLICATION) -> None:
    """Answer over HTTP until told to end; never returns after SIGTERM.

    Parameters
    ----------
    application
        What makes the application, as `module:function`.
    """
    import uvicorn  # noqa: PLC0415  # costs a tenth of a second at import

    # uvicorn raises the signal again once it has drained: that is the end, and a good one.
    signal.signal(signal.SIGTERM, lambda _number, _frame: sys.exit(0))
    # Who asked what is in the audit log; a line a request on the console would say less and cost more.
    uvicorn.run(application, factory=True, host=host, port=port, ws="none", access_log=False)
