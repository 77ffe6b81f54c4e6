from serving.web.words import words
from tests.serving.web.visiting import said, visitor, with_people


def test_alerts_are_filtered_by_urgency_and_cause():
    store = with_people().store
    for severity in ("high", "medium", "low"):
        found = store.alerts(severity)
        answer = visitor().get("/alerts", severity=severity)
        assert answer.text.count('class="tag severity-') == len(found.items[:25])
        assert 'aria-current="true"' in answer.text


def test_an_alert_says_what_changed_and_why():
    row = with_people().store.alerts().items[0]
    text = " ".join(said(visitor().get("/alerts")).split())
    assert " ".join(row.sentence_fr.split()) in text
    assert row.name in text


def test_an_alert_is_seen_and_taken_on_by_who_may_and_found_by_that():
    people, analyst = with_people(), visitor("analyst")
    row = people.store.alerts().items[0]
    for change in ("seen", "take"):
        sent = analyst.post("/alerts?seen=no", customer=row.customer_id, change=change)
        assert sent.status_code == 303
        assert sent.headers["location"] == "/alerts?seen=no"
    text = said(analyst.get("/alerts", seen="yes"))
    assert "Vue par dominique le" in text
    assert "Suivie par dominique" in text
    assert row.name not in said(analyst.get("/alerts", seen="no"))
    table = analyst.get("/exports/alerts.csv", seen="yes").text
    assert table.count("dominique") == 2
    entries = [one for one in people.store.audit().items if one.customer_id == row.customer_id]
    assert [one.action for one in entries[:2]] == ["assignment", "review"]
    assert visitor("sales").post("/alerts", customer=row.customer_id, change="seen").status_code == 403


def test_no_alert_says_when_one_appears():
    assert "Rien de notable" in said(visitor().get("/alerts", cause="policy"))


def test_the_worklist_ranks_by_euros_to_save_with_the_tone():
    row = with_people().store.worklist().items[0]
    text = " ".join(said(visitor().get("/worklist")).split())
    assert text.index(row.name) > 0
    assert words("fr")(f"tone.{row.tone}") in text
    assert all(invoice["invoice_id"] in text for invoice in row.line["invoices"])


def test_the_worklist_is_filtered_by_tone():
    total = with_people().store.worklist("firm").total
    assert visitor().get("/worklist", tone="firm").text.count('class="tag tone-firm"') == min(total, 25)


def test_the_portfolio_shows_what_the_night_published():
    document = with_people().store.portfolio()
    text = said(visitor().get("/portfolio"))
    assert document["top_exposures"][0]["name"] in text
    assert "DSO" in text
    assert "Équivaut à" in text
