/* Packet loads of programs older than direct packet access. */
#ifndef BPFLINT_BPF_LEGACY_H
#define BPFLINT_BPF_LEGACY_H
unsigned long long load_byte(void *skb, unsigned long long at) __asm__("llvm.bpf.load.byte");
unsigned long long load_half(void *skb, unsigned long long at) __asm__("llvm.bpf.load.half");
unsigned long long load_word(void *skb, unsigned long long at) __asm__("llvm.bpf.load.word");
#endif
