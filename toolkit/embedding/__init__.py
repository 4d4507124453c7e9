"""Text to vectors: the bundled static model, any sentence-transformers name, the cache."""

from toolkit.embedding.embedding import embed, embed_texts

__all__ = [
    "embed",
    "embed_texts",
]
