static inline __u32 to_little(__u32 value)
{
	return value;
}

static inline __u32 from_little(__u32 value)
{
	return value;
}
