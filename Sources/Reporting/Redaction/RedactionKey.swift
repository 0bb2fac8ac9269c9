import Bytes
import Glibc

/// The secret that pseudonyms depend on: who has it can tell which name got which pseudonym, nobody else.
public struct RedactionKey: Sendable, Equatable {
  let word0: UInt64
  let word1: UInt64

  /// Why there is no key.
  public struct Failure: Error, Sendable, CustomStringConvertible {
    /// What is wrong and what to do, without a full stop.
    public var description: String
  }

  /// A key of two words.
  public init(_ word0: UInt64, _ word1: UInt64) {
    self.word0 = word0
    self.word1 = word1
  }

  /// A new key that nobody has seen, from the system's generator (`getrandom`).
  public static func random() -> RedactionKey {
    var generator = SystemRandomNumberGenerator()
    return RedactionKey(generator.next(), generator.next())
  }

  /// The key in a file of the user, which is made with mode 0600 when it is not there.
  ///
  /// The file holds one line of 32 hexadecimal digits.
  ///
  /// - Throws: `Failure` when the file cannot be made or read, when others may read it, or when it holds something else.
  public static func load(path: String) throws(Failure) -> RedactionKey {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      guard errno == ENOENT else { throw Failure(description: "cannot read the key \(path): \(reason())") }
      return try create(path: path)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw Failure(description: "cannot read the key \(path): \(reason())")
    }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure(description: "the key \(path) is not a regular file")
    }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure(description: "others may read the key \(path); chmod 600 it, or use another")
    }
    var buffer = [UInt8](repeating: 0, count: 128)
    let count = read(descriptor, &buffer, buffer.count)
    guard count >= 0 else { throw Failure(description: "cannot read the key \(path): \(reason())") }
    let text = String(decoding: buffer[..<count], as: UTF8.self).split(separator: "\n").first ?? ""
    guard text.utf8.count == 32, let word0 = UInt64(text.prefix(16), radix: 16),
      let word1 = UInt64(text.suffix(16), radix: 16)
    else {
      throw Failure(
        description: "\(path) is no key of 32 hexadecimal digits; name a file that is not there for a new one")
    }
    return RedactionKey(word0, word1)
  }

  private static func create(path: String) throws(Failure) -> RedactionKey {
    let key = random()
    let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw Failure(description: "cannot make the key \(path): \(reason())") }
    defer { close(descriptor) }
    let text = Array((hexadecimal(key.word0) + hexadecimal(key.word1) + "\n").utf8)
    guard write(descriptor, text, text.count) == text.count, fsync(descriptor) == 0 else {
      let reason = reason()
      unlink(path)
      throw Failure(description: "cannot write the key \(path): \(reason)")
    }
    return key
  }

  private static func hexadecimal(_ word: UInt64) -> String {
    let digits = String(word, radix: 16)
    return String(repeating: "0", count: 16 - digits.count) + digits
  }

  private static func reason() -> String { SystemError.last.description }
}
