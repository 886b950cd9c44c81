ANSWERS = "expert,question,form,answer\nada,deceptive,point,2%\nbob,deceptive,point,3%\n"


def test_attributes_persons_and_blank_cells(write, load):
    experts = "expert,camp,person\nada,sceptics,ada_l\nbob,,\ncarl,concerned,\n"
    survey = load(write(responses__csv=ANSWERS, experts__csv=experts))
    assert survey.experts == {"ada": {"camp": "sceptics", "person": "ada_l"}, "bob": {}, "carl": {"camp": "concerned"}}
    assert [judgement.person for judgement in survey.judgements] == ["ada_l", "made_up/bob"]
    assert survey.answering == ("ada", "bob")


def test_without_the_file_experts_are_those_who_answer(write, load):
    survey = load(write(responses__csv=ANSWERS))
    assert survey.experts == {"ada": {}, "bob": {}}
    assert not survey.warnings


def test_a_stranger_is_warned_about_once(write, load):
    answers = f"{ANSWERS}bob,deceptive,bound,<4%\n"
    survey = load(write(responses__csv=answers, experts__csv="expert,camp\nada,x\nbobby,y\n"))
    (warning,) = survey.warnings
    assert (warning.file, warning.row, warning.column, warning.allowed) == ("responses.csv", 3, "expert", "bobby")
    assert survey.experts["bob"] == {}


def test_an_expert_is_listed_once_and_by_name(write, refused):
    folder = write(responses__csv=ANSWERS, experts__csv="expert,camp\nada,x\n,y\nbob,z\nada,w\n")
    assert refused(folder) == [("experts.csv", 3, "expert"), ("experts.csv", 5, "expert")]


def test_the_column_of_names_is_needed(write, refused):
    assert refused(write(responses__csv=ANSWERS, experts__csv="name,camp\nada,x\n")) == [("experts.csv", 1, "expert")]
