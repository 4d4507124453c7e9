"""Vectors of texts: the bundled static model, sentence-transformers models by name, the cache."""

from toolkit.embedding.embedding import embed, embed_texts

__all__ = [
    "embed",
    "embed_texts",
]
