"""axe-core, from npm: the rules of accessibility that a program can check."""

from pathlib import Path

from playwright.sync_api import Page

from tests.support.peers import missing

AXE = Path(__file__).parents[2] / "node_modules" / "axe-core" / "axe.min.js"


def violations(page: Page) -> list[str]:
    """All of axe's rules, best practices too: `rule: element, element`."""
    if not AXE.exists():
        missing("axe-core is not installed: make node_modules")
    page.add_script_tag(path=AXE)
    found = page.evaluate("axe.run().then(result => result.violations)")
    return [f"{rule['id']}: {', '.join(node['html'][:120] for node in rule['nodes'])}" for rule in found]
