"""An aiohttp view that reads each callback and saves nothing: what carrying alone costs. Prints its port.

python -m tests.bench.baselines.no_database
"""

import json

from aiohttp import web


async def callback(request: web.Request) -> web.Response:
    """M-PESA's word of one payment."""
    json.loads(await request.read())
    return web.Response(body=b'{"ResultCode": 0, "ResultDesc": "Accepted"}', content_type="application/json")


async def _application() -> web.Application:
    application = web.Application()
    application.router.add_post("/stk/{number}", callback)
    application.on_startup.append(_say)
    return application


async def _say(_: web.Application) -> None:
    print("ready", flush=True)


if __name__ == "__main__":
    import sys

    web.run_app(_application(), host="127.0.0.1", port=int(sys.argv[1]), print=None)
