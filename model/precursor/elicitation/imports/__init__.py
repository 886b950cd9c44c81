"""From what a survey tool, or the people themselves, hand back to a survey.

Three steps: a file becomes a `grid.Grid` of texts, whatever it was; its header rows name the `columns`; a
`mapping.Mapping` says what each column is.  Two layouts: *wide*, one row a person, as survey tools export; and
*filled*, one row a question, as `precursor template` writes.  Units are stated by the mapping, or recognised where
only one reading is possible, else asked for: no number is ever guessed at.  Every problem is noted at the file, row
and column of the export.
"""
