"""The independent checker: does each step of a proof follow from the rule's text and the premises alone?

It shares no code with the engine, the policy or the graph: identifiers are computed anew, rules run in rdflib instead of Oxigraph, and
the decision is taken by the SPARQL of the question's document.
"""

from kg.verify.check import Verified, verify
from kg.verify.trees import verify_tree

__all__ = ["Verified", "verify", "verify_tree"]
