"""What axe-core finds wrong with the page that is open."""

from __future__ import annotations

from typing import Any

from playwright.sync_api import Page

from config.paths import BASE_DIR

AXE = BASE_DIR / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
RUN = """async () => {
    const found = await axe.run(document, {
        resultTypes: ['violations'],
        rules: {'target-size': {enabled: true}},
    });
    return found.violations.flatMap(({id, nodes}) => nodes.map(node => {
        const [check] = [...node.any, ...node.all, ...node.none];
        return `${id}: ${node.target.join(' ')} ${node.html.slice(0, 160)} (${check ? check.message : ''})`;
    }));
}"""
AT_REST = """() => Promise.all(document.getAnimations()
    .filter(one => one.effect?.getComputedTiming().endTime !== Infinity).map(one => one.finished.catch(() => null)))"""


def violations(page: Page) -> list[str]:
    """Every violation of axe's rules, those on touch targets (24 px) included; empty for a sound page."""
    page.evaluate(AT_REST)
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE.read_text())
    found: list[Any] = page.evaluate(RUN)
    return [str(one) for one in found]
