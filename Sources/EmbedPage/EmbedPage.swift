import Foundation
import PackagePlugin

/// Compiles the parts of the HTML report, `Page/` of the target that uses this plugin, into it (see `Sources/embed-page`).
@main
struct EmbedPage: BuildToolPlugin {
  func createBuildCommands(context: PluginContext, target: any Target) throws -> [Command] {
    let folder = target.directoryURL.appending(path: "Page", directoryHint: .isDirectory)
    let output = context.pluginWorkDirectoryURL.appending(path: "EmbeddedPage.swift")
    let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
    return [
      .buildCommand(
        displayName: "Embedding the page of the HTML report",
        executable: try context.tool(named: "embed-page").url,
        arguments: [folder.path, output.path],
        inputFiles: files.sorted { $0.path < $1.path },
        outputFiles: [output])
    ]
  }
}
