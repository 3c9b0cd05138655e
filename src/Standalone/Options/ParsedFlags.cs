namespace OpenAIProxy.Standalone.Options;

/// <summary>A command line, parsed.</summary>
/// <param name="Command">The command as it is typed, without the program: <c>prices check</c>.</param>
/// <param name="Names">The names of all flags that the command has, with their dashes.</param>
/// <param name="Flags">The flags that are settings, as <c>--Name=value</c>.</param>
/// <param name="Others">Everything else as it was typed: settings by their own names.</param>
/// <param name="Data">The data folder; null for the default.</param>
/// <param name="Config">The file with settings; null for none.</param>
/// <param name="IsDemo">True if the simulator is the upstream.</param>
internal sealed record ParsedFlags(
    string Command, IReadOnlyList<string> Names, string[] Flags, string[] Others, string? Data, string? Config, bool IsDemo = false);
