import Foundation
import PackagePlugin

/// Compiles files that are no Swift into the target that uses this plugin (see `Sources/embed`): the rules, where it has a link
/// `Rules`, and the page of the HTML report, where it has a folder `Page`.
///
/// The rules are a link in the target's folder, and not only a path, because SwiftPM then plans the build again when a rule
/// file comes or goes.
@main
struct Embedding: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let commands = try [("rules", "Rules"), ("page", "Page")].compactMap { kind, name -> Command? in
      let folder = target.directoryURL.appending(path: name, directoryHint: .isDirectory).resolvingSymlinksInPath()
      guard FileManager.default.fileExists(atPath: folder.path) else { return nil }
      let output = context.pluginWorkDirectoryURL.appending(path: "Embedded\(name).swift")
      return .buildCommand(
        displayName: "Embedding \(name)",
        executable: try context.tool(named: "embed").url,
        arguments: [kind, folder.path, output.path],
        inputFiles: files(below: folder),
        outputFiles: [output])
    }
    if commands.isEmpty { Diagnostics.error("\(target.name) has neither a link `Rules` nor a folder `Page`") }
    return commands
  }

  private func files(below folder: URL) -> [URL] {
    let all = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: [.isRegularFileKey])
    return (all?.compactMap { $0 as? URL } ?? [])
      .filter { $0.pathExtension != "py" }
      .filter { (try? $0.resourceValues(forKeys: [.isRegularFileKey]))?.isRegularFile == true }
      .sorted { $0.path < $1.path }
  }
}
