"""What every page of the site keeps to, and what it must never show."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path
from xml.etree import ElementTree

import duckdb
import pytest

from justice_data_lab.report import write_site
from justice_data_lab.report.charts.scales import MINUS
from justice_data_lab.report.pages.parts import EXACT, EXACT_REAL
from justice_data_lab.report.wording import p_text, range_text, said
from report.pages import Page, drawing, pages_of, words_of
from report.published_tables import HOSTILE, requests_of, write_published

OUTSIDE = re.compile(r"^(?:[a-z][a-z0-9+.-]*:)?//", re.IGNORECASE)
CODE = re.compile(r"\[(c|low|x|z|u)\]")


def test_there_are_report_and_annex_of_every_request_and_two_more(pages: dict[str, Page]) -> None:
    expected = {
        f"{folder}/{request.request_id}.html"
        for request in requests_of()
        for folder in ("requests", "annex")
    }
    assert set(pages) == expected | {"index.html", "method.html"}


@pytest.mark.parametrize("number", range(len(HOSTILE)))
def test_a_hostile_name_appears_as_its_letters(pages: dict[str, Page], number: int) -> None:
    name = " ".join(said(HOSTILE[number]).split())
    page = pages[f"annex/hostile_{number}.html"]
    assert name in page.text
    assert name[:50] in pages[f"requests/hostile_{number}.html"].text
    assert name[:80] in pages["index.html"].text
    if "\u202e" in HOSTILE[number]:
        assert "\u202e" not in page.raw
        assert "\\u202e" in page.text


def test_no_name_becomes_a_script_an_event_or_an_element(pages: dict[str, Page]) -> None:
    own = (Path(__file__).parents[3] / "src/justice_data_lab/report/templates/filter.js").read_text(
        "utf-8"
    )
    for place, page in pages.items():
        assert page.scripts == ([own] if place == "index.html" else []), place
        for tag, attributes in page.elements:
            assert not [name for name in attributes if name.startswith("on")], (place, tag)
            assert tag != "script" or not attributes, place
        assert not [image for image in page.every("img") if image["src"] == "x"]


def test_hostile_names_are_text_in_the_charts_too(pages: dict[str, Page]) -> None:
    for place, page in pages.items():
        for svg in page.drawings:
            tags = {
                element.tag.rpartition("}")[2] for element in ElementTree.fromstring(svg).iter()
            }
            allowed = {"svg", "rect", "path", "circle", "text", "defs", "pattern"}
            assert tags <= allowed, (place, tags - allowed)


def test_every_picture_has_words_and_every_chart_its_data(pages: dict[str, Page]) -> None:
    for place, page in pages.items():
        for image in page.every("img"):
            assert len(image["alt"].split()) > 3, place
            assert int(image["width"]) > 0
            assert int(image["height"]) > 0
        titles = {summary for summary in page.texts if summary.startswith(": ")}
        charts = [a for a in page.every("div") if a.get("class") == "chart"]
        # the headline of an annex and the picture of a report: their figures stand above them
        is_alone = place != "index.html"
        assert len(titles) >= len(charts) - is_alone, place
    assert len([a for a in pages["index.html"].every("div") if a.get("class") == "chart"]) >= 8


def test_nothing_is_asked_for_from_outside(pages: dict[str, Page]) -> None:
    for place, page in pages.items():
        for tag, attributes in page.elements:
            for name in ("src", "href", "srcset", "action"):
                value = attributes.get(name, "")
                assert not OUTSIDE.match(value), (place, tag, value)
                assert not value.startswith(("http", "javascript")), (place, tag, value)
        assert "@import" not in page.raw
        assert "url(" not in "".join(page.styles)
        for svg in page.drawings:
            assert not re.search(r"href|url\((?!#hatch\))|@import", svg), place


def test_the_policy_allows_only_what_is_in_the_page(pages: dict[str, Page]) -> None:
    for place, page in pages.items():
        policy = next(
            meta["content"]
            for meta in page.every("meta")
            if meta.get("http-equiv") == "Content-Security-Policy"
        )
        assert policy.startswith("default-src 'none'; img-src data:; style-src 'sha256-")
        assert "unsafe" not in policy
        assert "http" not in policy
        for source in page.styles + page.scripts:
            digest = base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()
            assert f"'sha256-{digest}'" in policy, place
        assert not [1 for _, attributes in page.elements if "style" in attributes]


def test_links_resolve(site: Path, pages: dict[str, Page]) -> None:
    for place, page in pages.items():
        for link in page.every("a"):
            target, _, fragment = link["href"].partition("#")
            file = ((site / place).parent / target if target else site / place).resolve()
            assert file.is_relative_to(site.resolve()), (place, link)
            assert file.is_file(), (place, link)
            if fragment:
                target = file.relative_to(site.resolve()).as_posix()
                assert fragment in pages[target].ids, (place, link)


def test_titles_headings_language_and_ids(pages: dict[str, Page]) -> None:
    titles = [re.search(r"<title>(.*)</title>", page.raw) for page in pages.values()]
    texts = [title.group(1) for title in titles if title]
    assert len(set(texts)) == len(pages)
    for place, page in pages.items():
        assert page.every("html") == [{"lang": "en-GB"}]
        assert page.headings[0] == 1, place
        assert page.headings.count(1) == 1, place
        steps = zip(page.headings, page.headings[1:], strict=False)
        assert all(after <= before + 1 for before, after in steps), place
        assert len(set(page.ids)) == len(page.ids), place
        titled = next(text for text in page.texts if text.strip())
        assert 0 < len(titled) <= 70, (place, titled)


def test_tables_stand_in_regions_that_the_keyboard_reaches(pages: dict[str, Page]) -> None:
    for place, page in pages.items():
        regions = [a for a in page.every("section") if "scroll" in a.get("class", "").split()]
        assert len(regions) == len(page.every("table")), place
        for region in regions:
            assert region["tabindex"] == "0"
            assert region["aria-labelledby"] in page.ids


def test_suppressed_figures_show_their_code_and_no_number(
    build: Path, pages: dict[str, Page]
) -> None:
    with duckdb.connect(str(build / "published.duckdb"), read_only=True) as connection:
        hidden = connection.execute(
            "select distinct request_id from outcomes "
            "where analysis_id = 'site_a' and code = 'c' and measure = 'rate'"
        ).fetchall()
    assert len(hidden) >= 2
    for (request_id,) in hidden:
        page = pages[f"annex/{request_id}.html"]
        rows = [row for row in page.rows if row and row[0].strip().endswith("(site A)")]
        assert len(rows) >= 3
        for row in rows[:2]:  # of the charts of rate and frequency
            assert [CODE.fullmatch(cell.strip()) is not None for cell in row[2:]] == [True] * 3
        drawn = [words for words in map(words_of, page.drawings) if "not shown [c]" in words]
        assert len(drawn) >= 2


def test_a_withheld_measure_has_codes_alone(pages: dict[str, Page]) -> None:
    page = pages["annex/foundation.html"]
    rows = [row for row in page.rows if row and "First re-offence indictable" in row[0]]
    assert len(rows) >= 2
    for row in rows:
        assert not [cell for cell in row[1:] if re.search(r"\d", cell)], row


def test_a_month_that_is_hidden_is_no_point_of_the_curve(pages: dict[str, Page]) -> None:
    page = pages["annex/foundation.html"]
    row = next(row for row in page.rows if row and row[0].strip() == "1" and len(row) == 5)
    assert [cell.strip() for cell in row[1:3]] == ["[c]", "[c]"]
    curve = next(svg for svg in page.drawings if "People who have not re-offended (%)" in svg)
    solid = re.findall(r'<path d="M([^"]*)" fill="none" stroke="#12436D"', curve)
    assert max(line.count("L") for line in solid) + 1 == 12


def test_drafts_say_so_and_no_other_page_does(pages: dict[str, Page]) -> None:
    for request in requests_of():
        page = pages[f"requests/{request.request_id}.html"]
        is_draft = request.status in ("analysed", "in_review")
        assert ("Draft, not for publication" in page.text) == is_draft
        assert ("watermark" in [a.get("class") for a in page.every("p")]) == is_draft


@pytest.mark.parametrize(("is_synthetic", "banner"), [("true", EXACT), ("false", EXACT_REAL)])
def test_every_page_says_that_control_is_off(
    tmp_path: Path, is_synthetic: str, banner: str
) -> None:
    write_published(tmp_path / "published.duckdb", 2, disclosure_control=False)
    with duckdb.connect(str(tmp_path / "published.duckdb")) as connection:
        connection.execute(
            "update method_settings set value = ? where setting = 'is_synthetic'", [is_synthetic]
        )
    write_site(tmp_path / "published.duckdb", tmp_path / "site")
    for page in pages_of(tmp_path / "site").values():
        assert banner in page.text


def test_every_page_says_that_control_is_below_its_floor(tmp_path: Path) -> None:
    write_published(tmp_path / "published.duckdb", 2)
    with duckdb.connect(str(tmp_path / "published.duckdb")) as connection:
        connection.execute(
            "update method_settings set value = 'minimum_analysed, disclosure_small_count' "
            "where setting = 'settings_below_floor'"
        )
    write_site(tmp_path / "published.duckdb", tmp_path / "site")
    for page in pages_of(tmp_path / "site").values():
        assert EXACT in page.text


def test_no_page_says_so_when_control_is_on(pages: dict[str, Page]) -> None:
    assert not [1 for page in pages.values() if "exact small numbers" in page.text]


def test_the_index_groups_requests_by_their_result(build: Path, pages: dict[str, Page]) -> None:
    with duckdb.connect(str(build / "published.duckdb"), read_only=True) as connection:
        found = dict(
            connection.execute(
                "select coalesce(conclusion, 'withheld'), count(*) from requests "
                "left join outcomes on requests.request_id = outcomes.request_id "
                "and analysis_id = 'headline' and measure = 'rate' group by all"
            ).fetchall()
        )
    page = pages["index.html"]
    for heading, conclusion in (
        ("Re-offending was lower", "decrease"),
        ("Re-offending was higher", "increase"),
        ("Cannot tell", "inconclusive"),
        ("No result", "withheld"),
        ("Not reliable", "not_reliable"),
    ):
        assert f"{heading} ({found[conclusion]})" in page.text
    assert len([a for a in page.every("li") if a.get("class") == "result"]) == sum(found.values())
    needs = [a["data-need"] for a in page.every("li") if "data-need" in a]
    offered = {option["value"] for option in page.every("option")}
    assert set(needs) <= offered


def test_a_report_answers_what_is_asked_first(pages: dict[str, Page]) -> None:
    for request in requests_of():
        page = pages[f"requests/{request.request_id}.html"]
        facts = [a["data-fact"] for _, a in page.elements if "data-fact" in a]
        assert facts == ["happened", "people", "compared", "sure", "years", "ask"]
        assert "justice-data-lab@example.org" in page.text
        assert "31 December 2012" in page.text
        has_quote = "To quote" in page.text
        assert has_quote == (request.analysed_n is not None), request.request_id
        if request.analysed_n:
            assert f"{request.analysed_n:,} people" in page.text
            assert "Started 2006 to 2010" in page.text
            assert page.text.count("95% interval") >= 2
        assert ("Release 2014-01, 31 January 2014" in page.text) == (request.status == "published")


def test_a_report_has_the_waterfall_in_five_lines(pages: dict[str, Page]) -> None:
    for request in requests_of():
        rows = [row for row in pages[f"requests/{request.request_id}.html"].rows if row[1:]]
        assert len(rows) == 6, request.request_id
        assert rows[1][1].strip() == f"{request.submitted_n:,}"
        assert rows[5][1].strip() == f"{request.analysed_n or 0:,}"


def test_a_request_without_a_result_says_why_and_what_to_do(pages: dict[str, Page]) -> None:
    for request_id, advice in (
        ("riverside_arts", "send the request again when there are more"),
        ("harbour_lettings", "See at which step most were left out"),
    ):
        page = pages[f"requests/{request_id}.html"]
        assert "could not be answered" in page.text
        assert advice in page.text


def test_every_code_is_explained_where_it_stands(pages: dict[str, Page]) -> None:
    explained = 0
    for place, page in pages.items():
        shown = {match for row in page.rows for cell in row for match in CODE.findall(cell)}
        notes = [a for a in page.every("p") if a.get("class") == "note codes"]
        text = " ".join(page.text.split())
        for code in shown:
            assert f"[{code}] " in text, (place, code)
        explained += len(notes)
        assert bool(notes) or not shown or place == "method.html", place
    assert explained > 20


def test_checks_are_a_summary_with_their_csv(
    build: Path, site: Path, pages: dict[str, Page]
) -> None:
    with duckdb.connect(str(build / "published.duckdb"), read_only=True) as connection:
        logged = connection.execute("select count(*) from quality_log").fetchall()[0][0]
    page = pages["method.html"]
    rows = [[cell.strip() for cell in row] for row in page.rows if len(row) == 4]
    kinds = [row for row in rows if row[0] in ("test", "model")]
    assert sum(int(row[1]) for row in kinds) == logged
    assert all(int(row[1]) == int(row[2]) + int(row[3]) for row in kinds)
    assert ["Every police force has a region", "warn"] in [
        [cell.strip() for cell in row] for row in page.rows
    ]
    assert "downloads/csv/quality_log.csv" in [link["href"] for link in page.every("a")]
    text = (site / "downloads" / "csv" / "quality_log.csv").read_text("utf-8")
    assert len(text.splitlines()) == logged + 1


def test_the_method_is_told_with_the_settings_of_the_build(pages: dict[str, Page]) -> None:
    text = pages["method.html"].text
    assert "A request needs at least 60 people" in text
    assert "At least 30 people must be left" in text
    assert "{" not in text


def test_figures_are_numbered_once(pages: dict[str, Page]) -> None:
    for place, page in pages.items():
        numbers = re.findall(r"<h3>Figure (\d+)\. ", page.raw)
        assert numbers == [str(number) for number in range(1, len(numbers) + 1)], place
    assert len(re.findall(r"<h3>Figure", pages["index.html"].raw)) >= 6


def test_no_label_of_a_chart_is_cut(pages: dict[str, Page]) -> None:
    svg = next(
        svg
        for svg in pages["annex/foundation.html"].drawings
        if 'width="300"' in svg[:200] and "The headline" in " ".join(words_of(svg))
    )
    assert not [words for words in words_of(svg) if words.endswith("…")]


def test_the_narrow_drawing_fits_a_small_screen(pages: dict[str, Page]) -> None:
    for page in pages.values():
        for source in page.every("source"):
            assert int(source["width"]) <= 300
            assert 'width="300"' in drawing(source["srcset"])[:200]


def test_the_year_before_is_said_alike_or_not_or_not_shown(
    build: Path, pages: dict[str, Page]
) -> None:
    with duckdb.connect(str(build / "published.duckdb"), read_only=True) as connection:
        rows = connection.execute("select request_id, passes from pre_service_check").fetchall()
    words = {
        True: "In the year before, the two groups offended alike (27% against 26%).",
        False: "In the year before, the two groups did not offend alike (35% against 26%).",
        None: "How the two groups offended in the year before cannot be shown [c].",
    }
    assert {passes for _, passes in rows} == set(words)
    for request_id, passes in rows:
        assert words[passes] in pages[f"annex/{request_id}.html"].text


def test_the_annex_shows_the_whole_target_trial_card(build: Path, pages: dict[str, Page]) -> None:
    with duckdb.connect(str(build / "published.duckdb"), read_only=True) as connection:
        cards = connection.execute(
            "select request_id, item, component, target, emulation from target_trial"
        ).fetchall()
    assert {row[0] for row in cards} > {"foundation", "castlemere"}
    for request_id, item, component, target, emulation in cards:
        rows = [row for row in pages[f"annex/{request_id}.html"].rows if len(row) == 4]
        assert [f"{item}. {component}", target, " ".join(said(emulation).split())] in [
            [" ".join(cell.split()) for cell in row[:3]] for row in rows
        ]
    assert "The trial that this stands in for" not in pages["annex/riverside_arts.html"].text


def test_a_failed_gate_is_said_first_with_who_may_override_it(pages: dict[str, Page]) -> None:
    report, annex = (pages[f"{folder}/hostile_7.html"].text for folder in ("requests", "annex"))
    failure = (
        "Not reliable: too few of the people treated are like people who are not. Only the lab's "
        "analysts can override this, by a row override_gate with its reason in the analysis plan "
        "of this request."
    )
    assert f"Not reliable {failure} Of every 100 people who received the service, 51" in report
    assert "Not at all: " in report
    assert "(95% interval), but the groups failed a check" in report
    assert "cannot say what the service changes: the two groups failed a check" in report
    assert failure in annex
    assert (
        "Treated people who could as easily have been in the other group 31% at least 35% Failed"
        in annex
    )


def test_an_overridden_gate_is_said_first_and_concluded(pages: dict[str, Page]) -> None:
    report, annex = (pages[f"{folder}/castlemere.html"].text for folder in ("requests", "annex"))
    overridden = (
        "Failed, and overridden by the lab: the two groups still differ in a recorded "
        "characteristic. Of every 100 people who received the service"
    )
    assert f"Re-offending was lower {overridden}" in report
    assert "12.4% at most 10% Failed, overridden by the lab" in annex


def test_gates_that_pass_or_are_not_shown_say_so(pages: dict[str, Page]) -> None:
    passed = "The two groups passed every check that comes before results"
    assert passed in pages["annex/foundation.html"].text
    assert "0.94 0.5 to 2 Passed" in pages["annex/foundation.html"].text
    assert passed not in pages["annex/straight_line.html"].text
    assert "[c] at least 35% [c]" in pages["annex/straight_line.html"].text


def test_two_services_together_have_an_average_and_no_interval(
    build: Path, pages: dict[str, Page]
) -> None:
    with duckdb.connect(str(build / "published.duckdb"), read_only=True) as connection:
        pairs = connection.execute("select count(*) from meta_analysis where requests_n = 2")
        assert pairs.fetchall()[0][0] >= 2
    page = pages["index.html"]
    rows = [row for row in page.rows if len(row) == 8 and row[1].strip() == "2"]
    assert len(rows) >= 2
    for row in rows:
        assert row[2].strip().endswith(" ([z])"), row
        assert row[3].strip() == "[z]"
    drawn = [text for svg in page.drawings for text in words_of(svg)]
    assert any("no interval" in text for text in drawn)


def test_a_headline_stands_against_other_services_where_there_are_ten(
    build: Path, pages: dict[str, Page]
) -> None:
    column = "95% interval against other services' results"
    annex = pages["annex/castlemere.html"]
    # of the main analysis and of no further one
    assert annex.texts.count(column) == 1
    with duckdb.connect(str(build / "published.duckdb"), read_only=True) as connection:
        (lower, upper, p_value) = (
            connection.execute(
                "select calibrated_lower, calibrated_upper, calibrated_p_value from main.outcomes "
                "where request_id = 'castlemere' and analysis_id = 'headline' and measure = 'rate'"
            ).fetchone()
            or (None,) * 3
        )
    assert range_text(lower, upper) in annex.texts
    assert p_text(p_value) in annex.texts


def test_the_placebo_is_said_in_the_annex_and_stands_in_a_table(pages: dict[str, Page]) -> None:
    annex = pages["annex/castlemere.html"]
    said_once = (
        "200 groups of people like these, none of whom received the service, were compared in the "
        "same way. On average the method found a difference of 0.1 percentage points (standard "
        "error 0.2) where there is none, and called 4.5% of them more than chance; 5% is what "
        "chance allows."
    )
    assert annex.text.count(said_once) == 1
    assert "4.5 (2.4 to 8.3)" in annex.texts
    assert f"{MINUS}0.004 (0.005)" in annex.texts
    assert said_once not in pages["annex/riverside_arts.html"].text
