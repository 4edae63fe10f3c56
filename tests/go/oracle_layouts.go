// Prints the sizes and offsets that Go's compiler gives to every struct of a package, for the architectures named.
package main

import (
	"encoding/hex"
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path/filepath"
	"strings"
)

type field struct {
	Name   string  `json:"name"`
	Offset int64   `json:"offset"`
	Size   int64   `json:"size"`
	Fields []field `json:"fields"`
}

type layout struct {
	Size   int64   `json:"size"`
	Align  int64   `json:"align"`
	Fields []field `json:"fields"`
}

type local struct {
	root, module string
	fset         *token.FileSet
	std          types.Importer
	done         map[string]*types.Package
	wrong        []int
}

func (l *local) Import(path string) (*types.Package, error) {
	if !strings.HasPrefix(path, l.module) {
		return l.std.Import(path)
	}
	if found, ok := l.done[path]; ok {
		return found, nil
	}
	found, err := l.check(path, filepath.Join(l.root, strings.TrimPrefix(path, l.module)))
	l.done[path] = found
	return found, err
}

func (l *local) check(path, folder string) (*types.Package, error) {
	names, _ := filepath.Glob(filepath.Join(folder, "*.go"))
	var files []*ast.File
	for _, name := range names {
		file, err := parser.ParseFile(l.fset, name, nil, 0)
		if err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	config := types.Config{Importer: l, Sizes: types.SizesFor("gc", "amd64")}
	if os.Getenv("LENIENT") != "" {
		config.Error = func(err error) {
			if wrong, ok := err.(types.Error); ok {
				l.wrong = append(l.wrong, l.fset.Position(wrong.Pos).Line)
			}
		}
		found, _ := config.Check(path, l.fset, files, nil)
		return found, nil
	}
	return config.Check(path, l.fset, files, nil)
}

func inner(t types.Type) *types.Struct {
	for {
		if named, ok := t.(*types.Named); ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "structs" {
			return nil // HostLayout has a field of its own that no one else sees
		}
		switch u := t.Underlying().(type) {
		case *types.Array:
			t = u.Elem()
		case *types.Struct:
			return u
		default:
			return nil
		}
	}
}

func fields(s *types.Struct, sizes types.Sizes) []field {
	found := []field{}
	if s == nil {
		return found
	}
	var vars []*types.Var
	for i := range s.NumFields() {
		vars = append(vars, s.Field(i))
	}
	offsets := sizes.Offsetsof(vars)
	for i, v := range vars {
		found = append(found, field{v.Name(), offsets[i], sizes.Sizeof(v.Type()), fields(inner(v.Type()), sizes)})
	}
	return found
}

func main() {
	root, module, arches := os.Args[1], os.Args[2], os.Args[3:]
	fset := token.NewFileSet()
	load := &local{root, module, fset, importer.ForCompiler(fset, "source", nil), map[string]*types.Package{}, nil}
	pkg, err := load.check(module, root)
	if err != nil {
		os.Stderr.WriteString(err.Error() + "\n")
		os.Exit(1)
	}
	out := map[string]any{}
	for _, arch := range arches {
		sizes := types.SizesFor("gc", arch)
		here := map[string]layout{}
		for _, name := range pkg.Scope().Names() {
			object, ok := pkg.Scope().Lookup(name).(*types.TypeName)
			if !ok {
				continue
			}
			if s, ok := object.Type().Underlying().(*types.Struct); ok {
				here[name] = layout{sizes.Sizeof(s), sizes.Alignof(s), fields(s, sizes)}
			}
		}
		out[arch] = here
	}
	values := map[string][2]string{}
	for _, name := range pkg.Scope().Names() {
		if object, ok := pkg.Scope().Lookup(name).(*types.Const); ok {
			values[name] = [2]string{object.Type().Underlying().String(), exact(object.Val())}
		}
	}
	out["constants"] = values
	out["wrong"] = load.wrong
	json.NewEncoder(os.Stdout).Encode(out)
}

func exact(v constant.Value) string {
	if v.Kind() == constant.String {
		return hex.EncodeToString([]byte(constant.StringVal(v)))
	}
	return v.ExactString()
}
