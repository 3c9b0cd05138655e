namespace OpenAIProxy.ServiceDefaults.Configuration.Reload;

/// <summary>Settings that were read once more and can be used.</summary>
/// <param name="Changed">The names of those that are not what is in force, and may change.</param>
/// <param name="ForRestart">The names of those that are not what the service was started with, and are read at its start alone.</param>
/// <param name="Apply">Puts the changed ones in force.</param>
internal sealed record PreparedReload(IReadOnlyList<string> Changed, IReadOnlyList<string> ForRestart, Action Apply);
