"""Every sentence a reader sees that neither the material nor a model wrote."""

NAME = "The Keep it Local assistant"

WHAT_IT_IS = (
    "Answers questions about community commissioning from Locality’s Keep it Local material, "
    "and shows for every sentence the words it rests on."
)

WHAT_IT_IS_NOT = (
    "It is not legal advice and does not speak for Locality. Check a source before you quote it: "
    "most of the texts here are digests of longer originals."
)
