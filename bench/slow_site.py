"""A web server that takes its time: PORT SECONDS [PEM]. It answers each request after so many, and `/hang` never.

With a certificate and its key it speaks TLS.

It is a process of its own, so that its work delays no check.
"""

import asyncio
import ssl
import sys

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok"
_BACKLOG = 4096


async def serve(port: int, seconds: float, secured: ssl.SSLContext | None = None) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            request = await reader.readuntil(b"\r\n\r\n")
            if request.startswith(b"GET /hang "):
                await reader.read()
            else:
                await asyncio.sleep(seconds)
                writer.write(ANSWER)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        writer.close()

    anywhere = "0.0.0.0"  # noqa: S104 -- many loopback addresses
    server = await asyncio.start_server(answer, anywhere, port, backlog=_BACKLOG, ssl=secured)
    await server.serve_forever()


def _secured(certificate: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1]), float(sys.argv[2]), _secured(sys.argv[3]) if sys.argv[3:] else None))
