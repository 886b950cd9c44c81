"""Surveys: files in and out, the forms an answer may take, the lexicon of verbal probabilities, and the store.

Nothing here knows the network: whether a question's query makes sense is asked of a `vocabulary.QueryVocabulary`.
Reading is by small steps, each of which notes what it finds wrong in a `findings.Place` and carries on, so that one
`InputError` can name every problem of a survey at once.
"""
