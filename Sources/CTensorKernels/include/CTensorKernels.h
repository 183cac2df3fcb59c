#ifndef LEVIN_CTENSORKERNELS_H
#define LEVIN_CTENSORKERNELS_H
int levin_cpu_level(void);
#endif
