// Names of the C++ standard library that loaders write: enough to parse, nothing to lay out.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <errno.h>
namespace std {
using ::size_t; using ::ptrdiff_t; using ::int8_t; using ::int16_t; using ::int32_t; using ::int64_t;
using ::uint8_t; using ::uint16_t; using ::uint32_t; using ::uint64_t; using ::uintptr_t; using ::intptr_t;
using ::memcpy; using ::memset; using ::memcmp; using ::memmove; using ::strlen; using ::strcmp; using ::strncmp;
using ::strncpy; using ::strerror; using ::printf; using ::fprintf; using ::snprintf; using ::malloc; using ::calloc;
using ::free; using ::exit; using ::abort;
typedef decltype(nullptr) nullptr_t;
enum class byte : unsigned char {};
template <class T> struct remove_reference { typedef T type; };
template <class T> struct remove_reference<T &> { typedef T type; };
template <class T> struct remove_reference<T &&> { typedef T type; };
template <class T> typename remove_reference<T>::type &&move(T &&t);
template <class T> T &&forward(typename remove_reference<T>::type &t);
template <class T> const T &min(const T &a, const T &b);
template <class T> const T &max(const T &a, const T &b);
template <class T> void swap(T &a, T &b);
template <class T> struct initializer_list {
	const T *first; size_t count;
	const T *begin() const; const T *end() const; size_t size() const;
};
template <class T> struct basic_string_view {
	basic_string_view(); basic_string_view(const T *); basic_string_view(const T *, size_t);
	const T *data() const; size_t size() const; bool empty() const; const T *begin() const; const T *end() const;
};
typedef basic_string_view<char> string_view;
template <class T> struct basic_string {
	static const size_t npos = -1;
	basic_string(); basic_string(const T *); basic_string(const T *, size_t); basic_string(size_t, T);
	basic_string(const basic_string &); basic_string(basic_string_view<T>); ~basic_string();
	basic_string &operator=(const basic_string &); basic_string &operator=(const T *);
	basic_string &operator+=(const basic_string &); basic_string &operator+=(T); T &operator[](size_t) const;
	const T *c_str() const; const T *data() const; T *data(); size_t size() const; size_t length() const; bool empty() const;
	basic_string substr(size_t, size_t = npos) const; size_t find(const basic_string &, size_t = 0) const;
	size_t rfind(const basic_string &) const; basic_string &append(const basic_string &); void push_back(T);
	void clear(); void resize(size_t); void reserve(size_t); T &back(); T &front(); T *begin() const; T *end() const;
	int compare(const basic_string &) const; operator basic_string_view<T>() const;
};
typedef basic_string<char> string;
template <class T> basic_string<T> operator+(const basic_string<T> &, const basic_string<T> &);
template <class T> basic_string<T> operator+(const basic_string<T> &, const T *);
template <class T> basic_string<T> operator+(const T *, const basic_string<T> &);
template <class T> bool operator==(const basic_string<T> &, const basic_string<T> &);
template <class T> bool operator==(const basic_string<T> &, const T *);
template <class T> bool operator!=(const basic_string<T> &, const T *);
template <class T> bool operator<(const basic_string<T> &, const basic_string<T> &);
template <class T> string to_string(T);
int stoi(const string &); unsigned long stoul(const string &, size_t * = nullptr, int = 10);
template <class T, size_t N> struct array {
	T elements[N];
	T *data(); const T *data() const; constexpr size_t size() const { return N; } T &operator[](size_t);
	T *begin(); T *end(); void fill(const T &);
};
template <class T> struct vector {
	vector(); explicit vector(size_t); vector(size_t, const T &); vector(initializer_list<T>); vector(const vector &); ~vector();
	template <class I> vector(I, I);
	vector &operator=(const vector &); T &operator[](size_t) const; T &at(size_t) const; T *data(); const T *data() const;
	size_t size() const; bool empty() const; void push_back(const T &); template <class... A> T &emplace_back(A &&...);
	void resize(size_t); void resize(size_t, const T &); void reserve(size_t); void clear(); void assign(size_t, const T &);
	T *begin() const; T *end() const; T &back() const; T &front() const; T *erase(T *); void pop_back();
};
template <class A, class B> struct pair { A first; B second; };
template <class A, class B> pair<A, B> make_pair(A, B);
template <class K, class V> struct map {
	typedef pair<const K, V> value_type; typedef value_type *iterator;
	V &operator[](const K &); V &at(const K &); iterator find(const K &) const; iterator begin() const; iterator end() const;
	size_t size() const; size_t count(const K &) const; bool empty() const; size_t erase(const K &); void clear();
	template <class... A> pair<iterator, bool> emplace(A &&...); pair<iterator, bool> insert(const value_type &);
};
template <class K, class V> struct unordered_map : map<K, V> {};
template <class T> struct set {
	T *begin() const; T *end() const; T *find(const T &) const; size_t count(const T &) const; size_t size() const;
	pair<T *, bool> insert(const T &); size_t erase(const T &); bool empty() const; void clear();
};
template <class T> struct unordered_set : set<T> {};
template <class T> struct default_delete { void operator()(T *) const; };
template <class T, class D = default_delete<T>> struct unique_ptr {
	unique_ptr(); explicit unique_ptr(T *); unique_ptr(T *, D); unique_ptr(unique_ptr &&); unique_ptr(nullptr_t);
	T *get() const; T *release(); void reset(T * = nullptr); T &operator*() const; T *operator->() const; T &operator[](size_t) const;
	explicit operator bool() const; unique_ptr &operator=(unique_ptr &&);
};
template <class T, class D> struct unique_ptr<T[], D> : unique_ptr<T, D> { using unique_ptr<T, D>::unique_ptr; };
template <class T> struct shared_ptr {
	shared_ptr(); explicit shared_ptr(T *); template <class D> shared_ptr(T *, D); shared_ptr(nullptr_t);
	T *get() const; void reset(); T &operator*() const; T *operator->() const; explicit operator bool() const;
};
template <class T, class... A> unique_ptr<T> make_unique(A &&...);
template <class T, class... A> shared_ptr<T> make_shared(A &&...);
template <class T> struct optional {
	optional(); optional(const T &); T &operator*(); T *operator->(); T &value(); bool has_value() const; explicit operator bool() const;
};
template <class F> struct function;
template <class R, class... A> struct function<R(A...)> {
	function(); template <class F> function(F); R operator()(A...) const; explicit operator bool() const;
};
template <class T> struct atomic {
	atomic(); atomic(T); T load(int = 0) const; void store(T, int = 0); T fetch_add(T); T operator++(); T operator=(T); operator T() const;
	T exchange(T);
};
typedef atomic<bool> atomic_bool;
struct mutex { void lock(); void unlock(); };
template <class M> struct lock_guard { explicit lock_guard(M &); ~lock_guard(); };
template <class M> struct unique_lock { explicit unique_lock(M &); void lock(); void unlock(); };
struct thread {
	thread(); template <class F, class... A> explicit thread(F &&, A &&...); void join(); void detach(); bool joinable() const;
	static unsigned hardware_concurrency();
};
struct ostream {
	template <class T> ostream &operator<<(const T &); ostream &operator<<(ostream &(*)(ostream &)); ostream &write(const char *, size_t);
};
extern ostream cout, cerr, clog;
ostream &endl(ostream &); ostream &hex(ostream &); ostream &dec(ostream &);
struct stringstream : ostream { string str() const; };
typedef stringstream ostringstream;
struct exception { virtual ~exception(); virtual const char *what() const; };
struct runtime_error : exception { runtime_error(const string &); runtime_error(const char *); };
typedef runtime_error logic_error, invalid_argument, out_of_range;
}
