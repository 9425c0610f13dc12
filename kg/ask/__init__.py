"""Understand a question as people ask it.

Data flow, one module each: ``text`` (words, numbers), ``amounts`` (doses and times), ``lexicon`` (all names), ``mentions`` (the names that count),
``tagged`` (what is asked and what is told), ``readings`` (which question), ``roles`` and ``scopes`` (what belongs to what), ``understand``.
The words themselves are documents: ``ontology/asking``.
"""
