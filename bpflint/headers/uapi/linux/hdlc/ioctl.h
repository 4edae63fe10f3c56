/* Interface of <linux/hdlc/ioctl.h>: names, numbers and members, generated from Linux 6.1. */
#ifndef BPFLINT_LINUX_HDLC_IOCTL_H
#define BPFLINT_LINUX_HDLC_IOCTL_H
#if !defined(__VMLINUX_H__) || defined(BPFLINT_PARTIAL_VMLINUX)
struct sync_serial_settings {
	unsigned int clock_rate;
	unsigned int clock_type;
	unsigned short loopback;
};
typedef struct sync_serial_settings sync_serial_settings;
struct te1_settings {
	unsigned int clock_rate;
	unsigned int clock_type;
	unsigned short loopback;
	unsigned int slot_map;
};
typedef struct te1_settings te1_settings;
struct raw_hdlc_proto {
	unsigned short encoding;
	unsigned short parity;
};
typedef struct raw_hdlc_proto raw_hdlc_proto;
struct fr_proto {
	unsigned int t391;
	unsigned int t392;
	unsigned int n391;
	unsigned int n392;
	unsigned int n393;
	unsigned short lmi;
	unsigned short dce;
};
typedef struct fr_proto fr_proto;
struct fr_proto_pvc {
	unsigned int dlci;
};
typedef struct fr_proto_pvc fr_proto_pvc;
struct fr_proto_pvc_info {
	unsigned int dlci;
	char master[16];
};
typedef struct fr_proto_pvc_info fr_proto_pvc_info;
struct cisco_proto {
	unsigned int interval;
	unsigned int timeout;
};
typedef struct cisco_proto cisco_proto;
struct x25_hdlc_proto {
	unsigned short dce;
	unsigned int modulo;
	unsigned int window;
	unsigned int t1;
	unsigned int t2;
	unsigned int n2;
};
typedef struct x25_hdlc_proto x25_hdlc_proto;
#endif
#define GENERIC_HDLC_VERSION 4
#define CLOCK_DEFAULT 0
#define CLOCK_EXT 1
#define CLOCK_INT 2
#define CLOCK_TXINT 3
#define CLOCK_TXFROMRX 4
#define ENCODING_DEFAULT 0
#define ENCODING_NRZ 1
#define ENCODING_NRZI 2
#define ENCODING_FM_MARK 3
#define ENCODING_FM_SPACE 4
#define ENCODING_MANCHESTER 5
#define PARITY_DEFAULT 0
#define PARITY_NONE 1
#define PARITY_CRC16_PR0 2
#define PARITY_CRC16_PR1 3
#define PARITY_CRC16_PR0_CCITT 4
#define PARITY_CRC16_PR1_CCITT 5
#define PARITY_CRC32_PR0_CCITT 6
#define PARITY_CRC32_PR1_CCITT 7
#define LMI_DEFAULT 0
#define LMI_NONE 1
#define LMI_ANSI 2
#define LMI_CCITT 3
#define LMI_CISCO 4
#endif
