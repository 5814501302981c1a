"""
The loops of scrypt (RFC 7914, sections 3 to 5) over many lanes at once, compiled.

A lane is one run of ROMix; a hash has p of them. Salsa20 mixes rows of four words. A
vector holds the same row of *width* lanes side by side: what one lane would do to four
words, the vector does to all. *groups* such vectors go through the rounds together, so
that none waits for the one before. Two sets of groups take turns: what one set needs
next comes from memory while the other computes.

A record is written once and read long after. So whole lines are stored past the caches:
memory is not read before it is overwritten, and the caches keep what is mixed.

Words lie as in `ORDER`: then a row of Salsa20's quarter rounds is four neighbours, and
words move only within their row. Each lane has a table V of its own, in which a record
is in one piece. So rows are turned into lanes on the way out, and back on the way in.

Bytes in, bytes out, and addresses between: nothing here knows what it hashes.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any, Final, TypeAlias

import numpy as np
from llvmlite import ir
from numba import njit, types
from numba.core import cgutils
from numba.extending import intrinsic

Value: TypeAlias = Any  # of LLVM
Rows: TypeAlias = list[Value]

# Word i of a block lies where word ORDER[i] lay.
ORDER: Final = tuple(i * 5 % 16 for i in range(16))

_WORD: Final = ir.IntType(32)
_PLACE: Final = ir.IntType(64)
# Octets of a row of one lane, and of a block of one lane.
_ROW: Final = 16
_BLOCK: Final = 64


class _Code:
    """
    Writes the body of one function, for vectors of *width* lanes.
    """

    def __init__(self, builder: Value, width: int, groups: int) -> None:
        self.b = builder
        self.width, self.groups = width, groups
        self.vector = ir.VectorType(_WORD, 4 * width)
        # A block of all lanes of a set: groups, each of four vectors.
        self.size = groups * 4 * _ROW * width

    def number(self, n: int) -> Value:
        return ir.Constant(_PLACE, n)

    def at(self, *parts: Value) -> Value:
        """
        Return the sum of *parts*, as an address; an int among them is a constant.
        """
        total = None
        for part in parts:
            value = self.number(part) if isinstance(part, int) else part
            total = value if total is None else self.b.add(total, value)
        return total

    def load(self, place: Value, kind: Value = None, align: int = 16) -> Value:
        kind = kind or self.vector
        loaded = self.b.load(self.b.inttoptr(place, kind.as_pointer()))
        loaded.align = align
        return loaded

    def store(self, value: Value, place: Value) -> None:
        pointer = self.b.inttoptr(place, value.type.as_pointer())
        self.b.store(value, pointer).align = 16

    def store_past(self, value: Value, place: Value) -> None:
        """
        Store a whole line of the cache, and leave the caches as they are.
        """
        pointer = self.b.inttoptr(place, value.type.as_pointer())
        stored = self.b.store(value, pointer)
        stored.align = _BLOCK
        one = self.b.module.add_metadata([ir.Constant(_WORD, 1)])
        stored.set_metadata("nontemporal", one)

    def call(self, name: str, result: Value, *arguments: Value) -> Value:
        """
        Call the function *name* that LLVM itself has.
        """
        kind = ir.FunctionType(result, [value.type for value in arguments])
        declare: Any = cgutils.get_or_insert_function
        found = declare(self.b.module, kind, name)
        return self.b.call(found, arguments)

    def prefetch(self, place: Value, keep: int) -> None:
        octets = self.b.inttoptr(place, ir.IntType(8).as_pointer())
        # The flags of a prefetch: for reading, how long to keep it, of data.
        flags = [ir.Constant(_WORD, n) for n in (0, keep, 1)]
        self.call("llvm.prefetch.p0", ir.VoidType(), octets, *flags)

    def pick(self, one: Value, other: Value, words: Sequence[int]) -> Value:
        """
        Return a vector of *words*: places in *one*, counted on through *other*.
        """
        mask = ir.Constant(ir.VectorType(_WORD, len(words)), list(words))
        return self.b.shuffle_vector(one, other, mask)

    def turned(self, row: Value, by: int) -> Value:
        """
        Return a row in which each word has moved by some places, in every lane.
        """
        words = [i // 4 * 4 + (i - by) % 4 for i in range(4 * self.width)]
        return self.pick(row, row, words)

    def mixed(self, sets: list[Rows]) -> list[Rows]:
        """
        Return Salsa20/8 of each group of four rows.
        """
        state = [list(rows) for rows in sets]

        def step(one: int, other: int, into: int, by: int) -> None:
            for rows in state:
                total = self.b.add(rows[one], rows[other])
                by_all = ir.Constant(self.vector, [by] * 4 * self.width)
                # A funnel shift of a value with itself is a rotation.
                name = f"llvm.fshl.v{4 * self.width}i32"
                bits = self.call(name, self.vector, total, total, by_all)
                rows[into] = self.b.xor(rows[into], bits)

        def turn(*by: int) -> None:
            for rows in state:
                rows[1:] = [
                    self.turned(r, n) for r, n in zip(rows[1:], by, strict=True)
                ]

        for _ in range(4):
            for quarter in ((0, 3, 1, 7), (1, 0, 2, 9), (2, 1, 3, 13), (3, 2, 0, 18)):
                step(*quarter)
            turn(1, 2, 3)
            for quarter in ((0, 1, 3, 7), (3, 0, 2, 9), (2, 3, 1, 13), (1, 2, 0, 18)):
                step(*quarter)
            turn(3, 2, 1)
        return [
            [self.b.add(row, first) for row, first in zip(rows, firsts, strict=True)]
            for rows, firsts in zip(state, sets, strict=True)
        ]

    def across(self, vectors: Rows) -> Rows:
        """
        Turn four rows of four lanes into four lanes of four rows, or back.
        """
        a, b, c, d = vectors
        low, high = [*range(8), *range(16, 24)], [*range(8, 16), *range(24, 32)]
        even = [i for i in range(32) if i // 4 % 2 == 0]
        odd = [i for i in range(32) if i // 4 % 2 == 1]
        halves = [
            (self.pick(a, b, words), self.pick(c, d, words)) for words in (low, high)
        ]
        return [self.pick(*half, words) for half in halves for words in (even, odd)]

    def rows(self, place: Value) -> list[Rows]:
        """
        Load a block of all lanes, as it lies in the state.
        """
        step = _ROW * self.width
        return [
            [self.load(self.at(place, (4 * g + row) * step)) for row in range(4)]
            for g in range(self.groups)
        ]

    def keep(self, sets: list[Rows], place: Value) -> None:
        """
        Store a block of all lanes, as it lies in the state.
        """
        step = _ROW * self.width
        for g, rows in enumerate(sets):
            for row, value in enumerate(rows):
                self.store(value, self.at(place, (4 * g + row) * step))

    def write(self, sets: list[Rows], lanes: Rows, along: Value) -> None:
        """
        Store a block into the table of each lane.
        """
        for g, rows in enumerate(sets):
            mine = lanes[self.width * g : self.width * (g + 1)]
            if self.width == 4:
                for lane, value in zip(mine, self.across(rows), strict=True):
                    self.store_past(value, self.at(lane, along))
                continue
            for n, lane in enumerate(mine):
                for row, value in enumerate(rows):
                    part = self.pick(value, value, range(4 * n, 4 * n + 4))
                    self.store(part, self.at(lane, along, row * _ROW))

    def read(self, lanes: Rows, along: Value) -> list[Rows]:
        """
        Load a block out of the table of each lane.
        """
        sets = []
        for g in range(self.groups):
            mine = lanes[self.width * g : self.width * (g + 1)]
            if self.width == 4:
                sets.append(
                    self.across([self.load(self.at(lane, along)) for lane in mine])
                )
                continue
            part = ir.VectorType(_WORD, 4)
            parts = [
                [self.load(self.at(lane, along, row * _ROW), part) for lane in mine]
                for row in range(4)
            ]
            # One lane is its own vector; two are put side by side.
            sets.append(
                [self.pick(row[0], row[-1], range(4 * self.width)) for row in parts]
            )
        return sets

    def xor(self, one: list[Rows], other: list[Rows]) -> list[Rows]:
        return [
            [self.b.xor(a, b) for a, b in zip(rows, others, strict=True)]
            for rows, others in zip(one, other, strict=True)
        ]

    def block_mix(
        self, r: Value, to: Value, first: list[Rows], of: Callable[[Value], list[Rows]]
    ) -> None:
        """
        Mix 2r blocks (scryptBlockMix); *of* gives each of them, *first* is the last.
        """
        slot: Any = cgutils.alloca_once_value
        last = [[slot(self.b, v) for v in rows] for rows in first]
        with cgutils.for_range(self.b, self.b.shl(r, self.number(1))) as loop:
            before = [[self.b.load(place) for place in rows] for rows in last]
            after = self.mixed(self.xor(before, of(loop.index)))
            for places, rows in zip(last, after, strict=True):
                for place, value in zip(places, rows, strict=True):
                    self.b.store(value, place)
            # The even ones come first, then the odd.
            odd = self.b.and_(loop.index, self.number(1))
            half = self.b.lshr(loop.index, self.number(1))
            goes = self.b.add(half, self.b.mul(odd, r))
            self.keep(after, self.at(to, self.b.mul(goes, self.number(self.size))))


def _lanes(code: _Code, v: Value, stride: Value) -> Rows:
    count = code.width * code.groups
    return [code.at(v, code.b.mul(stride, code.number(n))) for n in range(count)]


# The tuples come first: only their lengths matter, which must be known at compiling.
@intrinsic
def _fill(_, width, groups, state, to, v, stride, r):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001, PLR0917  # numba's form
    """
    Write the state into the table of each lane at *v*, and mix it into *to*.
    """

    def write(context: Any, builder: Any, _: Any, values: Any) -> Any:  # noqa: ANN401  # numba's
        code = _Code(builder, width.count, groups.count)
        state, to, v, stride, r = values[2:]
        lanes = _lanes(code, v, stride)
        size = code.number(code.size)
        last = builder.mul(
            builder.sub(builder.shl(r, code.number(1)), code.number(1)), size
        )

        def of(n: Value) -> list[Rows]:
            found = code.rows(code.at(state, builder.mul(n, size)))
            code.write(found, lanes, builder.mul(n, code.number(_BLOCK)))
            return found

        code.block_mix(r, to, code.rows(code.at(state, last)), of)
        return context.get_dummy_value()

    return types.void(width, groups, *[types.uint64] * 5), write


@intrinsic
def _mix(_, width, groups, sets, state, to, v, stride, r, mask, next_state, next_v):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, ARG001, PLR0917  # numba's form
    """
    Mix the state, and the record that each lane asks for, into *to*.

    Meanwhile the records that the lanes of the next set ask for are fetched; where
    there is one set only, the blocks that come next.
    """

    def write(context: Any, builder: Any, _: Any, values: Any) -> Any:  # noqa: ANN401  # numba's
        code = _Code(builder, width.count, groups.count)
        state, to, v, stride, r, mask, next_state, next_v = values[3:]
        size, block = code.number(code.size), code.number(_BLOCK)
        last = builder.sub(builder.shl(r, code.number(1)), code.number(1))

        def asked(state: Value, v: Value) -> Rows:
            """
            Return where the record is that each lane asks for: Integerify, mod N.
            """
            found = []
            for n, lane in enumerate(_lanes(code, v, stride)):
                group, place = divmod(n, code.width)
                row = code.at(
                    state,
                    builder.mul(last, size),
                    (4 * group * code.width + place) * _ROW,
                )
                # N is below 2**32, so the first word is enough; `ORDER` leaves it in
                # its place.
                j = builder.and_(builder.zext(code.load(row, _WORD), _PLACE), mask)
                record = builder.mul(j, builder.mul(r, code.number(2 * _BLOCK)))
                found.append(code.at(lane, record))
            return found

        lanes = asked(state, v)
        # A single set does not know yet what it will ask for next, so it fetches two
        # blocks ahead in what it reads.
        soon, ahead = (asked(next_state, next_v), 0) if sets.count > 1 else (lanes, 2)
        # The states of four vectors fill the nearest cache, and it is soon gone again.
        keep = 3 if groups.count < 4 else 0
        for lane, n in product(lanes, range(ahead)):
            code.prefetch(code.at(lane, n * _BLOCK), keep)

        def of(n: Value) -> list[Rows]:
            for lane in soon:
                place = code.at(lane, builder.mul(n, block), ahead * _BLOCK)
                code.prefetch(place, keep)
            found = code.rows(code.at(state, builder.mul(n, size)))
            return code.xor(found, code.read(lanes, builder.mul(n, block)))

        first = code.xor(
            code.rows(code.at(state, builder.mul(last, size))),
            code.read(lanes, builder.mul(last, block)),
        )
        code.block_mix(r, to, first, of)
        return context.get_dummy_value()

    return types.void(width, groups, sets, *[types.uint64] * 8), write


def _romix(width, groups, sets, state, other, v, stride, n, r):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202, PLR0917  # compiled
    """
    ROMix of every lane; the state begins and ends at *state*.

    Args:
        width: A tuple, as long as there are lanes in a vector.
        groups: A tuple, as long as there are vectors in a set.
        sets: A tuple, as long as there are sets.
        state: Address of the state; set after set, of each its 2r blocks.
        other: Address of as much room.
        v: Address of the tables.
        stride: Octets from one table to the next.
        n: N of scrypt, even.
        r: r of scrypt.
    """
    one, two = np.uint64(1), np.uint64(2)
    lanes = np.uint64(len(width) * len(groups))
    record = r * np.uint64(128)
    size, tables = lanes * record, lanes * stride
    for a_set in range(len(sets)):
        s = np.uint64(a_set)
        here, there = state + s * size, other + s * size
        for i in range(n // two):
            place = v + s * tables + np.uint64(i) * two * record
            after = place + record
            _fill(width, groups, here, there, place, stride, r)  # type: ignore[call-arg]  # the first is numba's own
            _fill(width, groups, there, here, after, stride, r)
    for i in range(n):
        # The state goes to and fro; the last set fetches for the next turn of the
        # first.
        here, there = (state, other) if i % 2 == 0 else (other, state)
        for a_set in range(len(sets)):
            s = np.uint64(a_set)
            ends = s + one == np.uint64(len(sets))
            t = np.uint64(0) if ends else s + one
            following = there if ends else here
            _mix(  # type: ignore[call-arg]  # the first is numba's own
                width,
                groups,
                sets,
                here + s * size,
                there + s * size,
                v + s * tables,
                stride,
                r,
                n - one,
                following + t * size,
                v + t * tables,
            )


def compiled(*, cache: bool) -> Any:  # noqa: ANN401  # a dispatcher of numba's
    """
    Return ROMix as a function that numba compiles at its first call for a shape.

    Args:
        cache: Whether the compiled code is kept on the disk.

    Raises:
        RuntimeError: If it is to be kept, and no folder for it can be written.
    """
    return njit(nogil=True, error_model="numpy", cache=cache)(_romix)
