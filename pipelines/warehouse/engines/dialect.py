"""Say in the dialect of Spark what ``sql/`` says in that of DuckDB."""

from collections.abc import Mapping

import sqlglot
from sqlglot import exp

#: The parameters of a macro, and what a call of it stands for.
Macro = tuple[tuple[str, ...], exp.Expr]


def parsed(sql: str) -> list[exp.Expr]:
    """Return the statements of a text in the dialect of DuckDB."""
    return [statement for statement in sqlglot.parse(sql, read="duckdb") if statement]


def macro(statement: exp.Expr) -> dict[str, Macro]:
    """Return by its name the macro that a statement creates; nothing if it creates none."""
    if not isinstance(statement, exp.Create) or statement.kind != "MACRO":
        return {}
    return {statement.this.this.name: (tuple(each.name for each in statement.this.expressions), statement.expression)}


def spark_sql(tree: exp.Expr) -> str:
    """Return a query in the dialect of Spark, with every table as a view whose name has no dot.

    Both engines read a number with a point as a decimal, but divide decimals differently; here it becomes a double. A hash is
    of 64 bits on both, so that two texts hardly have the same.
    """
    for table in list(tree.find_all(exp.Table)):
        if table.db:
            table.replace(exp.alias_(exp.to_table(view(f"{table.db}.{table.name}")), table.alias_or_name, table=True))
    for literal in list(tree.find_all(exp.Literal)):
        if literal.is_number and "." in literal.name:
            literal.replace(exp.cast(exp.Literal.string(literal.name), "double"))
    for call in _calls(tree, {"hash"}):
        call.set("this", "xxhash64")
    return tree.sql(dialect="spark", comments=False)


def view(table: str) -> str:
    """Return the name of the view that stands for ``schema.table``."""
    return table.replace(".", "__")


def filled_in(tree: exp.Expr, variables: Mapping[str, object], macros: Mapping[str, Macro]) -> exp.Expr:
    """Return a query with the values of variables, and with what its calls of macros stand for."""
    root = exp.paren(tree)  # so that even a query that is nothing but a call can be replaced
    while calls := _calls(root, {"getvariable", *macros}):
        # The innermost is the last, and what it is given calls no macro any more.
        call = calls[-1]
        if call.name.lower() == "getvariable":
            call.replace(exp.convert(variables[call.expressions[0].name]))
        else:
            call.replace(exp.paren(_meaning(call, *macros[call.name.lower()])))
    return root.this


def _meaning(call: exp.Anonymous, parameters: tuple[str, ...], body: exp.Expr) -> exp.Expr:
    whole = [each if isinstance(each, exp.Column | exp.Paren) else exp.paren(each) for each in call.expressions]
    given = dict(zip(parameters, whole, strict=True))

    def put(node: exp.Expr) -> exp.Expr:
        is_parameter = isinstance(node, exp.Column) and not node.table and node.name in given
        return given[node.name].copy() if is_parameter else node

    return body.copy().transform(put)


def _calls(tree: exp.Expr, names: set[str]) -> list[exp.Anonymous]:
    return [call for call in tree.find_all(exp.Anonymous) if call.name.lower() in names]
