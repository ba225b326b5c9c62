"""From a key to the next prompt on the screen: `python -m benchmarks.keypress --out FILE.json`.

A real server, a real Chromium, and a person who labels comparisons by key with a warm ring: the next tasks are
there and rendered when the key goes down, as they are for whoever reads before answering. Two scenes: short answers
of one paragraph, and long ones, two outputs of 1,500 words with headings, lists, tables and code. Reported per
scene: milliseconds from the key's own time stamp until after the first picture with the next prompt, measured in
the page (a mutation observer, the next animation frame, and a message that comes after its painting); and, as a
cross-check from outside the page, from the key's time stamp to the presented frame in a trace of Chromium, with the
processor time that the page itself took.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import orjson

from benchmarks.machine import describe_machine, output_argument, write_result
from benchmarks.server import serving

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

GOAL_MS = 50
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]
TRACED = 30  # presses; a trace costs time itself, so they are counted apart

SENTENCE = "The river rises in the hills and reaches the sea after three hundred kilometres of slow water. "
SECTION = """## Part {number}

{text}

- The **first** thing to know about part {number} is `alpha_{number}`.
- The *second* is that [it is written down](https://example.org/{number}), and the third is not.

| what | how much |
|---|---|
| water | {number} |
| sand | none |

```python
def part_{number}(river: list[int]) -> int:
    total = 0
    for depth in river:  # every place once
        total += depth if depth > {number} else -1
    return total
```

"""

TRACE = ["devtools.timeline", "disabled-by-default-devtools.timeline"]
# What the page does for a picture, after the key's own handler.
RENDERING = {"FireAnimationFrame", "UpdateLayoutTree", "Layout", "PrePaint", "Paint", "Layerize", "Commit"}

WARM = """() => document.querySelectorAll('[data-behind=kept]').length >= 2
    && document.querySelectorAll('[data-behind=new]').length === 0"""

MEASURE = """() => {
    const shown = () => [...document.querySelectorAll('[data-task]')]
        .find(one => !one.dataset.behind)?.dataset.task;
    window.pressed = [];
    let pending = null;
    window.addEventListener('keydown', event => {
        pending = {start: event.timeStamp, before: shown()};
    }, {capture: true});
    new MutationObserver(() => {
        if (!pending || shown() === pending.before) return;
        const {start} = pending;
        pending = null;
        const changed = performance.now();
        requestAnimationFrame(() => {
            const {port1, port2} = new MessageChannel();
            port1.onmessage = () => window.pressed.push({changed: changed - start, painted: performance.now() - start});
            port2.postMessage(null);
        });
    }).observe(document.body, {subtree: true, childList: true, attributes: true, attributeFilter: ['data-behind']});
}"""


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = output_argument("From a key to the next prompt on the screen.")
    parser.add_argument("--presses", type=int, default=200, help="judgments of each scene")
    parser.add_argument("--pause", type=float, default=0.3, help="seconds of reading once the ring is warm")
    return parser.parse_args(given)


def short(number: int, side: int) -> str:
    """An answer of one paragraph."""
    return f"Answer {side} to question {number}. " + SENTENCE * (2 + (number + side) % 3)


def long(number: int, side: int) -> str:
    """An answer of about 1,500 words in Markdown."""
    sections = [
        SECTION.format(number=part, text=SENTENCE * (5 + (number + side + part) % 3)) for part in range(10)
    ]
    return f"# Answer {side} to question {number}\n\n" + "".join(sections)


def fill(name: str, text: Any, prompts: int) -> tuple[int, str]:
    """Make a project of comparisons with one annotator; its id and the cookie of the annotator's session."""
    from django.test import Client

    from annotation.models import Completion, Project, Prompt, User
    from annotation.services.items import items_rebuild
    from annotation.services.projects import project_create

    user = User.objects.create(username=f"bench-{name}-{time.time_ns()}", language="en")
    question = {"name": "overall", "kind": "comparison", "title": "Which is better?", "required": True}
    data = {
        "name": f"{name} {time.time_ns()}",
        "template": "custom",
        "questions": [question | {"strengths": 3, "ties": True, "both_bad": True}],
        "overlap": 1,
    }
    project: Project = project_create(owner=user, data=data)
    rows = [
        Prompt(
            project=project,
            number=number,
            external_id=f"p{number}",
            messages=[{"role": "user", "content": f"Question {number}: where does the river rise?"}],
            group=f"p{number}",
            content_digest=f"{number:064d}",
        )
        for number in range(1, prompts + 1)
    ]
    Prompt.objects.bulk_create(rows)
    Completion.objects.bulk_create(
        Completion(prompt=row, position=side, external_id=f"c{side}", text=text(row.number, side))
        for row in rows
        for side in range(2)
    )
    items_rebuild(project=project)
    client = Client()
    client.force_login(user)
    return project.id, client.cookies["sessionid"].value


def scene(
    browser: Browser, address: str, project: int, cookie: str, given: argparse.Namespace
) -> dict[str, Any]:
    """Label by key; what the page and the trace have measured."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US", base_url=address)
    context.add_cookies([{"name": "sessionid", "value": cookie, "url": address}])
    page = context.new_page()
    page.goto(f"/projects/{project}/label")
    page.wait_for_selector("[data-task]")
    page.wait_for_load_state("networkidle")
    page.evaluate(MEASURE)
    _press(page, given.presses, given.pause)
    found = page.evaluate("window.pressed")
    browser.start_tracing(page=page, categories=TRACE)
    _press(page, TRACED, given.pause)
    events = orjson.loads(browser.stop_tracing())["traceEvents"]
    traced = presented(events)
    words = page.evaluate("document.querySelector('[data-task] article').innerText.split(/\\s+/).length")
    context.close()
    if len(found) < given.presses:
        raise RuntimeError(f"{len(found)} of {given.presses} keys brought another prompt")
    return {
        "presses": len(found),
        "words_of_an_output": words,
        "key_to_prompt": spread([one["painted"] for one in found]),
        "key_to_changed_page": spread([one["changed"] for one in found]),
        "share_under_goal": round(sum(one["painted"] < GOAL_MS for one in found) / len(found), 3),
        "traced": spread(traced) | {"presses": len(traced)},
        "traced_processor": spread(worked(events)),
    }


def _press(page: Page, presses: int, pause: float) -> None:
    for number in range(presses):
        page.wait_for_function(WARM)
        time.sleep(pause)
        page.keyboard.press(str(1 + number % 6))
    page.wait_for_function(WARM)


def presented(events: Sequence[dict[str, Any]]) -> list[float]:
    """Milliseconds from each key's time stamp to the presentation of the frame after it, as Chromium traces them."""
    timings = [one["args"]["data"] for one in events if one["name"] == "EventTiming" and one["ph"] == "b"]
    return [one["duration"] for one in timings if one["type"] == "keydown"]


def worked(events: Sequence[dict[str, Any]]) -> list[float]:
    """Milliseconds of the page's own processor time for each key: its handler and the rendering of the next frame.

    On a machine with other work this is what is left of the figures when the waiting is taken away.
    """
    keys = [
        one for one in events if one["name"] == "EventDispatch" and one["args"]["data"]["type"] == "keydown"
    ]
    found = []
    for key in keys:
        own = [
            one for one in events if (one["pid"], one["tid"]) == (key["pid"], key["tid"]) and "tdur" in one
        ]
        end = key["ts"] + key["dur"]
        commit = min((one["ts"] for one in own if one["name"] == "Commit" and one["ts"] >= end), default=None)
        if commit is not None:
            frame = [one for one in own if one["name"] in RENDERING and end <= one["ts"] <= commit]
            found.append((key["tdur"] + sum(one["tdur"] for one in frame)) / 1000)
    return found


def spread(milliseconds: Sequence[float]) -> dict[str, float]:
    """Median, 95th percentile and maximum."""
    ordered = sorted(milliseconds)
    if not ordered:
        raise RuntimeError("nothing was measured")
    return {
        "p50_ms": round(statistics.median(ordered), 1),
        "p95_ms": round(ordered[int(0.95 * (len(ordered) - 1))], 1),
        "max_ms": round(ordered[-1], 1),
    }


def main(given: Sequence[str] | None = None) -> None:
    """Fill a database of its own, label in both scenes, and write the figures."""
    options = arguments(given)
    executable = next((path for path in map(shutil.which, CHROMIUM) if path), None)
    if executable is None:
        raise SystemExit("no Chromium on this machine: apt install chromium")
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder:
        own = {"PLAUDIT_DATA": folder, "DJANGO_SETTINGS_MODULE": "config.settings"}
        os.environ.update(own)
        import django

        django.setup()
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        prompts = options.presses + TRACED + 20
        scenes = {
            "short": fill("short", short, prompts),
            "long": fill("long", long, prompts),
        }
        result: dict[str, Any] = {"machine": describe_machine(["playwright", "django"]), "goal_ms": GOAL_MS}
        # Playwright's loop makes Django's guard against blocking calls wake up; rows are made before it starts.
        with serving(own, Path(folder) / "server.log") as server, sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=executable, args=FLAGS)
            result["chromium"] = browser.version
            for name, (project, cookie) in scenes.items():
                result[name] = scene(browser, f"http://127.0.0.1:{server.port}", project, cookie, options)
            browser.close()
    write_result(result, options.out)


if __name__ == "__main__":
    main()
