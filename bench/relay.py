"""A far link: every connection costs its round trips, on the way there and on the way back."""

import asyncio
import contextlib
import threading


class Relay:
    """Listens on a port of its own and passes bytes on to `port`, each way half of `round_trip` seconds late. A connection
    is taken up `round_trip` late, as TCP's greeting would make it; bandwidth is not limited."""

    def __init__(self, port: int, round_trip: float) -> None:
        self._to, self._round_trip = port, round_trip
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()
        serving = asyncio.run_coroutine_threadsafe(asyncio.start_server(self._meet, "127.0.0.1", 0), self._loop)
        self.root = f"http://127.0.0.1:{serving.result(10).sockets[0].getsockname()[1]}"

    def stop(self) -> None:
        """Ends the relay with all its connections."""
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)

    async def _end(self) -> None:
        open_ones = asyncio.all_tasks() - {asyncio.current_task()}
        for each in open_ones:
            each.cancel()
        await asyncio.gather(*open_ones, return_exceptions=True)

    async def _meet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(self._round_trip)
        onward_reader, onward_writer = await asyncio.open_connection("127.0.0.1", self._to)
        # Ended by `stop`, which is no mishap to be told.
        with contextlib.suppress(asyncio.CancelledError):
            await asyncio.gather(self._carry(reader, onward_writer), self._carry(onward_reader, writer))

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Pieces leave in their order, each so late, however many are on their way."""
        while piece := await reader.read(65536):
            self._loop.call_later(self._round_trip / 2, writer.write, piece)
        self._loop.call_later(self._round_trip / 2, writer.close)
