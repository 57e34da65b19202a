"""What may be told to everybody: groups so large that nobody is found in them, also by subtraction.

Instead of blanking cells, groups are merged until each of their numbers, and what is left of each
number when a published part is taken away, is nought people or at least `LEAST`. A step that even
all groups together cannot show is shown nowhere. Pure.
"""

from dataclasses import dataclass

LEAST = 5


@dataclass(frozen=True)
class Group:
    """`numbers` is `{step: how many people}`; a merged group names all it was made of."""

    labels: tuple
    numbers: dict


def showable(numbers, parts, steps):
    """Those of `steps` that may be told of these numbers; `parts` is `{step: what it is part of}`.

    A step is measured against the nearest one above it that is shown too.
    """
    shown = []
    for step in steps:
        whole = whole_of(step, parts, shown)
        rest = numbers[whole] - numbers[step] if whole else 0
        if numbers[step] >= LEAST and (rest == 0 or rest >= LEAST):
            shown.append(step)
    return shown


def in_order(groups, parts, steps):
    """Neighbours merged, for years. Returns groups that may all be shown, at best the finest."""
    merged, waiting = [], None
    for group in groups:
        waiting = _together([waiting, group]) if waiting else group
        if _may_be_shown(waiting, parts, steps):
            merged.append(waiting)
            waiting = None
    while waiting:
        waiting = _together([merged.pop(), waiting]) if merged else waiting
        if _may_be_shown(waiting, parts, steps):
            merged.append(waiting)
            waiting = None
        elif not merged:
            return []
    return merged


def by_size(groups, parts, steps):
    """The large ones by themselves, the others merged into a last one, for trades."""
    ordered = sorted(groups, key=lambda group: (-group.numbers[steps[0]], group.labels))
    kept = [group for group in ordered if _may_be_shown(group, parts, steps)]
    small = [group for group in ordered if group not in kept]
    while small and not _may_be_shown(_together(small), parts, steps):
        if not kept:
            return []
        small.insert(0, kept.pop())
    return [*kept, _together(small)] if small else kept


def finest(merge, groups, parts, steps):
    """(steps, groups): as many of the steps as still leave two groups apart, by `merge`."""
    for count in range(len(steps), 0, -1):
        found = merge(groups, parts, steps[:count])
        if len(found) > 1:
            return steps[:count], found
    return [], []


def moves_enough(before, after):
    """Whether no number of one edition (`{key: number}`) differs from the next by a few people.

    What stands in one of them only is compared together, step by step: keys are (group, step).
    """
    steps = {step for _group, step in [*before, *after]}
    for step in steps:
        old = {group: n for (group, of), n in before.items() if of == step}
        new = {group: n for (group, of), n in after.items() if of == step}
        moves = [new[group] - old[group] for group in old.keys() & new.keys()]
        moves.append(
            sum(new[group] for group in new.keys() - old.keys())
            - sum(old[group] for group in old.keys() - new.keys())
        )
        if any(0 < abs(move) < LEAST for move in moves):
            return False
    return True


def _may_be_shown(group, parts, steps):
    return showable(group.numbers, parts, steps) == list(steps)


def whole_of(step, parts, shown):
    """The nearest of the `shown` steps that a step is part of, None of the first."""
    whole = parts.get(step)
    while whole and whole not in shown:
        whole = parts.get(whole)
    return whole


def _together(groups):
    labels = tuple(label for group in groups for label in group.labels)
    steps = groups[0].numbers
    return Group(labels, {step: sum(group.numbers[step] for group in groups) for step in steps})
