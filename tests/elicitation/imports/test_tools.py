"""What each survey tool exports, drafted without help and imported."""

import io
from dataclasses import replace

import openpyxl
import pytest

from precursor.elicitation.imports.columns import Column
from precursor.elicitation.imports.matching import Matcher

LIMESURVEY = """\ufeff"id","submitdate","lastpage","startlanguage","seed","ipaddr","camp","deceptive",\
"deceptive[comment]","outcome[deceptive]","outcome[proxy]","outcome[basegoal]","outcome[notgoaldirected]","order[1]","order[2]","order[3]",\
"groupTime12"
"1","2026-03-01 10:00:00","3","en","77","192.168.0.1","sceptic","40","a, comment","10","30","55","5",\
"goal_directed","long_term_goals","base_goal_understood","12.3"
"2","","1","en","78","192.168.0.2","concerned","N/A","","","","","","goal_directed","base_goal_understood","","8.1"
"""
QUALTRICS = """StartDate,Status,IPAddress,Finished,ResponseId,RecipientEmail,Q1,Q2_5,Q2_50,Q2_95,Q3
Start Date,Response Type,IP Address,Finished,Response ID,Recipient Email,\
How probable is it that the model ends up deceptive?,How many came? - 5%,How many came? - 50%,How many came? - 95%,\
"In which order are these acquired? "
"{""ImportId"":""startDate""}","{""ImportId"":""status""}","{""ImportId"":""ipAddress""}",\
"{""ImportId"":""finished""}","{""ImportId"":""_recordId""}","{""ImportId"":""recipientEmail""}",\
"{""ImportId"":""QID1_TEXT""}","{""ImportId"":""QID2_1""}","{""ImportId"":""QID2_2""}","{""ImportId"":""QID2_3""}",\
"{""ImportId"":""QID3""}"
2026-01-02 10:00:00,Survey Preview,10.0.0.1,True,R_0,,40,1,2,3,
2026-01-03 10:00:00,IP Address,10.0.0.2,True,R_1,ada@example.org,0.02,100,200,400,goal_directed < long_term_goals
2026-01-05 10:00:00,IP Address,10.0.0.3,False,R_2,bob@example.org,<0.01,50,80,,
"""
GOOGLE = """Timestamp,Email Address,How probable is it that the model ends up deceptive?,\
How does the model end up? [deceptive],How does the model end up? [proxy],How does the model end up? [base_goal],\
How does the model end up? [not_goal_directed]
3/1/2026 10:00:00,ada@example.org,very unlikely,10%,30%,55%,5%
3/2/2026 11:00:00,bob@example.org,Likely,25%,25%,25%,25%
"""


def test_limesurvey(desk, answers):
    export = desk.write("results.csv", LIMESURVEY)
    draft = desk.draft(export)
    assert draft.undecided == ()
    made = desk.run(export)
    assert answers(made.survey) == [
        ("1", "deceptive", "point", "40%"),
        ("1", "outcome", "distribution", "deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%"),
        ("1", "order", "ranking", "goal_directed < long_term_goals < base_goal_understood"),
        ("2", "order", "ranking", "goal_directed < base_goal_understood"),
    ]
    assert made.survey.judgements[0].comment == "a, comment"
    assert made.survey.experts["2"] == {"camp": "concerned"}
    assert "192.168" not in (made.survey.folder / "responses.csv").read_text()
    assert made.survey.elicited == "2026-03-01"
    (how,) = (note.partition("leave them out: ")[2] for note in draft.notes if "not submitted" in note)
    desk.draft(export, **{"[drop]  #": f"{how.replace('] ', ']\n', 1)}\n#"})
    assert answers(desk.run(export, out="submitted").survey) == answers(made.survey)[:3]


def test_qualtrics(desk, answers):
    export = desk.write("qualtrics.csv", QUALTRICS)
    draft = desk.draft(export)
    assert draft.undecided == ()
    assert draft.mapping.header_rows == 3
    assert draft.mapping.drop == {"Status": ("Survey Preview",)}
    made = desk.run(export)
    assert answers(made.survey) == [
        ("R_1", "deceptive", "point", "0.02"),
        ("R_1", "turnout", "quantiles", "5%: 100; 50%: 200; 95%: 400"),
        ("R_1", "order", "ranking", "goal_directed < long_term_goals"),
        ("R_2", "deceptive", "bound", "<0.01"),
        ("R_2", "turnout", "quantiles", "5%: 50; 50%: 80"),
    ]
    everything = "".join(path.read_text() for path in made.survey.folder.iterdir())
    assert "example.org" not in everything
    assert "10.0.0" not in everything


def test_google_forms(desk, answers):
    export = desk.write("forms.csv", GOOGLE)
    draft = desk.draft(export)
    assert draft.undecided == ()
    assert draft.mapping.people.pseudonyms
    made = desk.run(export)
    assert answers(made.survey) == [
        ("p1", "deceptive", "verbal", "very unlikely"),
        ("p1", "outcome", "distribution", "deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%"),
        ("p2", "deceptive", "verbal", "Likely"),
        ("p2", "outcome", "distribution", "deceptive: 25%; proxy: 25%; base_goal: 25%; not_goal_directed: 25%"),
    ]


@pytest.mark.parametrize("delimiter", [";", "\t", "|"])
def test_other_delimiters(desk, answers, delimiter):
    text = "expert,deceptive\nada,5%\nbob,\n".replace(",", delimiter)
    export = desk.write("plain.csv", text)
    desk.draft(export)
    assert answers(desk.run(export).survey) == [("ada", "deceptive", "point", "5%")]


def test_commas_in_a_wording_are_no_delimiters(desk, answers):
    export = desk.write("a.csv", "expert;deceptive;What, if anything, do you, as an expert, add?\nada;5%;\n")
    desk.draft(export)
    assert answers(desk.run(export).survey) == [("ada", "deceptive", "point", "5%")]


def test_the_same_in_a_workbook(desk, answers):
    book = openpyxl.Workbook()
    book.active.title = "Data"
    hidden = book.create_sheet("Hidden")
    hidden["A1"], hidden.sheet_state = "not to be read", "hidden"
    rows = [["expert", "deceptive", "hazard", None], ["ada", 0.05, 2.5, None], ["bob", 0.1 + 0.2, 3, None], [None] * 4]
    for row in rows:
        book.active.append(row)
    book.active["B2"].number_format = "0%"
    book.active["B3"].number_format = "0.0%"
    book.active.merge_cells("C1:D1")
    stream = io.BytesIO()
    book.save(stream)
    export = desk.write("plain.xlsx", stream.getvalue())
    desk.draft(export)
    assert answers(desk.run(export).survey) == [
        ("ada", "deceptive", "point", "5%"),
        ("ada", "hazard", "point", "2.5"),
        ("bob", "deceptive", "point", "30%"),
        ("bob", "hazard", "point", "3"),
    ]


def test_codes_without_underscores_wordings_with_html_and_slight_changes(desk):
    wordings = {
        "<p>How does the model <b>end up</b>?</p>": "outcome",
        "warning. How much likelier is a warning shot if the model is deceptive?": "warning",
        "How probable is it that this model ends up deceptive?": "deceptive",
    }
    header = ",".join(f'"{wording}"' for wording in wordings)
    export = desk.write("a.csv", f"expert,{header}\nada,,2,5%\nbob,,3,6%\n")
    draft = desk.draft(export)
    assert {answer.question for answer in draft.mapping.answers} == {"outcome", "warning", "deceptive"}
    assert any("much alike" in note for note in draft.notes)
    assert draft.undecided == ()


@pytest.mark.parametrize(
    "header",
    [
        "order[1],order[2]",
        "order_1,order_2",
        '"order[1]. In which order? [Rank 1]","order[2]. In which order? [Rank 2]"',
        '"In which order are these acquired? [Rank 1]","In which order are these acquired? [Rank 2]"',
        '"In which order are these acquired? - 1","In which order are these acquired? - 2"',
    ],
)
def test_parts_of_a_question(desk, answers, header):
    export = desk.write("a.csv", f"expert,{header}\nada,long_term_goals,goal_directed\n")
    desk.draft(export)
    assert answers(desk.run(export).survey) == [("ada", "order", "ranking", "long_term_goals < goal_directed")]


def test_what_is_cut_short_is_matched_if_it_begins_one_question_only(desk, setting):
    export = desk.write("a.csv", "expert,How probable is it that the model ends...\nada,5%\n")
    draft = desk.draft(export)
    assert [answer.question for answer in draft.mapping.answers] == ["deceptive"]
    assert any("cut short" in note for note in draft.notes)
    question = setting.declared.questions["deceptive"]
    twin = replace(question, id="twin", wording=question.wording.replace("deceptive", "aligned"))
    both = Matcher({"deceptive": question, "twin": twin})
    assert both.match(Column(0, "How probable is it that the model ends...")) is None
    assert both.match(Column(0, question.wording)).question == "deceptive"
    assert both.match(Column(0, twin.wording.replace("the model", "this model"))).question == "twin"


@pytest.mark.parametrize(
    "header",
    ["deceptive (%)", "deceptive [in percent]", "3. How probable is it that the model ends up deceptive? (0-100%)"],
)
def test_a_header_that_says_percent(desk, answers, header):
    export = desk.write("a.csv", f"expert,{header}\nada,1\nbob,0\n")
    desk.draft(export)
    assert [text for *_, text in answers(desk.run(export).survey)] == ["1%", "0%"]
    export = desk.write("b.csv", f"expert,{header}\nada,0.2\nbob,0.3\n")
    draft = desk.draft(export)
    assert draft.mapping.answers[0].unit is None
    assert any("says percent" in note for note in draft.notes)


def test_a_header_without_a_word(desk):
    export = desk.write("a.csv", f"expert,deceptive,{'?' * 20}\nada,5%,x\n")
    assert desk.draft(export).undecided == ("?" * 20,)


def test_a_draft_decides_nothing_that_it_does_not_know(desk):
    export = desk.write("a.csv", "expert,deceptive,shoe size\nada,0.5,42\nbob,40,43\n")
    draft = desk.draft(export)
    assert draft.undecided == ("shoe size",)
    assert any("both 0.5 and 40" in note for note in draft.notes)
    problems = desk.refused(export)
    assert {(p.file, p.column) for p in problems} == {("m.toml", "undecided"), ("a.csv", "deceptive")}


def test_rounds_in_columns_or_rows(desk):
    desk.mapping("""
[expert]
column = "who"
[[answer]]
question = "deceptive"
form = "point"
column = "first"
[[answer]]
question = "deceptive"
form = "point"
column = "second"
round = 2
""")
    made = desk.run(desk.write("a.csv", "who,first,second\nada,5%,6%\n"), out="columns")
    assert [(j.round, j.text) for j in made.survey.judgements] == [(1, "5%"), (2, "6%")]
    desk.mapping("""
[expert]
column = "who"
round = "wave"
[[answer]]
question = "deceptive"
form = "point"
column = "first"
""")
    made = desk.run(desk.write("b.csv", "who,wave,first\nada,1,5%\nada,2,6%\n"), out="rows")
    assert [(j.round, j.text) for j in made.survey.judgements] == [(1, "5%"), (2, "6%")]


def test_ranks_chips_and_labels(desk, answers):
    desk.mapping("""
[expert]
pseudonyms = true
[[answer]]
question = "order"
form = "ranking"
parts = { goal_directed = "g", long_term_goals = "l", base_goal_understood = "b" }
[[answer]]
question = "deceptive"
form = "chips"
parts = { "0-10%" = "low", "10%-50%" = "high" }
[[answer]]
question = "deceptive"
form = "verbal"
column = "v"
labels = { A1 = "very unlikely" }
""")
    made = desk.run(desk.write("a.csv", "g,l,b,low,high,v\n2,1st,2.0,5,,A1\n"))
    assert answers(made.survey) == [
        ("p1", "order", "ranking", "long_term_goals < goal_directed = base_goal_understood"),
        ("p1", "deceptive", "chips", "0-10%: 5"),
        ("p1", "deceptive", "verbal", "very unlikely"),
    ]


def test_units_stated(desk, answers):
    desk.mapping("""
decimal_comma = true
[expert]
column = "who"
[[answer]]
question = "deceptive"
form = ["point", "bound"]
unit = "odds_against"
column = "q"
[[answer]]
question = "hazard"
form = "point"
column = "h"
""")
    made = desk.run(desk.write("a.csv", 'who,q,h\nada,49,"2,5"\nbob,<1%,3\ncem,prefer not to say,\n'))
    assert answers(made.survey) == [
        ("ada", "deceptive", "point", "49:1 against"),
        ("ada", "hazard", "point", "2.5"),
        ("bob", "deceptive", "bound", "<1%"),
        ("bob", "hazard", "point", "3"),
    ]
