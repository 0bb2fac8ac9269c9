// What `embed rules` writes of Rules/. In C, because an object file has no interface that would change with what is in it:
// an edited rule recompiles one file of C and no Swift.
#pragma once

struct shipped_file {
  const char *path;  // below Rules/; null behind the last file
  const char *text;  // holds no zero byte
};

// Sorted by path.
extern const struct shipped_file shipped_files[];

// The file with a number, counted from 0; its path is null behind the last one.
struct shipped_file shipped_file(long number);
