"""What is in use goes on answering until its replacement is whole, whatever becomes of that."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

import pytest

from serving.model_reload import LOOK_EVERY_S, QUIET_S, RETRY_AFTER_S, Swapping

PATIENCE_S = 30


@dataclass
class World:
    """What is wanted, a clock, and a loader that may fail or be held up."""

    wanted: str = "one"
    seconds: float = 0.0
    looks: int = 0
    loads: list[str] = field(default_factory=list)
    broken: bool = False
    away: bool = False
    may_load: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.may_load.set()

    def want(self) -> str:
        self.looks += 1
        if self.away:
            raise ConnectionError("the store is away")
        return self.wanted

    def load(self) -> str:
        self.loads.append(self.wanted)
        made = self.wanted
        if not self.may_load.wait(PATIENCE_S):
            raise TimeoutError
        if self.broken:
            raise OSError("half a file")
        return made

    def swapping(self, start: Callable[[Callable[[], None]], None] = lambda work: work()) -> Swapping[str]:
        return Swapping(self.load, self.want, lambda: self.seconds, start)

    def wait(self, seconds: float = LOOK_EVERY_S) -> None:
        self.seconds += seconds


def test_it_is_loaded_once_however_many_ask_first():
    world = World()
    world.may_load.clear()
    swapping = world.swapping()
    with ThreadPoolExecutor(8) as threads:
        asked = [threads.submit(swapping.get) for _ in range(8)]
        world.may_load.set()
        assert {one.result(PATIENCE_S) for one in asked} == {"one"}
    assert world.loads == ["one"]


def test_a_first_load_that_fails_is_raised_and_tried_again():
    world = World(broken=True)
    swapping = world.swapping()
    with pytest.raises(OSError, match="half a file"):
        swapping.get()
    world.broken = False
    assert swapping.get() == "one"


def test_between_two_looks_nothing_is_asked():
    world = World()
    swapping = world.swapping()
    for _ in range(5):
        swapping.get()
    assert world.looks == 1
    world.wait()
    for _ in range(5):
        swapping.get()
    assert world.looks == 2
    assert world.loads == ["one"]


def test_the_old_one_answers_every_thread_until_the_new_one_is_whole():
    world, started = World(), []

    def start(work: Callable[[], None]) -> None:
        thread = threading.Thread(target=work)
        started.append(thread)
        thread.start()

    swapping = world.swapping(start)
    assert swapping.get() == "one"
    world.wanted = "two"
    world.may_load.clear()
    with ThreadPoolExecutor(8) as threads:

        def ask(_: int) -> str:
            # Eight of them together still ask before it counts as quiet.
            world.wait(LOOK_EVERY_S / 10)
            return swapping.get()

        assert set(threads.map(ask, range(400))) == {"one"}
        assert world.loads == ["one", "two"]
        world.may_load.set()
        started[0].join(PATIENCE_S)
        assert set(threads.map(ask, range(400))) == {"two"}
    assert len(started) == 1


def test_after_a_quiet_time_whoever_asks_waits_for_the_new_one():
    world, started = World(), []
    swapping = world.swapping(started.append)
    assert swapping.get() == "one"
    world.wanted = "two"
    world.wait(LOOK_EVERY_S + QUIET_S)
    world.may_load.clear()
    with ThreadPoolExecutor(4) as threads:
        asked = [threads.submit(swapping.get) for _ in range(4)]
        world.may_load.set()
        assert {one.result(PATIENCE_S) for one in asked} == {"two"}
    assert (world.loads, started) == (["one", "two"], [])


def test_after_a_quiet_time_the_old_one_answers_where_the_new_one_cannot_be_loaded():
    world = World()
    swapping = world.swapping()
    swapping.get()
    world.wanted, world.broken = "two", True
    world.wait(LOOK_EVERY_S + QUIET_S)
    assert [swapping.get(), swapping.get()] == ["one", "one"]
    assert world.loads == ["one", "two"]


def test_a_replacement_that_cannot_be_loaded_leaves_the_old_one_and_is_tried_again_later():
    world = World()
    swapping = world.swapping()
    swapping.get()
    world.wanted, world.broken = "two", True
    world.wait()
    assert swapping.get() == "one"
    world.wait(RETRY_AFTER_S - LOOK_EVERY_S)
    assert swapping.get() == "one"
    assert world.loads == ["one", "two"]
    world.broken = False
    world.wait()
    swapping.get()
    assert swapping.get() == "two"
    assert world.loads == ["one", "two", "two"]


def test_what_changes_while_it_is_loaded_is_noticed_afterwards():
    world = World()
    pending: list[Callable[[], None]] = []
    swapping = world.swapping(pending.append)
    swapping.get()
    world.wanted = "two"
    world.wait()
    swapping.get()
    world.wanted = "three"
    world.wait()
    assert swapping.get() == "one"
    assert len(pending) == 1
    pending.pop()()
    world.wait()
    swapping.get()
    pending.pop()()
    assert swapping.get() == "three"


def test_a_look_that_fails_is_told_to_who_looked_and_the_next_one_is_answered():
    world = World()
    swapping = world.swapping()
    swapping.get()
    world.away = True
    world.wait()
    with pytest.raises(ConnectionError):
        swapping.get()
    assert swapping.get() == "one"
    world.away = False
    world.wait()
    assert swapping.get() == "one"
