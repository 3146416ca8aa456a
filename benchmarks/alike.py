"""Which found files count as one picture: the drill's leaks of each MS11 draft against each other, and of two drafts.

python -m benchmarks.alike
"""

import hashlib
from collections.abc import Iterator
from itertools import combinations

import numpy as np

from tidemark.demo import drafts
from tidemark.engine import keys
from tidemark.engine.carriers import image
from tidemark.engine.drill.leaks import LEAKS

SECRET = hashlib.sha256(b"secret of the benchmark of likeness").digest()
ATTACKS = (
    "as sent",
    "jpeg 30",
    "320 px + jpeg 60",
    "crop 25 %",
    "crop 10 %",
    "desktop screenshot",
    "phone screenshot",
    "screen photo, near",
)


def looks() -> Iterator[tuple[str, str, image.Look]]:
    """Yield draft, attack and what the leak looks like; every other one is made from another holder's copy."""
    made = {leak.name: leak for leak in LEAKS}
    for draft in drafts.DRAFTS:
        plate = image.prepare(image.read(drafts.png(draft)))
        for number, name in enumerate(ATTACKS):
            key = keys.copy_key(SECRET, draft=draft, copy=str(number % 2))
            copy = image.read(image.mark(plate, key).data).rgb()
            yield draft, name, image.look(made[name].make(copy, np.random.default_rng(5)))


def main() -> None:
    print("| one | other | correlation | share | one picture |\n|---|---|---|---|---|")
    for (draft, attack, one), (draft_2, attack_2, other) in combinations(looks(), 2):
        if draft == draft_2 or attack == attack_2:
            alike = image.same_picture(one, other)
            said = f"{alike.correlation:.2f} | {alike.share:.2f} | {'yes' if alike else 'no'}"
            print(f"| {draft}, {attack} | {draft_2}, {attack_2} | {said} |", flush=True)


if __name__ == "__main__":
    main()
