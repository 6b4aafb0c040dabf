/*
 * Host: facts of the machine that loads, kept with each campaign.
 */
#ifndef WB_RUNNER_HOST_H
#define WB_RUNNER_HOST_H

/** wb_host_facts: a JSON object: name, kernel, machine, cpu_model, cpus, memory_bytes. Members
 * that cannot be read are null. Caller frees. */
char *wb_host_facts(void);

#endif
