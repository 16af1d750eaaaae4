"""Computed traits: formulas over events, kept right for everybody as things happen."""

from fanwheel.cdp.computed.errors import BadFormulaError
from fanwheel.cdp.computed.formula import Formula, formula_json, type_of
from fanwheel.cdp.computed.reading import read_formula
from fanwheel.cdp.computed.service import list_states, put, retire
from fanwheel.cdp.computed.templates import TEMPLATES, Template

__all__ = [
    "TEMPLATES",
    "BadFormulaError",
    "Formula",
    "Template",
    "formula_json",
    "list_states",
    "put",
    "read_formula",
    "retire",
    "type_of",
]
