"""How is libclang asked quickly? Cursors and types whose frequent questions are single calls of its C functions.

cindex checks each answer in Python and asks libclang twice for a name: a spelling takes 2.7 µs with it and 1.0 here,
a type 1.3 and 0.4, a referenced declaration 1.4 and 0.4. What a Node is not asked often it answers as cindex does.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from functools import cache

from clang import cindex
from clang.cindex import Cursor, CursorKind, TypeKind

from bpflint.model.errors import FrontEndError

_NULL = 70
"""CXCursor_InvalidFile, the kind of the null cursor (clang-c/Index.h)."""
_EXPRESSIONS, _STATEMENTS = range(100, 200), range(200, 300)
"""CXCursor_FirstExpr, CXCursor_FirstStmt and those behind them (clang-c/Index.h)."""


class _Kinds(dict[int, CursorKind]):
    """Kinds by their number; one that cindex does not name is as one that libclang does not expose."""

    def __missing__(self, number: int) -> CursorKind:
        kind = CursorKind.UNEXPOSED_DECL
        if number in _EXPRESSIONS:
            kind = CursorKind.UNEXPOSED_EXPR
        elif number >= _STATEMENTS.start:
            kind = CursorKind.UNEXPOSED_STMT if number in _STATEMENTS else CursorKind.UNEXPOSED_ATTR
        return self.setdefault(number, kind)


_KINDS = _Kinds({item.value: item for item in CursorKind.get_all_kinds()})
_TYPE_KINDS = {item.value: item for item in TypeKind._kinds if item is not None}


class NodeType(cindex.Type):  # type: ignore[misc]
    """A type of libclang."""

    @property
    def kind(self) -> TypeKind:
        """Its kind; UNEXPOSED for one that cindex does not name."""
        return _TYPE_KINDS.get(self._kind_id, TypeKind.UNEXPOSED)

    @property
    def spelling(self) -> str:
        """The type as clang prints it."""
        return text_of(api().type_spelling(self))

    @property
    def element_type(self) -> NodeType:
        """The type of an array's elements."""
        return _beside(self, api().element(self))

    def get_canonical(self) -> NodeType:
        """Return the type without typedefs."""
        return _beside(self, api().canonical_type(self))

    def get_pointee(self) -> NodeType:
        """Return what a pointer leads to."""
        return _beside(self, api().pointee(self))

    def get_named_type(self) -> NodeType:
        """Return the type behind `struct` or `enum`."""
        return _beside(self, api().named(self))

    def modified(self) -> NodeType:
        """Return the type that an attribute is applied to."""
        return _beside(self, api().modified(self))

    def get_declaration(self) -> Node:
        """Return where the type is declared; a cursor of no declaration for one that is not."""
        found: Node = api().type_declaration(self)
        found._tu = self._tu
        return found


class Node(Cursor):  # type: ignore[misc]
    """A cursor of libclang."""

    @property
    def kind(self) -> CursorKind:
        """Its kind."""
        return _KINDS[self._kind_id]

    @property
    def is_expression(self) -> bool:
        """Whether it is one of an expression's kinds."""
        return self._kind_id in _EXPRESSIONS

    @property
    def spelling(self) -> str:
        """Its name, "" without one."""
        return text_of(api().spelling(self))

    @property
    def type(self) -> NodeType:
        """Its type."""
        return _beside(self, api().type(self))

    @property
    def result_type(self) -> NodeType:
        """What a function returns."""
        return _beside(self, api().result_type(self))

    @property
    def underlying_typedef_type(self) -> NodeType:
        """What a typedef names."""
        return _beside(self, api().underlying(self))

    @property
    def enum_type(self) -> NodeType:
        """The integer type of an enum."""
        return _beside(self, api().enum_type(self))

    @property
    def location(self) -> cindex.SourceLocation:
        """Where its name stands."""
        return api().location(self)

    @property
    def extent(self) -> cindex.SourceRange:
        """All of its text."""
        return api().extent(self)

    @property
    def hash(self) -> int:
        """What tells it from others of its translation unit."""
        return int(api().hash(self))

    @property
    def referenced(self) -> Node | None:
        """The declaration that a reference is to."""
        return self._found(api().referenced(self))

    @property
    def semantic_parent(self) -> Node | None:
        """What a declaration belongs to."""
        return self._found(api().parent(self))

    @property
    def canonical(self) -> Node:
        """The first of a thing's declarations."""
        return self._found(api().canonical(self)) or self

    def get_bitfield_width(self) -> int:
        """Return the bits of a bit-field, -1 for any other member."""
        return int(api().bitfield_width(self))

    def get_definition(self) -> Node | None:
        """Return the definition of a declaration or reference."""
        return self._found(api().definition(self))

    def get_arguments(self) -> list[Node]:
        """Return the arguments of a call, or a function's parameters."""
        count = api().argument_count(self)
        found = [self._found(api().argument(self, number)) for number in range(count)]
        return [item for item in found if item is not None]

    def get_children(self) -> Iterator[Node]:
        """Return an iterator over its children."""
        return iter(children(self))

    def _found(self, found: Node) -> Node | None:
        if found._kind_id == _NULL:
            return None
        found._tu = self._tu
        return found


def _beside(holder: Node | NodeType, found: NodeType) -> NodeType:
    """A type of the translation unit of what was asked."""
    found._tu = holder._tu
    return found


class _String(ctypes.Structure):
    """CXString: the text, and who owns it."""

    _fields_ = (("data", ctypes.c_char_p), ("owner", ctypes.c_uint))


_IN_BUFFER = 2
"""CXS_StringBuf (clang/tools/libclang/CXString.cpp): `data` is no text but what holds it."""


def text_of(string: _String) -> str:
    """Return the text of a string that libclang gave, and give it back."""
    text = api().c_string(string) if string.owner == _IN_BUFFER else string.data
    if string.owner:
        api().dispose(string)
    return text.decode("utf-8", "replace") if text else ""


_VISIT = ctypes.PYFUNCTYPE(ctypes.c_int, Node, Node, ctypes.py_object)
_VISIT_FIELD = ctypes.PYFUNCTYPE(ctypes.c_int, Node, ctypes.py_object)


class _Api:
    """Functions of libclang's C API, without what cindex makes of their answers."""

    def __init__(self) -> None:
        lib = ctypes.PyDLL(cindex.conf.lib._name)  # no other thread waits for the interpreter meanwhile
        cursor, kind = [Cursor], [cindex.Type]
        self.spelling = _bind(lib, "clang_getCursorSpelling", cursor, _String)
        self.type_spelling = _bind(lib, "clang_getTypeSpelling", kind, _String)
        self.c_string = _bind(lib, "clang_getCString", [_String], ctypes.c_char_p)
        self.dispose = _bind(lib, "clang_disposeString", [_String], None)
        self.type = _bind(lib, "clang_getCursorType", cursor, NodeType)
        self.result_type = _bind(lib, "clang_getCursorResultType", cursor, NodeType)
        self.underlying = _bind(lib, "clang_getTypedefDeclUnderlyingType", cursor, NodeType)
        self.enum_type = _bind(lib, "clang_getEnumDeclIntegerType", cursor, NodeType)
        self.location = _bind(lib, "clang_getCursorLocation", cursor, cindex.SourceLocation)
        self.extent = _bind(lib, "clang_getCursorExtent", cursor, cindex.SourceRange)
        self.hash = _bind(lib, "clang_hashCursor", cursor, ctypes.c_uint)
        self.referenced = _bind(lib, "clang_getCursorReferenced", cursor, Node)
        self.parent = _bind(lib, "clang_getCursorSemanticParent", cursor, Node)
        self.canonical = _bind(lib, "clang_getCanonicalCursor", cursor, Node)
        self.definition = _bind(lib, "clang_getCursorDefinition", cursor, Node)
        self.argument_count = _bind(lib, "clang_Cursor_getNumArguments", cursor, ctypes.c_int)
        self.argument = _bind(lib, "clang_Cursor_getArgument", [Cursor, ctypes.c_uint], Node)
        self.element = _bind(lib, "clang_getElementType", kind, NodeType)
        self.canonical_type = _bind(lib, "clang_getCanonicalType", kind, NodeType)
        self.pointee = _bind(lib, "clang_getPointeeType", kind, NodeType)
        self.named = _bind(lib, "clang_Type_getNamedType", kind, NodeType)
        self.modified = _bind(lib, "clang_Type_getModifiedType", kind, NodeType)
        self.type_declaration = _bind(lib, "clang_getTypeDeclaration", kind, Node)
        self.visit = _bind(lib, "clang_visitChildren", [Cursor, _VISIT, ctypes.py_object], ctypes.c_uint)
        self.visit_fields = _bind(
            lib, "clang_Type_visitFields", [cindex.Type, _VISIT_FIELD, ctypes.py_object], ctypes.c_uint
        )
        self.binary = _bind(lib, "clang_getCursorBinaryOperatorKind", cursor, ctypes.c_int)
        self.unary = _bind(lib, "clang_getCursorUnaryOperatorKind", cursor, ctypes.c_int)
        self.pretty = _bind(lib, "clang_getCursorPrettyPrinted", [Cursor, ctypes.c_void_p], _String)
        self.policy = _bind(lib, "clang_getCursorPrintingPolicy", cursor, ctypes.c_void_p)
        self.policy_set = _bind(
            lib, "clang_PrintingPolicy_setProperty", [ctypes.c_void_p, ctypes.c_int, ctypes.c_uint], None
        )
        self.policy_free = _bind(lib, "clang_PrintingPolicy_dispose", [ctypes.c_void_p], None)
        self.evaluate = _bind(lib, "clang_Cursor_Evaluate", cursor, ctypes.c_void_p)
        self.result_kind = _bind(lib, "clang_EvalResult_getKind", [ctypes.c_void_p], ctypes.c_int)
        self.result_int = _bind(lib, "clang_EvalResult_getAsLongLong", [ctypes.c_void_p], ctypes.c_longlong)
        self.result_unsigned = _bind(lib, "clang_EvalResult_isUnsignedInt", [ctypes.c_void_p], ctypes.c_uint)
        self.result_uint = _bind(lib, "clang_EvalResult_getAsUnsigned", [ctypes.c_void_p], ctypes.c_ulonglong)
        self.result_str = _bind(lib, "clang_EvalResult_getAsStr", [ctypes.c_void_p], ctypes.c_char_p)
        self.result_free = _bind(lib, "clang_EvalResult_dispose", [ctypes.c_void_p], None)
        self.bitfield_width = _bind(lib, "clang_getFieldDeclBitWidth", cursor, ctypes.c_int)
        self.field_offset = _bind(lib, "clang_Cursor_getOffsetOfField", cursor, ctypes.c_longlong)
        self.var_initialiser = _bind(lib, "clang_Cursor_getVarDeclInitializer", cursor, Node)
        place = [cindex.SourceLocation, *[ctypes.c_void_p] * 4]
        self.file_location = _bind(lib, "clang_getFileLocation", place, None)
        self.expansion_location = _bind(lib, "clang_getExpansionLocation", place, None)
        self.invalid = _bind(lib, "clang_isInvalidDeclaration", cursor, ctypes.c_uint)


def _bind(lib: ctypes.CDLL, name: str, args: list[object], result: object) -> ctypes._NamedFuncPointer:
    function = lib[name]
    function.argtypes = args  # type: ignore[assignment]
    function.restype = result  # type: ignore[assignment]
    return function


@cache
def api() -> _Api:
    """Return the bound C API; raises FrontEndError when the library cannot be loaded."""
    try:
        return _Api()
    except (cindex.LibclangError, AttributeError, OSError) as error:
        line = str(error).splitlines()[0]
        raise FrontEndError(f"libclang cannot be used ({line}): run `bpflint doctor`") from error


def children(cursor: Cursor) -> list[Node]:
    """Return the direct children of a cursor."""
    return _visited(cursor, _KEEP)


def attributes(declaration: Cursor) -> list[Node]:
    """Return the attributes of a declaration: clang visits them before whatever stands inside it."""
    return _visited(declaration, _KEEP_ATTRIBUTE)


def references(declaration: Cursor) -> list[Node]:
    """Return every name that stands anywhere inside a declaration."""
    return _visited(declaration, _KEEP_REFERENCE)


def fields_of(type_: cindex.Type) -> list[Node]:
    """Return the fields of a struct or union in order, unnamed ones too."""
    found: list[Node] = []
    api().visit_fields(type_, _KEEP_FIELD, found)
    for field in found:
        field._tu = type_._tu
    return found


def _visited(cursor: Cursor, keep: object) -> list[Node]:
    found: list[Node] = []
    api().visit(cursor, keep, found)
    unit = cursor._tu
    for item in found:
        item._tu = unit
    return found


def _keep(child: Node, _parent: Node, found: list[Node]) -> int:
    found.append(child)
    return 1  # CXChildVisit_Continue


def _keep_attribute(child: Node, _parent: Node, found: list[Node]) -> int:
    if child._kind_id not in _ATTRIBUTES:
        return 0  # CXChildVisit_Break
    found.append(child)
    return 1


def _keep_reference(child: Node, _parent: Node, found: list[Node]) -> int:
    if child._kind_id == _REFERENCE:
        found.append(child)
    return 2  # CXChildVisit_Recurse


def _keep_field(field: Node, found: list[Node]) -> int:
    found.append(field)
    return 1  # CXVisit_Continue


_ATTRIBUTES = range(400, 500)
"""CXCursor_FirstAttr and those behind it (clang-c/Index.h)."""
_REFERENCE = CursorKind.DECL_REF_EXPR.value
_KEEP, _KEEP_ATTRIBUTE, _KEEP_REFERENCE = _VISIT(_keep), _VISIT(_keep_attribute), _VISIT(_keep_reference)
_KEEP_FIELD = _VISIT_FIELD(_keep_field)
"""Made once: to make a function that C can call takes longer than to visit some children with it."""
