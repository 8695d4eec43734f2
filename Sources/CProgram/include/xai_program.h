#ifndef XAI_PROGRAM_H
#define XAI_PROGRAM_H

/// The commit that the program was built from, as git writes it; "" where whoever linked it did not say.
const char *xai_commit(void);

/// What this processor lacks of what oneDNN asks of every processor, such as "SSE4.1"; "" where it has all.
const char *xai_missing_instructions(void);

#endif
