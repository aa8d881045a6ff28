"""Optional machine models: a language model, sentence embeddings, entailment. Off unless the operator sets them up."""
