import Bytes
import Glibc

/// Files named on the command line that are read as a whole.
public enum TextFile {
  /// The size up to which a file is taken for one that people write, in bytes.
  public static let largest = 16 << 20

  /// Reads a file.
  ///
  /// - Parameters:
  ///   - limit: the size up to which it is read, in bytes; nil: any.
  ///   - status: the exit status when it cannot be read.
  /// - Throws: `CommandFailure`.
  public static func read(_ path: String, upTo limit: Int? = largest, orElse status: ExitStatus = .usage) throws
    -> [UInt8]
  {
    let descriptor: FileDescriptor
    do throws(SystemError) { descriptor = try FileDescriptor.open(reading: path) } catch {
      throw CommandFailure(message: "\(path): \(error)", status: status)
    }
    defer { descriptor.close() }
    return try contents(descriptor, path, limit, status)
  }

  /// Reads a file that need not be there; then it is empty.
  ///
  /// - Throws: `CommandFailure`.
  static func readIfThere(_ path: String) throws -> [UInt8] {
    access(PathText.name(path), F_OK) == 0 ? try read(path) : []
  }

  /// Reads standard input.
  ///
  /// - Throws: `CommandFailure`, also when it has more bytes than that.
  static func readStandardInput(upTo limit: Int) throws -> [UInt8] {
    try contents(.standardInput, "<stdin>", limit, .unavailable)
  }

  private static func contents(
    _ descriptor: FileDescriptor, _ name: String, _ limit: Int?, _ status: ExitStatus
  ) throws -> [UInt8] {
    let bytes: [UInt8]
    do throws(SystemError) { bytes = try descriptor.readToEnd(limit: limit) } catch {
      throw CommandFailure(message: "\(name): \(error)", status: status)
    }
    if let limit, bytes.count > limit {
      throw CommandFailure(message: "\(name): the file is larger than \(limit >> 20) MiB", status: status)
    }
    return bytes
  }
}

/// Files that are replaced as a whole.
enum WholeFile {
  /// Writes a file so that a reader, or a crash, sees the old one or the new one. Its mode is kept; a new one gets 0644 less
  /// the process's mask.
  ///
  /// - Throws: `CommandFailure`.
  static func replace(_ path: String, with bytes: [UInt8]) throws {
    do throws(SystemError) {
      let file = try AtomicFile(replacing: path)
      try file.descriptor.write(bytes)
      try file.commit()
    } catch {
      throw CommandFailure(message: "cannot write \(path): \(error)", status: .usage)
    }
  }
}
