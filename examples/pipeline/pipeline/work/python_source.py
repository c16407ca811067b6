"""Work for Python source: what is defined in it, from its syntax tree."""

import ast
import os
import re
from collections.abc import Iterator
from io import FileIO
from pathlib import Path
from typing import TypeAlias

from pipeline.work.failure import Result, WorkFailed
from pipeline.work.foreign_warning import ignore_warnings_of
from pipeline.work.taken_in import open_taken_in

LARGEST = 1024 * 1024
"""How many bytes of source are parsed at most; the tree of dense source takes four hundred times as much memory."""

_Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
_FUNCTION = (ast.FunctionDef, ast.AsyncFunctionDef)
_DEFINITION = (*_FUNCTION, ast.ClassDef)
_BLOCKS = ("body", "orelse", "handlers", "finalbody", "cases")
_PARSED_NAME = "<python source of a job>"
_PARSED_MODULE = re.compile(f"^{_PARSED_NAME}$")


def python_source(path: Path, sha256: str) -> Result:
    """Count what a Python source file defines, without running any of it.

    Args:
        path: The file.
        sha256: The SHA-256 it was taken in with, in hexadecimal.

    Returns:
        `functions` and `classes` (nested ones and methods too), `docstring_share` (of the module, its functions
        and classes; 0 to 1), `longest_function` (its name, or None), `longest_function_line` (where it begins) and
        `longest_function_length` (in lines).

    Raises:
        WorkFailed: When the file is gone or has changed, is larger than `LARGEST`, or is no valid Python.
    """
    with open_taken_in(path, sha256) as file:
        module = _parse(path, _read(path, file))
    definitions = list(_definitions(module))
    functions = [node for node in definitions if isinstance(node, _FUNCTION)]
    documented = sum(_has_docstring(node) for node in (module, *definitions))
    return {
        "functions": len(functions),
        "classes": len(definitions) - len(functions),
        "docstring_share": round(documented / (len(definitions) + 1), 3),
        **_longest(functions),
    }


def _read(path: Path, file: FileIO) -> bytes:
    size = os.fstat(file.fileno()).st_size
    if size > LARGEST:
        raise WorkFailed(path, f"it has {size:,} bytes of source; {LARGEST:,} are parsed at most")
    return file.read()


def _parse(path: Path, source: bytes) -> ast.Module:
    ignore_warnings_of(_PARSED_MODULE)
    try:
        return ast.parse(source, filename=_PARSED_NAME)
    except SyntaxError as error:
        line = error.lineno or None
        where = f"line {line}: " if line else ""
        raise WorkFailed(path, f"{where}{error.msg}", line) from error
    except ValueError as error:
        raise WorkFailed(path, str(error)) from error
    except (RecursionError, MemoryError) as error:
        raise WorkFailed(path, "it is nested too deeply to be parsed") from error


def _definitions(module: ast.Module) -> Iterator[_Function | ast.ClassDef]:
    """Find all functions and classes by going through statements only: an expression defines none."""
    pending: list[ast.AST] = [module]
    while pending:
        node = pending.pop()
        if isinstance(node, _DEFINITION):
            yield node
        for block in _BLOCKS:
            pending.extend(getattr(node, block, ()))


def _has_docstring(node: ast.Module | _Function | ast.ClassDef) -> bool:
    match node.body:
        case [ast.Expr(value=ast.Constant(value=str())), *_]:
            return True
        case _:
            return False


def _longest(functions: list[_Function]) -> Result:
    longest = max(functions, key=lambda node: (_length(node), -node.lineno), default=None)
    return {
        "longest_function": longest.name if longest else None,
        "longest_function_line": longest.lineno if longest else None,
        "longest_function_length": _length(longest) if longest else 0,
    }


def _length(function: _Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1
