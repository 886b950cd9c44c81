"""A sound input for every parser: what is then damaged."""

from __future__ import annotations

import io

from tests.survey_header import header

HEADER = header("made_up", "delphi")
RESPONSES = """expert,question,form,answer,round,comment
ada,is_deceptive,point,2%,1,why not
bob,is_deceptive,bound,<10%,1,
cy,is_deceptive,quantiles,5%: 0.001; 50%: 0.02; 95%: 0.2,1,
cy,is_deceptive,verbal,very unlikely,2,"a, b"
dan,is_deceptive,chips,0-0.1: 5; 0.1-0.2: 3,1,
dan,which_outcome,distribution,deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%,1,
eve,which_order,ranking,goal_directed < long_term_goals = base_goal_understood,1,
eve,shot,likelihood_ratio,2 to 6,1,
"""
EXPERTS = "expert,camp,person\nada,skeptical,p1\nbob,concerned,\ncy,,\ndan,,\neve,,\n"
SUMMARIES = "group,question,n,median,q25,q75\neveryone,is_deceptive,400,5%,1%,20%\n"
QUESTIONS = """[[question]]
id = "is_deceptive"
wording = "How probable is it that the model is deceptive?"
query = "P(model_outcome=deceptive | tai_by_2100=yes)"
forms = ["point", "quantiles", "bound", "verbal", "chips"]
offset = "without_a_date"

[[question]]
id = "which_outcome"
wording = "How does the model end up?"
query = "P(model_outcome | tai_by_2100=yes)"
forms = ["distribution"]

[[question]]
id = "which_order"
wording = "In which order are these acquired?"
query = "order(goal_directed, long_term_goals, base_goal_understood)"
forms = ["ranking"]

[[question]]
id = "shot"
wording = "How much likelier is a shot?"
query = "LR(loud_shot=yes : model_outcome=deceptive)"
forms = ["likelihood_ratio"]

[[question]]
id = "people_who_came"
wording = "How many came?"
forms = ["quantiles"]
seed = true
realised = 312.5
unit = "people"
scale = "log"

[[offset]]
id = "without_a_date"
mean = 0.3
sd = 0.3
reason = "Asked without a date."
"""
INDICATORS = """[[indicator]]
id = "loud_shot"
wording = "An AI system does public harm."
about = "model_outcome=deceptive"
source = "made up"
"""
LEXICON = "phrase,low,median,high,reason\nvery unlikely,1%,5%,20%,made up\n"
ANSWERS = {
    "point": ["2%", "1 in 50", "49:1 against", "1e-9", "~2%", "1/50", "0.02"],
    "bound": ["<1%", "<=1%", ">0.9"],
    "quantiles": ["5%: 0.001; 50%: 0.02; 95%: 0.2"],
    "verbal": ["very unlikely"],
    "ranking": ["base_goal_understood < goal_directed < long_term_goals = situationally_aware"],
    "distribution": ["deceptive: 10%; proxy: 30%; base_goal: 55%; not_goal_directed: 5%"],
    "chips": ["0-0.1: 5; 0.1-0.2: 3; 0.2-0.5: 2"],
    "likelihood_ratio": ["3", "~3", "1/4", "2 to 6", ">1", "<1/3"],
}
SCENARIO = """name = "mine"
[parameters]
guard = 0.1
p_deceptive_defection = 0.5
[parameters.emergence.pretraining]
goal_directed = 0.2
[parameters.p_oversight_contains]
strong = 0.5
[regime]
prosaic_paradigm = "yes"
"""
QUERIES = [
    "P(model_outcome=deceptive | prosaic_paradigm=yes, do(governance=strong))",
    'P("Disease"="Asy/Patch", a < b | c@deployment=yes)',
    "order(goal_directed, base_goal_understood, long_term_goals)",
    "E(correction_window | differential_adversarial_examples=present)",
    "LR(warning_shot=yes : model_outcome=deceptive | tai_by_2100=yes)",
    "parameter(hr_long_term_goals_given_awareness.x)",
]
BIF = """network made { }
variable a { type discrete [ 2 ] { yes, no }; property x = 1 ; }
variable "b c" { type discrete [ 3 ] { r, s, t }; }
probability ( a ) { table 0.2, 0.8; }
probability ( "b c" | a ) { (yes) 0.1, 0.2, 0.7; (no) 0.3, 0.3, 0.4; }
"""
XMLBIF = """<?xml version="1.0"?>
<BIF VERSION="0.3"><NETWORK><NAME>made</NAME>
<VARIABLE TYPE="nature"><NAME>a</NAME><OUTCOME>yes</OUTCOME><OUTCOME>no</OUTCOME></VARIABLE>
<VARIABLE TYPE="nature"><NAME>b</NAME><OUTCOME>r</OUTCOME><OUTCOME>s</OUTCOME></VARIABLE>
<DEFINITION><FOR>a</FOR><TABLE>0.2 0.8</TABLE></DEFINITION>
<DEFINITION><FOR>b</FOR><GIVEN>a</GIVEN><TABLE>0.1 0.9 0.3 0.7</TABLE></DEFINITION>
</NETWORK></BIF>
"""
XDSL = """<?xml version="1.0" encoding="UTF-8"?>
<smile version="1.0" id="made" numsamples="1000"><nodes>
<cpt id="a"><state id="yes"/><state id="no"/><probabilities>0.2 0.8</probabilities></cpt>
<cpt id="b"><state id="r"/><state id="s"/><parents>a</parents><probabilities>0.1 0.9 0.3 0.7</probabilities></cpt>
</nodes></smile>
"""
EXPORT = 'Timestamp,id,deceptive,outcome[deceptive],order[1],deceptive (%)\n1,ada,5%,10,"a, b",2\n2,bob,<1%,1-Feb,,3\n'
MAPPING = """layout = "wide"
decimal_comma = false
undecided = []
ignore = ["Timestamp", "outcome[deceptive]", "order[1]", "deceptive (%)"]
declined = ["-"]
drop_rows = [3]
[survey]
title = "A survey"
population = "people"
protocol = "single_round"
elicited = "2026"
source = "made up"
licence = "CC0"
synthetic = true
fit_by_default = false
[expert]
column = "id"
pseudonyms = true
[[answer]]
question = "deceptive"
form = ["point", "bound"]
column = "deceptive"
"""
DTT = """* CLASS ASCII OUTPUT FILE. NQ=   3   QU=   5  50  95
    1     A. B    1 % of items  1 UNI  1.00000E+00  2.00000E+00  3.00000E+00 How much, in 2008?
    1     A. B    2       log dose LOG  1.00000E+01  2.00000E+01  3.00000E+01
    2        C    1 % of items  1 UNI -9.99600E+02 -9.99600E+02 -9.99600E+02
    2        C    2       log dose LOG  1.00000E+00  2.00000E+00  3.00000E+00
"""
RLS = """    1 % of items  1  2.20000E+00 UNI
    2       log dose  2.50000E+01 LOG
"""
FORECASTS = "question,expert,forecast,round,element\nq1,ada,0.2,1,best\nq1,bob,40%,1,best\nq2,ada,0.9,1,best\n"
OUTCOMES = "question,outcome,topic\nq1,0,a\nq2,1,b\nq3,,b\n"


def workbook() -> bytes:
    """Return a workbook with an export in it."""
    import openpyxl

    book = openpyxl.Workbook()
    for record in EXPORT.splitlines():
        book.active.append(record.split(","))
    book.active.append(["=1+1", "eve", "7%", True])
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()
