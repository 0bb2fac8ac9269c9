import Glibc

/// Descriptors 0 to 2, which a parent may have closed (`>&-`).
enum StandardDescriptors {
  /// Opens those that are closed in a way in which every use of them fails, as on a closed one: the first file that the
  /// program opens must not become its standard output.
  static func reserve() {
    for (descriptor, mode) in [(STDIN_FILENO, O_WRONLY), (STDOUT_FILENO, O_RDONLY), (STDERR_FILENO, O_RDONLY)]
    where fcntl(descriptor, F_GETFD) < 0 {
      // The lowest free number is taken, and lower ones are open by now.
      _ = open("/dev/null", mode)
    }
  }
}
