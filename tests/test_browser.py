"""The site and the report in a real browser, from a folder: run by `make browser` after `make docs`."""

import base64
import json
import shutil
import time
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from test_report import outcome, outcomes

from proofs_check.plan import QUICK
from proofs_check.report import write_report

pytestmark = pytest.mark.browser

SITE = Path(__file__).resolve().parent.parent / "docs" / "_build" / "html"
WIDTHS = (390, 1400)
PAGES = (
    "index.html",
    "statements.html",
    "map.html",
    "choosing.html",
    "papers/index.html",
    "papers/kazdan2024.html",
    "statements/seddik2024.thm2.html",
    "figures/index.html",
    "figures/dohmatob2024demyst.fig1a.html",
    "reference/index.html",
    "reference/collapse_jax.LinearRegression.html",
    "guide/family.html",
    "tutorials/seddik2024.html",
    "explanation/guarantees.html",
    "search.html?q=ridge",
)


@pytest.fixture(scope="module")
def driver():
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is missing: pip install --group browser")
    browser, control = shutil.which("chromium") or shutil.which("google-chrome"), shutil.which("chromedriver")
    if browser is None or control is None:
        pytest.skip("no browser here: apt-get install chromium chromium-driver")
    options = webdriver.ChromeOptions()
    options.binary_location = browser
    # a container has neither a sandbox nor much shared memory
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(control))
    yield made
    made.quit()


@pytest.fixture
def site():
    if not (SITE / "index.html").is_file():
        pytest.skip("no site here: make docs")
    return SITE


@pytest.fixture(scope="module")
def report(tmp_path_factory):
    many = [outcome(f"delta.number{k}", "law", t=(3,), predicted=[0.0]) for k in range(300)]
    folder = tmp_path_factory.mktemp("report")
    return write_report([*outcomes(), *many], folder, plan=QUICK, seconds=1)


def visit(driver, folder, page, width):
    """Open a page at a width; it has to be silent, narrow enough and content with its folder."""
    driver.execute_cdp_cmd(
        "Emulation.setDeviceMetricsOverride",
        {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": width < 500},
    )
    driver.get("about:blank")
    driver.get_log("browser"), driver.get_log("performance")
    driver.get(f"{folder.as_uri()}/{page}")
    time.sleep(0.2)
    assert driver.get_log("browser") == []
    events = [json.loads(line["message"])["message"] for line in driver.get_log("performance")]
    asked = [one["params"]["request"]["url"] for one in events if one["method"] == "Network.requestWillBeSent"]
    for url in asked:
        parts = urlsplit(url)
        assert parts.scheme in ("file", "data", "about"), url
        assert parts.scheme != "file" or Path(unquote(parts.path)).is_relative_to(folder), url
    wide, room = driver.execute_script("return [document.documentElement.scrollWidth, innerWidth]")
    assert wide <= room, f"{page} scrolls sideways at {width}"


def type_in(driver, text):
    field = driver.find_element("css selector", "form.filter input[name=q]")
    field.clear()
    field.send_keys(text)


def shown(driver, kind):
    """Ids of the items that are to be seen."""
    script = "return [...document.querySelectorAll(arguments[0])].filter(one => one.offsetParent).map(one => one.id)"
    return driver.execute_script(script, f"{kind}[data-text]")


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_silent_narrow_and_asks_for_nothing_outside(driver, site, page, width):
    visit(driver, site, page, width)


@pytest.mark.parametrize("width", WIDTHS)
def test_statements_are_found_while_one_types_and_the_address_keeps_it(driver, site, width):
    visit(driver, site, "statements.html", width)
    every = int(driver.find_element("css selector", "form.filter output").text.split()[-1])
    type_in(driver, "ridge accumulate")
    found = shown(driver, "tr")
    assert "gerstgrasser2024.ridge_absolute" in found
    assert len(found) < every
    script = "let s = document.querySelector('select[name=verdict]'); s.value = 'REFUTED';"
    driver.execute_script(f"{script} s.dispatchEvent(new Event('input', {{bubbles: true}}))")
    refuted = shown(driver, "tr")
    assert "gerstgrasser2024.ridge_per_sample" in refuted
    assert len(refuted) < len(found)
    fragment = driver.current_url.partition("#")[2]
    visit(driver, site, f"statements.html#{fragment}", width)
    assert shown(driver, "tr") == refuted
    driver.find_element("css selector", "form.filter button[type=reset]").click()
    time.sleep(0.2)
    assert len(driver.find_elements("css selector", "tr[data-text]:not([hidden])")) == every


def test_a_statement_is_one_link_away(driver, site):
    visit(driver, site, "statements.html#seddik2024.thm2", 1400)
    row = driver.find_element("css selector", "tr[id='seddik2024.thm2']")
    assert 0 <= driver.execute_script("return arguments[0].getBoundingClientRect().top", row) < 900
    row.find_element("css selector", "a").click()
    assert driver.find_element("css selector", "h1").text.startswith("seddik2024.thm2")
    assert driver.find_element("css selector", "svg.sketch").is_displayed()


def test_the_site_is_searched_without_a_server(driver, site):
    visit(driver, site, "search.html?q=coalescent", 1400)
    for _ in range(50):
        if driver.find_elements("css selector", "#search-results li a"):
            break
        time.sleep(0.1)
    names = [link.get_attribute("href") for link in driver.find_elements("css selector", "#search-results li a")]
    assert any("collapse_jax.laws.coalescent" in name for name in names)
    assert driver.get_log("browser") == []


def follow(driver, *words):
    """Click a link that begins with each of these, one after another."""
    for start in words:
        links = driver.find_elements("css selector", "article a, .sidebar-tree a")
        next(link for link in links if link.is_displayed() and link.text.startswith(start)).click()


def blocks(driver):
    """The blocks of code of a page."""
    return [block.text for block in driver.find_elements("css selector", "article .highlight pre")]


def test_every_statement_about_ridge_takes_one_click_and_a_word(driver, site):
    visit(driver, site, "index.html", 1400)
    follow(driver, "Statements: all")
    type_in(driver, "ridge")
    found = shown(driver, "tr")
    assert {"gerstgrasser2024.ridge_absolute", "dohmatob2024demyst.cor5_2"} <= set(found)
    words = driver.execute_script("return arguments[0].map(id => document.getElementById(id).textContent)", found)
    assert all(any(word in row for word in ("SUPPORTED", "REFUTED", "UNDECIDED", "not measured")) for row in words)


def test_figure_1a_of_demystified_takes_two_clicks_and_a_command(driver, site):
    visit(driver, site, "index.html", 1400)
    follow(driver, "Gallery", "dohmatob2024demyst.fig1a")
    assert any("collapse figure dohmatob2024demyst.fig1a" in block for block in blocks(driver))
    assert driver.find_element("css selector", "article img").is_displayed()


def test_a_model_of_ones_own_takes_two_clicks_and_twenty_lines(driver, site):
    visit(driver, site, "index.html", 1400)
    follow(driver, "How to", "A model of another framework")
    [code] = [block for block in blocks(driver) if "host_study(" in block]
    assert "Accumulate(" in code
    assert len([line for line in code.splitlines() if line.strip()]) <= 20


def test_the_theme_changes_and_dark_is_dark(driver, site):
    visit(driver, site, "statements/seddik2024.thm2.html", 1400)
    background = "return getComputedStyle(document.body).backgroundColor"
    seen = set()
    for _ in range(3):
        toggles = driver.find_elements("css selector", ".theme-toggle")
        next(toggle for toggle in toggles if toggle.is_displayed()).click()
        seen.add(driver.execute_script(background))
    assert len(seen) == 2
    driver.execute_script("localStorage.clear()")


def test_the_map_is_reached_by_keyboard(driver, site):
    visit(driver, site, "map.html", 1400)
    link = driver.find_element("css selector", ".map a[href='papers/seddik2024.html']")
    driver.execute_script("arguments[0].focus()", link)
    assert driver.execute_script("return document.activeElement.getAttribute('href')") == "papers/seddik2024.html"
    assert "statements" in link.find_element("css selector", "title").get_attribute("textContent")


def test_paper_shows_no_controls(driver, site):
    visit(driver, site, "statements.html", 1400)
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert not driver.find_element("css selector", "form.filter").is_displayed()
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": ""})
    visit(driver, site, "papers/fu2025.html", 1400)
    printed = driver.execute_cdp_cmd("Page.printToPDF", {})["data"]
    assert base64.b64decode(printed).startswith(b"%PDF")


@pytest.mark.parametrize("width", WIDTHS)
def test_the_report_is_narrow_filters_and_keeps_its_summary_in_view(driver, report, width):
    visit(driver, report.parent, "index.html", width)
    cards = len(driver.find_elements("css selector", "article"))
    type_in(driver, "alpha")
    found = shown(driver, "article")
    assert 0 < len(found) < cards
    assert all(id.startswith("alpha.") for id in found)
    assert not driver.find_elements("xpath", "//section[.//h2[.='delta'] and not(@hidden)]")
    driver.execute_script("scrollTo(0, document.body.scrollHeight)")
    bar = driver.find_element("css selector", ".bar")
    assert driver.execute_script("return arguments[0].getBoundingClientRect().top", bar) == 0
    assert "SUPPORTED" in bar.text
    visit(driver, report.parent, "index.html#delta.number250", width)
    card = driver.find_element("id", "delta.number250")
    top = driver.execute_script("return arguments[0].getBoundingClientRect().top", card)
    assert bar_height(driver) - 2 <= top < 900
    ready = driver.execute_script("return performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
    assert ready < 10_000, "a page of 316 claims takes 0.2 s to read where nothing else runs"


def bar_height(driver):
    return driver.execute_script("return document.querySelector('.bar').getBoundingClientRect().height")


def test_the_tables_of_the_report_are_copied(driver, report):
    visit(driver, report.parent, "index.html", 1400)
    button = driver.find_element("css selector", "button[data-copy=csv]")
    driver.execute_script("arguments[0].click()", button)
    assert button.get_attribute("textContent") == "copied"
    assert (
        driver.execute_script("return getSelection().toString().length || document.activeElement.selectionEnd") > 1000
    )
