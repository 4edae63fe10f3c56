static inline __u32 to_little(__u32 value) // want BPF517 "redefinition of 'to_little' and 1 more"
{
	return __builtin_bswap32(value);
}

static inline __u32 from_little(__u32 value)
{
	return __builtin_bswap32(value);
}
