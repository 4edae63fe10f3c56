/* PAGE_SIZE as programs assume it; the kernel's own depends on its configuration. */
#ifndef BPFLINT_ASM_PAGE_H
#define BPFLINT_ASM_PAGE_H
#ifndef PAGE_SIZE
#define PAGE_SHIFT 12
#define PAGE_SIZE (1UL << PAGE_SHIFT)
#define PAGE_MASK (~(PAGE_SIZE - 1))
#endif
#endif
