"""A transport that connects to the very address it has checked, so that no second look-up can differ."""

from __future__ import annotations

import httpx

from connectors.addresses import Reach, UnknownHostError

DEFAULT_PORTS = {"http": 80, "https": 443}


class PinnedTransport(httpx.BaseTransport):
    """Looks a host up once a request, has *reach* judge it, and connects to the address it returns.

    The server still sees the name: in ``Host``, and in the handshake, where its certificate is
    checked against it.
    """

    def __init__(self, reach: Reach, limits: httpx.Limits) -> None:
        """Keep who judges; *limits* bounds the connections."""
        self._reach = reach
        self._inner = httpx.HTTPTransport(limits=limits, trust_env=False)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send *request* to the judged address.

        Raises:
            RefusedAddressError: the host lies where it must not be reached.
            httpx.ConnectError: the host has no address now.
        """
        host = request.url.host
        port = request.url.port or DEFAULT_PORTS[request.url.scheme]
        try:
            address = self._reach.resolve(host, port)
        except UnknownHostError as error:
            raise httpx.ConnectError(str(error), request=request) from error
        # ``Host`` was set from the name when the request was built.
        request.url = request.url.copy_with(host=address)
        request.extensions = {**request.extensions, "sni_hostname": host}
        return self._inner.handle_request(request)

    def close(self) -> None:
        """Close the connections."""
        self._inner.close()
