"""Links to the pages of public names, in docstrings and signatures.

`name` in a docstring becomes a link where it names something public, else it is shown as code.
"""

from __future__ import annotations

import importlib
import inspect
import pkgutil
import re
from typing import TYPE_CHECKING, Any

from docutils import nodes
from public_names import full_name, short_names
from sphinx.addnodes import pending_xref
from sphinx.pycode import ModuleAnalyzer

if TYPE_CHECKING:
    from sphinx.application import Sphinx

#: Pages of other packages for the types that our signatures name.
ELSEWHERE = {
    "DataFrame": "https://pandas.pydata.org/docs/reference/api/pandas.DataFrame.html",
    "Series": "https://pandas.pydata.org/docs/reference/api/pandas.Series.html",
    "Timestamp": "https://pandas.pydata.org/docs/reference/api/pandas.Timestamp.html",
    "Axes": "https://matplotlib.org/stable/api/_as_gen/matplotlib.axes.Axes.html",
    "Figure": "https://matplotlib.org/stable/api/_as_gen/matplotlib.figure.Figure.html",
}
#: The parameters of a long signature, one a line.
SIGNATURE = re.compile(r'<dl>\n(<dd><em class="sig-param">.*?)</dl>', re.DOTALL)


def _role(public: dict[str, str]) -> Any:
    def role(
        name: str, rawtext: str, text: str, lineno: int, inliner: Any, options: Any = None,
        content: Any = (),
    ) -> Any:  # fmt: skip
        code = nodes.literal(text, text, classes=["code"])
        full = full_name(text, public)
        if not full:
            return [code], []
        link = pending_xref(
            "", code, refdomain="py", reftype="obj", reftarget=full, refexplicit=True,
            refwarn=False, refdoc=inliner.document.settings.env.docname,
        )  # fmt: skip
        return [link], []

    return role


def _resolve(app: Sphinx, env: Any, node: Any, contnode: Any) -> Any:
    """Resolve names in signatures: ours by their last part, those of others at their sites."""
    if node.get("refdomain") != "py":
        return None
    last = node.get("reftarget", "").rsplit(".", 1)[-1]
    if last in ELSEWHERE:
        return nodes.reference("", "", contnode, refuri=ELSEWHERE[last], internal=False)
    full = app.public_names.get(last)  # type: ignore[attr-defined]
    if not full or full == node["reftarget"]:
        return None
    domain = env.get_domain("py")
    return domain.resolve_xref(env, node["refdoc"], app.builder, "obj", full, node, contnode)


def _skip(app: Sphinx, what: str, name: str, member: Any, skip: bool, options: Any) -> bool | None:
    """Leave out what classes have from pandas, scikit-learn or ipywidgets."""
    function = getattr(member, "fget", None) or getattr(member, "__func__", member)
    module = getattr(inspect.unwrap(function), "__module__", "") or ""
    return None if module.startswith("toolkit") else True


def _data(app: Sphinx, what: str, name: str, value: Any, options: Any, lines: list[str]) -> None:
    """Take what is said of data from the comment `#:` in the module that defines it."""
    if what != "data":
        return
    room = importlib.import_module(name.rpartition(".")[0])
    for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
        comments = ModuleAnalyzer.for_module(module.name).find_attr_docs()
        if found := comments.get(("", name.rpartition(".")[2])):
            lines[:] = found


def _signatures(app: Sphinx, page: str, template: str, context: Any, tree: Any) -> None:
    """Make no lists of definitions out of parameters in lines: they have no terms."""

    def plain(found: re.Match[str]) -> str:
        lines = re.sub(r"<(/?)dd>", r"<\1div>", found[1])
        return f'<div class="sig-params">\n{lines}</div>'

    if "body" in context:
        context["body"] = SIGNATURE.sub(plain, context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    """Add the role and the handler."""
    app.public_names = short_names()  # type: ignore[attr-defined]
    app.add_role("public-name", _role(app.public_names))  # type: ignore[attr-defined]
    app.connect("missing-reference", _resolve)
    app.connect("autodoc-process-docstring", _data)
    app.connect("autodoc-skip-member", _skip)
    app.connect("html-page-context", _signatures)
    return {"parallel_read_safe": True}
