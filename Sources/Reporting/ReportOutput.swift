import Bytes
import Glibc

/// Why a report could not be written.
public enum ReportError: Error, Equatable {
  /// The reader of the pipe has gone away (`| head`): no failure worth a message.
  case closedPipe
  /// The system refused to write; `code` is the value of `errno`.
  case cannotWrite(code: Int32)
}

extension ReportError: CustomStringConvertible {
  /// The reason in words.
  public var description: String {
    switch self {
    case .closedPipe: "the reader has closed the pipe"
    case .cannotWrite(let code): "cannot write: \(SystemError(code: code))"
    }
  }
}

/// Where a report goes: a file descriptor behind a buffer, or memory.
///
/// A process that writes to pipes must ignore `SIGPIPE` (`signal(SIGPIPE, SIG_IGN)`), or the signal ends it before
/// `ReportError.closedPipe` can be thrown. After an error nothing more is written and each call throws the same error.
public final class ReportOutput {
  /// Whether the bytes go to a terminal, where they must be harmless.
  public let isTerminal: Bool

  /// The width of the terminal in characters; nil when the bytes go somewhere else.
  public var columns: Int? { isTerminal ? descriptor.map(ProgressLine.columns(of:)) : nil }

  /// Where the bytes go; nil for memory.
  public let descriptor: Int32?
  private var buffer: ByteBuffer
  private var failure: ReportError?
  private static let bufferSize = 64 * 1024

  /// An output to an open file descriptor, which is not closed at the end.
  public init(descriptor: Int32) {
    self.descriptor = descriptor
    self.isTerminal = isatty(descriptor) == 1
    buffer = ByteBuffer(capacity: Self.bufferSize)
  }

  /// An output that keeps everything in memory; see `bytes`.
  public init(inMemoryAsTerminal isTerminal: Bool = false) {
    self.descriptor = nil
    self.isTerminal = isTerminal
    buffer = ByteBuffer(capacity: 0)
  }

  /// What has been written and not been flushed; all that was written when the output is in memory.
  public var bytes: [UInt8] { buffer.bytes }

  /// Takes bytes; they are written when the buffer is full or flushed.
  public func write(_ bytes: [UInt8]) throws(ReportError) {
    try compose { buffer in buffer.append(bytes: bytes.span) }
  }

  /// Takes the bytes that `body` appends; they are written when the buffer is full or flushed.
  func compose(_ body: (inout ByteBuffer) -> Void) throws(ReportError) {
    if let failure { throw failure }
    body(&buffer)
    if buffer.count >= Self.bufferSize { try flush() }
  }

  /// Writes what is in the buffer.
  public func flush() throws(ReportError) {
    if let failure { throw failure }
    guard let descriptor, buffer.count > 0 else { return }
    defer { buffer.truncate(to: 0) }
    do throws(SystemError) { try buffer.write(to: FileDescriptor(descriptor)) } catch {
      let failure = error.code == EPIPE ? ReportError.closedPipe : .cannotWrite(code: error.code)
      self.failure = failure
      throw failure
    }
  }
}
